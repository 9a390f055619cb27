"""Which outcome of a check an exception means, by the levels and the known deviations of its requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import AsUpstream, Inconclusive, NotApplicable, PreconditionFailed, Refuted
from conformance.http.assertions import described
from conformance.http.outcomes import Wording
from conformance.properties import attribution
from conformance.run import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Contract, Requirement
    from conformance.http import Exchange

OUTCOMES = {
    Refuted: "failed",
    PreconditionFailed: "untested",
    Inconclusive: "inconclusive",
    NotApplicable: "not-applicable",
    pytest.skip.Exception: "not-applicable",
}


def server_failed(exchange: Exchange, contract: Contract) -> Refuted:
    """Return the failure of a precondition whose request, which the docs allow, met a server error."""
    return Refuted(
        exchange.label,
        expected=Wording("success"),
        actual=described(exchange),
        exchange=exchange,
        violates=(
            *attribution.returned(contract, exchange.operation.id),
            *attribution.known(contract, "errors-are-4xx-json"),
        ),
    )


def outcome_of(
    problem: BaseException, rows: list[Requirement], revision: str, *, strict_docs: bool
) -> str:
    """Return the outcome that an exception means.

    AsUpstream is a warning only if a requirement has a known deviation, and none of them fails all the same.
    """
    known = deviations(rows, revision)
    excused = bool(known) and not any("still_fails" in entry for entry in known)
    if isinstance(problem, AsUpstream) and excused and not strict_docs:
        return "warned"
    kinds = [outcome for kind, outcome in OUTCOMES.items() if isinstance(problem, kind)]
    return verdicts.outcome_at_level(kinds[0] if kinds else "error", [row.level for row in rows])


def deviations(rows: Iterable[Requirement], revision: str) -> list[Mapping[str, Any]]:
    """Return the known deviations of some requirements."""
    return [entry for row in rows for entry in row.observed_at(revision)]

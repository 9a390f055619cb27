"""Sequences of requests agree with a model of what the docs determine, for three callers.

They are chosen by Hypothesis (`machine`, `explorer`). One run of them serves all checks of this module: each looks at what
was found in the responses of one operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import changes_system, each
from conformance.contract.rows import Row
from conformance.http import Inconclusive, NotApplicable, Outcome, Refuted
from conformance.properties import attribution
from conformance.properties.exploration import Explorer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.properties.budget import Shares


def returning(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that need no guild and no message."""
    for operation in contract.operations.values():
        if not operation.needs and "autoproxy" not in operation.path:
            yield Row(operation, operation.id, attribution.returned(contract, operation.id))


@pytest.fixture(scope="session")
def explorer(account: Account, shares: Shares) -> Explorer:
    """The explorer, when it is done."""
    found = Explorer(account, shares)
    try:
        found.explore()
    finally:
        found.arena.clear()
    return found


@changes_system
@each("operation", returning)
def check_sequence_agrees_with_the_model(operation: Operation, explorer: Explorer) -> None:
    """Whatever was requested before, a response shows exactly what the docs say that it shows."""
    found = [
        defect.outcome() for defect in explorer.defects if shown_by(defect.problem) == operation.id
    ]
    if found:
        raise min(found, key=lambda outcome: isinstance(outcome, Inconclusive))
    if explorer.trouble is not None:
        raise explorer.trouble
    if not explorer.reach[operation.id, 2]:
        reason = f"no sequence came to {operation.id}"
        raise NotApplicable(reason)


def shown_by(problem: Outcome) -> str:
    """Return the operation whose response reported of a problem."""
    return (
        problem.exchange.operation.id if isinstance(problem, Refuted) and problem.exchange else ""
    )

"""Which requirements a failed check is recorded for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from conformance.contract import load
from conformance.http import Refuted
from conformance.run.check_record import Record
from conformance.scenarios.responses import Responses
from conformance.scenarios.server_errors import ServerErrors

PERSISTS, OWN = "update-member-persists", "own-token-shows-private-fields"


def session(*failed: str) -> Any:
    """Return as much of a session as a record looks at, in which these requirements failed before."""
    return SimpleNamespace(
        contract=load("2025-08"),
        failed=set(failed),
        responses=Responses(),
        server_errors=ServerErrors(),
        redactor=SimpleNamespace(clean=str),
        strict_docs=False,
    )


def recorded(state: Any, *, open_ended: bool) -> tuple[str, ...]:
    """Return the requirements that a failure is recorded for which may violate two."""
    record = Record("check", "", (PERSISTS, OWN), open_ended=open_ended)
    problem = Refuted("it", expected=1, actual=2, exchange=None, violates=(PERSISTS, OWN))
    record._take(problem, state)  # noqa: SLF001 the part that decides
    return record.requirements


@pytest.mark.parametrize(
    ("failed", "open_ended", "wanted"),
    [
        ((), True, (PERSISTS, OWN)),
        ((OWN,), True, (OWN,)),
        (("err-20002",), True, (PERSISTS, OWN)),
        ((OWN,), False, (PERSISTS, OWN)),
    ],
)
def test_what_failed_before_explains_a_generated_failure(
    failed: tuple[str, ...],
    *,
    open_ended: bool,
    wanted: tuple[str, ...],
) -> None:
    """A generated check that cannot tell which requirement is violated names those alone that failed before."""
    state = session(*failed)
    assert recorded(state, open_ended=open_ended) == wanted
    assert state.failed == {*failed, *wanted}

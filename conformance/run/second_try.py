"""The second try of checks that got no response: they run once more at the end of the run, with scenarios that are new, too.

One dropped connection would leave all checks of a scenario without a verdict, as it remembers how it ended. What was throttled is not
among them: it was sent several times already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.run.check_record import record_of, renew_record

if TYPE_CHECKING:
    import pytest

SETTLED = ("error", "failed", "warned", "unimplemented", "passed")
# What these fixtures have is kept by the run, not by pytest, and would be the same.
KEPT = "schedule"


def without_response(session: pytest.Session) -> list[pytest.Item]:
    """Return the checks that are worth a second try; a number of generated requests that the user gave is not exceeded for one."""
    is_free = session.config.option.budget is None
    return [
        item
        for item in session.items
        if record_of(item).is_without_response
        and KEPT not in getattr(item, "fixturenames", ())
        and (is_free or not record_of(item).open_ended)
    ]


def settles(outcome: str, *, generated: bool) -> bool:
    """Whether the outcome of a second try takes the place of the first one.

    Generated requests are the same as in the first try, and the server may reject the second switch of one time: only that they pass counts.
    """
    return outcome == "passed" if generated else outcome in SETTLED


def run_again(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Run these checks again, until something stops the run; after the last check all fixtures were torn down, so that they are new."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        renew_record(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail or session.shouldstop:
            return

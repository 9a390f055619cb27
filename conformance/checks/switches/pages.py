"""The list of switches by pages: `before` and `limit` (docs: endpoints#get-system-switches).

That 100 switches are listed by default and at most is in `long_history`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import expect, expect_status, expect_value, need_list
from conformance.scenarios.once import value_or_raise
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Exchange

SWITCHES = 5
HTTP_BAD_REQUEST = 400
LIMITS = (1, 2, 4)
PAGES = (
    2,
    4,
)  # a page of one gets no further where the time of `before` itself belongs to the list
MOST_PAGES = SWITCHES + 2


class Pages:
    """Five switches, a minute apart and years back, and pages of the list of them; each is read once."""

    def __init__(self, account: Account, members: tuple[Entity, Entity]) -> None:
        """Take the members who front in turn; nothing is sent before the first page is asked for."""
        self.account, (one, two) = account, members
        self.fronters = ([one, two], [one], [two, one], [two], [one, two])
        start = dt.datetime(2013, 2, 3, 4, tzinfo=dt.UTC)
        self.start = start + dt.timedelta(seconds=account.random.randrange(10**6))
        self._switches: list[Entity] | Outcome = []
        self._read: dict[tuple[str, int | None], Exchange] = {}

    @property
    def newest_first(self) -> list[str]:
        """The ids of the switches, newest first; raises PreconditionFailed when they could not be logged."""
        return [switch.id for switch in reversed(self.switches)]

    def at(self, minute: float) -> str:
        """Return the time so many minutes after the first switch."""
        return (self.start + dt.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def switches(self) -> list[Entity]:
        """The switches, oldest first; raises PreconditionFailed when they could not be logged."""
        if not self._switches:
            self._switches = self._log()
        return value_or_raise(self._switches)

    def page(self, before: str, limit: int | None = None) -> Exchange:
        """Return a page of the list, as it is when all switches are in it."""
        assert self.switches
        if (before, limit) not in self._read:
            query = {"before": before} | ({} if limit is None else {"limit": str(limit)})
            response = self.account.owner.send("getSystemSwitches", ME, query=query)
            self._read[before, limit] = response
        return self._read[before, limit]

    def _log(self) -> list[Entity] | Outcome:
        order = [3, 0, 4, 1, 2]  # not that of their times
        made: dict[int, Entity] = {}
        try:
            for minute in order:
                fronters = self.fronters[minute]
                made[minute] = self.account.switch(*fronters, timestamp=self.at(minute))
        except Outcome as problem:
            return problem
        return [made[minute] for minute in sorted(made)]


@pytest.fixture(scope="session")
def pages(account: Account, two_members: tuple[Entity, Entity]) -> Pages:
    """The switches that all checks of this module look at."""
    return Pages(account, two_members)


def rows_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the switches of a page; raises PreconditionFailed when it is no list of switches."""
    rows = need_list(exchange)
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        reason = f"{exchange.label} did not return switches"
        raise PreconditionFailed(reason, exchange)
    return rows


def ids(exchange: Exchange) -> list[str]:
    """Return the ids of the switches of a page."""
    return [row["id"] for row in rows_of(exchange)]


@requirement("get-switches-limit")
@each("limit", table_of(LIMITS))
def check_limit_is_kept(limit: int, pages: Pages) -> None:
    """With limit the list holds so many switches, no more, and no less when there are more."""
    assert len(pages.newest_first) > limit
    exchange = pages.page(pages.at(SWITCHES), limit)
    expect_status(exchange, 200)
    expect_value(exchange, f"number of switches with limit={limit}", len(ids(exchange)), limit)


@requirement("get-switches-before")
@each("minutes", lambda _: (Row(n, f"after-{n}") for n in range(1, SWITCHES)))
def check_before_leaves_out_later_switches(minutes: int, pages: Pages) -> None:
    """With before the list holds all switches up to that time, and none after it."""
    known = pages.newest_first
    time = pages.at(
        minutes - 0.5
    )  # between two switches: whether the time itself belongs to it is left open
    exchange = pages.page(time)
    expect_status(exchange, 200)
    late = [row["id"] for row in rows_of(exchange) if _later(row, time)]
    expect("switches after before", holds=not late, expected=[], actual=late, exchange=exchange)
    found = [ref for ref in known if ref in ids(exchange)]
    expect_value(exchange, "switches up to before", found, known[-minutes:])


def _later(row: dict[str, Any], time: str) -> bool:
    shown, limit = moment(row.get("timestamp")), moment(time)
    return shown is not None and limit is not None and shown > limit


@requirement("get-switches-before")
def check_before_takes_an_offset(pages: Pages) -> None:
    """With before in another zone the list holds the same switches."""
    minutes = 2
    time = pages.start + dt.timedelta(hours=2, minutes=minutes - 0.5)
    exchange = pages.page(time.strftime("%Y-%m-%dT%H:%M:%S+02:00"))
    expect_status(exchange, 200, as_upstream=exchange.status == HTTP_BAD_REQUEST)
    known = pages.newest_first
    found = [ref for ref in known if ref in ids(exchange)]
    expect_value(exchange, "switches up to before", found, known[-minutes:])


@requirement("get-switches-limit")
def check_limit_of_none_is_kept(pages: Pages) -> None:
    """With limit=0 the list holds nothing, unless that is rejected."""
    assert pages.newest_first
    exchange = pages.page(pages.at(SWITCHES), 0)
    if exchange.status == HTTP_BAD_REQUEST:
        return
    expect_status(exchange, 200)
    expect_value(exchange, "number of switches with limit=0", len(ids(exchange)), 0)


@requirement("get-switches-pagination")
@each("limit", table_of(PAGES))
def check_pages_have_no_gap(limit: int, pages: Pages) -> None:
    """With before at the earliest timestamp so far, page after page reaches every switch."""
    known = pages.newest_first
    before, found, exchange = pages.at(SWITCHES), [], pages.page(pages.at(SWITCHES), limit)
    for _ in range(MOST_PAGES):
        exchange = pages.page(before, limit)
        expect_status(exchange, 200)
        new = [row for row in rows_of(exchange) if row["id"] not in found]
        found += [row["id"] for row in new]
        if not new or known[-1] in found:
            break
        before = min(
            (str(row["timestamp"]) for row in new), key=lambda text: moment(text) or pages.start
        )
    expect(
        f"switches reached by pages of {limit}",
        holds=set(known) <= set(found),
        expected=known,
        actual=found,
        exchange=exchange,
    )


@requirement("get-switches-before-inclusive")
def check_before_includes_its_own_time(pages: Pages) -> None:
    """With before at the time of a switch the list holds that switch."""
    known = pages.newest_first
    exchange = pages.page(pages.at(SWITCHES - 2))
    expect_status(exchange, 200)
    shown, wanted = ids(exchange), known[1]
    if known[2] not in shown:
        reason = "the list does not show the switches before that time"
        raise PreconditionFailed(reason, exchange)
    expect(
        "switches up to before",
        holds=wanted in shown,
        expected=known[1:],
        actual=[ref for ref in known if ref in shown],
        exchange=exchange,
        as_upstream=True,
    )


@requirement("get-switches-newest-first")
def check_list_is_newest_first(pages: Pages) -> None:
    """The list goes from the newest switch to the oldest, in whichever order they were logged."""
    known = pages.newest_first
    exchange = pages.page(pages.at(SWITCHES), LIMITS[-1])
    found = [ref for ref in ids(exchange) if ref in known]
    expect_value(exchange, "order of the switches", found, [ref for ref in known if ref in found])


@requirement("switch-members-in-given-order")
def check_members_keep_their_order(pages: Pages) -> None:
    """The members of a back-dated switch stand in the order of its body, whichever that is."""
    for switch in pages.switches:
        rows = switch.body.get("members")
        actual = (
            [row.get("id") for row in rows if isinstance(row, dict)]
            if isinstance(rows, list)
            else []
        )
        sent = switch.sent["members"]
        if sorted(map(str, actual)) != sorted(sent):
            reason = "the response does not show the members of the new switch"
            raise PreconditionFailed(reason, switch.created)
        expect_value(switch.created, "members", actual, sent)

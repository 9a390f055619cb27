"""The list of switches by pages: `before` and `limit` (docs: endpoints#get-system-switches).

Other values of the two are in `switches.queries`; that 100 switches are listed by default and at most is in `long_history`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, expect_status, expect_value
from conformance.scenarios.switch_history import moment
from conformance.scenarios.switch_pages import SWITCHES, ids, rows_of

if TYPE_CHECKING:
    from conformance.scenarios.switch_pages import Pages

LIMITS = (2, 4)
PAGES = (
    2,
    4,
)  # a page of one gets no further where the time of `before` itself belongs to the list
MOST_PAGES = SWITCHES + 2


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
@each("limit", lambda _: (Row(n, f"limit-{n}") for n in (None, LIMITS[-1])))
def check_before_includes_its_own_time(limit: int | None, pages: Pages) -> None:
    """With before at the time of a switch the list holds that switch, with limit and without."""
    known = pages.newest_first
    middle = SWITCHES // 2
    exchange = pages.page(pages.at(middle), limit)
    expect_status(exchange, 200)
    shown, wanted = ids(exchange), known[middle]
    if known[middle + 1] not in shown:
        reason = "the list does not show the switches before that time"
        raise PreconditionFailed(reason, exchange)
    expect(
        "switches up to before",
        holds=wanted in shown,
        expected=known[middle:],
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

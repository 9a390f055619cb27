"""A history of more than 100 switches: how many a list holds, and what paging through it finds (docs: endpoints#get-system-switches).

It is that of a system which has one already: the own one, the other token's, or `history_system` in [fixtures] of the
target file; these are only read. Where there is none, and requests need not wait for each other, so many are logged.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import table_of
from conformance.http import ME, NotApplicable, Outcome, PreconditionFailed
from conformance.http.assertions import expect, expect_status, expect_value, need_list
from conformance.http.outcomes import Wording
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.switch_history import NEVER, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.account import Account, Entity
    from conformance.http import Caller, Exchange
    from conformance.target import Target

MOST = 100
TOO_MANY = (101, 1000)
SIZES = (30, 100)
FUTURE = "2999-01-01T00:00:00Z"
LAST_FRACTION = 999_000  # microseconds
ENOUGH = 130  # switches, after which nobody turns a page any more
NONE = "needs a system with more than 100 switches: history_system in [fixtures] of the target file can name one"


@dataclasses.dataclass
class LongHistory:
    """A long history: who reads it, of which system, up to which time. Each page is read once."""

    caller: Caller
    refs: Mapping[str, str]
    before: str | None = None
    _read: dict[tuple[str | None, int | None], Exchange] = dataclasses.field(default_factory=dict)

    def page(self, limit: int | None = None, before: str | None = None) -> Exchange:
        """Return a page of the list."""
        before = before or self.before
        if (before, limit) not in self._read:
            query = {} if before is None else {"before": before}
            query |= {} if limit is None else {"limit": str(limit)}
            self._read[before, limit] = self.caller.send(
                "getSystemSwitches", self.refs, query=query
            )
        return self._read[before, limit]

    def pages(self, limit: int | None = None) -> list[Exchange]:
        """Return page after page, each before the earliest time so far, until one shows nothing new."""
        found: list[Exchange] = []
        seen: dict[str, str] = {}
        before = self.before
        while len(seen) < ENOUGH:
            exchange = self.page(limit, before)
            found.append(exchange)
            new = {
                row["id"]: row["timestamp"] for row in rows_of(exchange) if row["id"] not in seen
            }
            if not new:
                break
            seen |= new
            before = min(new.values(), key=time_of)
        return found


def rows_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the switches of a page; raises PreconditionFailed when it is no list of switches with id and time."""
    rows = need_list(exchange)
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        reason = f"{exchange.label} did not return switches"
        raise PreconditionFailed(reason, exchange)
    if not all(moment(row.get("timestamp")) for row in rows):
        reason = f"{exchange.label} shows switches without a time"
        raise PreconditionFailed(reason, exchange)
    return rows


def time_of(text: str) -> dt.datetime:
    """Return the time that a switch shows."""
    return moment(text) or NEVER


def seen_on(pages: list[Exchange]) -> dict[str, dt.datetime]:
    """Return the switches of some pages with their times."""
    return {row["id"]: time_of(row["timestamp"]) for page in pages for row in rows_of(page)}


class LongHistories:
    """Finds a long history, or logs one."""

    def __init__(
        self,
        account: Account,
        target: Target,
        callers: Mapping[str, Callable[[], Caller]],
        members: tuple[Entity, Entity],
    ) -> None:
        """Take the callers, and the members who may front; nothing is sent yet."""
        self.account, self.target, self.callers, self.members = account, target, callers, members
        self._found: LongHistory | Outcome | None = None

    @property
    def history(self) -> LongHistory:
        """The long history; raises NotApplicable when there is none."""
        if self._found is None:
            self._found = outcome_of(self._find)
        return value_or_raise(self._found)

    def _find(self) -> LongHistory:
        for history in self._known():
            if is_long(history):
                return history
        if self.account.owner.client.is_paced:
            raise NotApplicable(NONE)
        return self._made()

    def _known(self) -> Iterator[LongHistory]:
        owner, named = self.account.owner, self.target.fixtures.get("history_system")
        if named is not None:
            yield LongHistory(owner, {"systemId": named})
        if len(self.account.snapshot.refs["switches"]) >= MOST:
            yield LongHistory(owner, ME)
        try:
            yield LongHistory(self.callers["other"](), ME)
        except Outcome:
            return  # there is no other token

    def _made(self) -> LongHistory:
        """Log so many switches, long before all others; the journal knows them."""
        start = dt.datetime(2011, 1, 2, 3, tzinfo=dt.UTC)
        times = [start + dt.timedelta(minutes=minute) for minute in range(MOST + 2)]
        texts = [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in times]
        for number, text in enumerate(texts[:-1]):
            self.account.switch(self.members[number % 2], timestamp=text)
        return LongHistory(self.account.owner, ME, texts[-1])


def is_long(history: LongHistory) -> bool:
    """Whether the list reaches more than 100 switches by the pages that the server gives."""
    try:
        return len(seen_on(history.pages())) > MOST
    except Outcome:
        return False


@pytest.fixture(scope="session")
def long_histories(
    account: Account,
    target: Target,
    callers: Mapping[str, Callable[[], Caller]],
    two_members: tuple[Entity, Entity],
) -> LongHistories:
    """The long history that all checks of this module look at."""
    return LongHistories(account, target, callers, two_members)


@requirement("get-switches-limit-default-100")
def check_list_without_limit_has_100(long_histories: LongHistories) -> None:
    """Without limit the list holds 100 switches when there are more."""
    exchange = long_histories.history.page()
    expect_value(exchange, "number of switches without limit", len(rows_of(exchange)), MOST)


@requirement("get-switches-limit-default-100")
def check_list_with_before_alone_has_100(long_histories: LongHistories) -> None:
    """Without limit the list holds 100 switches before a time, too, when there are more."""
    history = long_histories.history
    exchange = history.page(before=history.before or FUTURE)
    expect_value(exchange, "number of switches before a time", len(rows_of(exchange)), MOST)


@requirement("get-switches-before")
def check_fraction_of_before_counts(long_histories: LongHistories) -> None:
    """A switch is before a time that is later by a fraction of a second."""
    history = long_histories.history
    rows = rows_of(history.page())
    times = [time_of(row["timestamp"]) for row in rows]
    for row, time, newer in zip(rows[1:], times[1:], times, strict=False):
        later = time.replace(microsecond=LAST_FRACTION)
        if 0 < time.microsecond < later.microsecond and newer > later:
            before = later.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            exchange = history.page(SIZES[0], before)
            shown = [one["id"] for one in rows_of(exchange)][:1]
            expect_value(exchange, f"newest switch before {before}", shown, [row["id"]])
            return
    reason = "no switch has a time with a fraction of a second, and none after it in that second"
    raise NotApplicable(reason)


@requirement("get-switches-limit")
@each("limit", table_of(SIZES))
def check_long_list_keeps_its_limit(limit: int, long_histories: LongHistories) -> None:
    """With limit up to 100 the list holds so many switches when there are more."""
    exchange = long_histories.history.page(limit)
    expect_status(exchange, 200)
    expect_value(exchange, f"number of switches with limit={limit}", len(rows_of(exchange)), limit)


@requirement("get-switches-max-100")
@each("limit", table_of(TOO_MANY))
def check_list_has_at_most_100(limit: int, long_histories: LongHistories) -> None:
    """With limit above 100 the list holds at most 100 switches, unless that is rejected."""
    exchange = long_histories.history.page(limit)
    if exchange.status == 400:
        return
    expect_status(exchange, 200)
    actual = len(rows_of(exchange))
    expect(
        f"number of switches with limit={limit}",
        holds=0 < actual <= MOST,
        expected=Wording("at most 100"),
        actual=actual,
        exchange=exchange,
    )


@requirement("get-switches-pagination")
def check_pages_of_any_size_reach_the_same(long_histories: LongHistories) -> None:
    """Page after page, with before at the earliest time so far, small pages show every switch that large ones show."""
    history = long_histories.history
    small, large = history.pages(SIZES[0]), history.pages()
    found, known = seen_on(small), seen_on(large)
    # What lies before the end of the other's last page was not turned to.
    least = min(found.values()) if len(found) >= ENOUGH else NEVER
    lost = sorted(ref for ref, time in known.items() if time > least and ref not in found)
    expect(
        f"switches that pages of {SIZES[0]} left out",
        holds=not lost,
        expected=[],
        actual=lost,
        exchange=page_of(small, known[lost[0]]) if lost else small[-1],
    )


def page_of(pages: list[Exchange], time: dt.datetime) -> Exchange:
    """Return the page on which a switch of this time belongs: the first that goes back further, or the last."""
    earliest = ((page, [time_of(row["timestamp"]) for row in rows_of(page)]) for page in pages)
    return next((page for page, times in earliest if times and min(times) <= time), pages[-1])


@requirement("get-switches-before")
def check_no_page_goes_back(long_histories: LongHistories) -> None:
    """A page holds no switch later than its before, so that paging repeats none but that of exactly that time."""
    pages = long_histories.history.pages(SIZES[0])
    for last, exchange in itertools.pairwise(pages):
        limit = min(time_of(row["timestamp"]) for row in rows_of(last))
        late = [row for row in rows_of(exchange) if time_of(row["timestamp"]) > limit]
        expect("switches after before", holds=not late, expected=[], actual=late, exchange=exchange)


@requirement("get-switches-newest-first")
def check_pages_are_newest_first(long_histories: LongHistories) -> None:
    """Each page goes from the newest switch to the oldest."""
    for exchange in long_histories.history.pages(SIZES[0]):
        times = [time_of(row["timestamp"]) for row in rows_of(exchange)]
        expect(
            "order of the switches",
            holds=times == sorted(times, reverse=True),
            expected=Wording("newest first"),
            actual=[row["timestamp"] for row in rows_of(exchange)],
            exchange=exchange,
        )

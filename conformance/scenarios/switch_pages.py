"""Five switches, and pages of the list of them.

What the pages must hold is in `conformance.checks.switches.pages` and `queries`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import need_list

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Exchange
    from conformance.http.client import Query

SWITCHES = 5
# The digits of the seconds of some of them, by minute.
FRACTIONS = {0: "5", 1: "123", 3: "123456", 4: "123456789"}


class Pages:
    """Five switches, a minute apart and years back, and pages of the list of them; each is read once."""

    def __init__(self, account: Account, members: tuple[Entity, Entity]) -> None:
        """Take the members who front in turn; nothing is sent before the first page is asked for."""
        self.account, (one, two) = account, members
        self.fronters = ([one, two], [one], [two, one], [two], [one, two])
        start = dt.datetime(2013, 2, 3, 4, tzinfo=dt.UTC)
        self.start = start + dt.timedelta(seconds=account.random.randrange(10**6))
        self._switches: list[Entity] | Outcome = []
        self.with_fraction: dict[int, Exchange] = {}
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
        if isinstance(self._switches, Outcome):
            raise self._switches
        return self._switches

    def page(self, before: str, limit: int | None = None) -> Exchange:
        """Return a page of the list, as it is when all switches are in it."""
        assert self.switches
        if (before, limit) not in self._read:
            query = {"before": before} | ({} if limit is None else {"limit": str(limit)})
            self._read[before, limit] = self.read(query)
        return self._read[before, limit]

    def read(self, query: Query) -> Exchange:
        """Return the list with this query, as it is when all switches are in it."""
        assert self.switches
        return self.account.owner.send("getSystemSwitches", ME, query=query)

    def _log(self) -> list[Entity] | Outcome:
        order = [3, 0, 4, 1, 2]  # not that of their times
        made: dict[int, Entity] = {}
        try:
            for minute in order:
                made[minute] = self._logged(minute)
        except Outcome as problem:
            return problem
        return [made[minute] for minute in sorted(made)]

    def _logged(self, minute: int) -> Entity:
        """Log a switch at a time with a fraction of a second; without it where that is rejected."""
        fronters = self.fronters[minute]
        if minute in FRACTIONS:
            body = {"members": [member.id for member in fronters], "timestamp": self.sent(minute)}
            self.with_fraction[minute] = self.account.log_switch(body)
            made = self.account.adopt("switch", body, self.with_fraction[minute])
            if made is not None:
                return made
        return self.account.switch(*fronters, timestamp=self.at(minute))

    def sent(self, minute: int) -> str:
        """Return the time of a switch with the fraction that it is logged with."""
        return self.at(minute).replace("Z", f".{FRACTIONS[minute]}Z")


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


@pytest.fixture(scope="session")
def pages(account: Account, two_members: tuple[Entity, Entity]) -> Pages:
    """The switches that the checks of pages and queries look at."""
    return Pages(account, two_members)

"""Timestamps of every class, sent in new switches and in moves of one switch. What the responses must be is in `checks.switches.times`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import inputs
from conformance.http import ME, Outcome, PreconditionFailed
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange
    from conformance.scenarios.switch_pages import Pages

DIGITS_OF = {"fraction-1": 0, "fraction-3": 1, "fraction-6": 3, "fraction-9": 4}


@dataclasses.dataclass(frozen=True)
class Sent:
    """A timestamp, the response to it, and the switch after it, where it was moved."""

    timestamp: Any
    response: Exchange
    after: Exchange


class SwitchTimes:
    """Sends each timestamp once; a new switch that it makes is deleted at once, so that it does not stay the current one."""

    def __init__(self, account: Account, members: tuple[Entity, Entity], pages: Pages) -> None:
        """Take the members, and switches that are logged with fractions of a second."""
        self.account, self.members, self.pages = account, members, pages
        start = dt.datetime(2012, 5, 6, 7, 8, tzinfo=dt.UTC)
        self.start = start + dt.timedelta(seconds=account.random.randrange(10**6))
        self._sent = Once()

    def sent(self, cell: Cell) -> Sent:
        """Return what became of a class of timestamps; raises the outcome that prevented it."""
        by_pages = cell.operation.id == "createSwitch" and cell.input_class.id in DIGITS_OF
        send = self._of_pages if by_pages else self._new if self._is_new(cell) else self._moved
        found: Sent = self._sent.get(cell.name, lambda: send(cell))
        return found

    def timestamp(self, cell: Cell) -> Any:
        """Return the timestamp of a class; each is in an hour of its own."""
        form = cell.input_class.sample
        if form is None:
            return cell.input_class.value
        number = list(inputs.classes(inputs.TIME)).index(cell.input_class)
        hours = number + (len(inputs.classes(inputs.TIME)) if self._is_new(cell) else 0)
        return (self.start + dt.timedelta(hours=hours)).strftime(form)

    @staticmethod
    def _is_new(cell: Cell) -> bool:
        return cell.operation.id == "createSwitch"

    def _of_pages(self, cell: Cell) -> Sent:
        minute = DIGITS_OF[cell.input_class.id]
        problem = None
        try:
            assert self.pages.switches
        except Outcome as found:  # of another one of them
            problem = found
        exchange = self.pages.with_fraction.get(minute)
        if exchange is None:
            reason = "the switch was not logged"
            raise problem or PreconditionFailed(reason)
        return Sent(self.pages.sent(minute), exchange, exchange)

    def _new(self, cell: Cell) -> Sent:
        body = {"members": [self.members[0].id], "timestamp": self.timestamp(cell)}
        exchange = self.account.owner.send("createSwitch", ME, json=body)
        made = self.account.adopt("switch", body, exchange)
        if made is not None:
            self.account.delete(made)
        return Sent(body["timestamp"], exchange, exchange)

    def _moved(self, cell: Cell) -> Sent:
        switch = self._switch()
        time, owner = self.timestamp(cell), self.account.owner
        exchange = owner.send("updateSwitch", switch.refs, json={"timestamp": time})
        after = owner.send("getSwitch", switch.refs) if exchange.ok else exchange
        return Sent(time, exchange, after)

    def _switch(self) -> Entity:
        made: Entity = self._sent.get(
            "switch",
            lambda: self.account.switch(
                self.members[0], timestamp=self.start.strftime("%Y-%m-%dT%H:%M:%SZ")
            ),
        )
        return made


@pytest.fixture(scope="session")
def switch_times(account: Account, two_members: tuple[Entity, Entity], pages: Pages) -> SwitchTimes:
    """The timestamps that all checks of times look at."""
    return SwitchTimes(account, two_members, pages)

"""The burst of revision 2021-11, over several operations and callers, and a steady pace after it. No check is here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import pytest

from conformance.http import ME
from conformance.http.assertions import TOO_MANY, need_object
from conformance.rate_limits.counts import Burst
from conformance.rate_limits.schedule import Schedule
from conformance.rate_limits.sending import Shot
from conformance.rate_limits.timing import MADE_UP, STEADY, USUAL, aim, shoot

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from conformance.rate_limits.limited_target import Limited
    from conformance.rate_limits.sending import Send
    from conformance.rate_limits.timing import Means

SCOPE = "ip"
TRIES = 3
SOON = 0.42  # seconds: less than a request of the limit needs to come back
ELSEWHERE = ("getSystem", "getSystemMembers", "getSystemGroups", "getSystem")


class Launch(Schedule):
    """One burst over several operations and callers, and a steady pace; each sent once."""

    def __init__(self, limited: Callable[[], Limited], limit: int, means: Means = USUAL) -> None:
        """Take who sends to which instance, and the requests that a second allows."""
        super().__init__(limited, means=means)
        self.limit = limit

    def scenes(self) -> list[Callable[[], object]]:
        """Return the burst and the steady pace."""
        return [self.bursts, self.steady]

    def bursts(self) -> list[Burst]:
        """Return the burst, and the second one where the first looked odd."""
        self._once.get("first", self._first)
        bursts: list[Burst] = self._once.get(
            "bursts",
            lambda: aim(self._recovery, [SCOPE], self._burst, (3 * self.limit, 3 * self.limit)),
        )
        return bursts

    def steady(self) -> list[Exchange]:
        """Return requests at a pace just below the limit; again when one was rejected."""
        sent: list[Exchange] = self._once.get("steady", self._steady)
        return sent

    def _first(self) -> None:
        for _ in range(TRIES):
            self.alone = self._limited().owner.send("getSystem", ME)
            self._recovery.used([self.alone])
            if self.alone.ok:
                break
            self._recovery.rest(SCOPE)  # preflight, or somebody else, has just used the limit
        self._id = str(need_object(self.alone).get("id"))

    def _burst(self, number: int) -> Burst:
        latency = self.alone.milliseconds / 1000
        later = Shot(partial(_send, self._limited().owner.send, "getSystem", ME), SOON)
        *sent, early = shoot(self._recovery, [*self._shots()[:number], later])
        return Burst(self.limit, sent, latency, early)

    def _shots(self) -> list[Shot]:
        """One read of each caller first, then others of the owner from made-up addresses."""
        limited = self._limited()
        body = {"description": need_object(self.alone).get("description")}
        sends: list[Send] = [
            partial(_send, limited.anonymous.send, "getSystem", {"systemId": self._id}),
            *([partial(_send, limited.other.send, "getSystem", ME)] if limited.other else []),
            lambda release: limited.owner.send("updateSystem", ME, json=body, release=release),
            *(
                partial(_send, limited.owner.send, operation, ME, last=last)
                for last, operation in enumerate(ELSEWHERE, start=1)
            ),
        ]
        return [Shot(send) for send in sends]

    def _steady(self) -> list[Exchange]:
        for _ in range(2):
            self._recovery.rest(SCOPE)
            send = partial(_send, self._limited().owner.send, "getSystem", ME)
            gap = 1 / (STEADY * self.limit)
            sent = shoot(self._recovery, [Shot(send, gap * n) for n in range(self.limit + 2)])
            if all(exchange.status != TOO_MANY for exchange in sent):
                break
        return sent


def _send(
    send: Callable[..., Exchange],
    operation: str,
    refs: dict[str, str],
    release: Callable[[], None],
    last: int = 0,
) -> Exchange:
    made_up = {"X-Forwarded-For": f"{MADE_UP}.{last}"} if last else None
    return send(operation, refs, release=release, headers=made_up)


@pytest.fixture(scope="session")
def launch(schedule: Schedule) -> Launch:
    """The same at revision 2021-11."""
    return cast("Launch", schedule)

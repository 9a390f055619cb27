"""The rate limit of revision 2021-11: two requests a second from one address, over everything (docs: reference#rate-limiting).

The page says that it is not there yet, so a server without it is not at fault unless the run requires it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.checks import changes_system, requirement
from conformance.checks.rates import LATER, Burst, Clock, Once, aim, need_fast, shoot
from conformance.wire import ME, Shot
from conformance.wire.expectation import (
    TOO_MANY,
    expect,
    expect_error_object,
    expect_status,
    need_object,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.wire.bursts import Send
    from conformance.wire.limited import Limited

SCOPE = "ip"
STEADY = 0.85  # of the limit
TRIES = 3
SOON = 0.42  # seconds: less than a request of the limit needs to come back
ELSEWHERE = ("getSystem", "getSystemMembers", "getSystemGroups", "getSystem")


class Launch:
    """One burst over several operations and callers, and a steady pace; each sent once."""

    def __init__(self, limited: Callable[[], Limited], limit: int) -> None:
        """Take who sends to which instance, and the requests that a second allows."""
        self.limit = limit
        self._limited = limited
        self._once, self._clock = Once(), Clock()

    def bursts(self) -> list[Burst]:
        """Return the burst, and the second one where the first looked odd."""
        self._once.get("first", self._first)
        bursts: list[Burst] = self._once.get(
            "bursts",
            lambda: aim(self._clock, [SCOPE], self._burst, (3 * self.limit, 3 * self.limit)),
        )
        return bursts

    def steady(self) -> list[Exchange]:
        """Return requests at a pace just below the limit; again when one was refused."""
        sent: list[Exchange] = self._once.get("steady", self._steady)
        return sent

    def _first(self) -> None:
        for _ in range(TRIES):
            self.alone = self._limited().owner.send("getSystem", ME)
            self._clock.used([self.alone])
            if self.alone.ok:
                break
            self._clock.rest(SCOPE)  # preflight, or somebody else, has just used the limit
        self._id = str(need_object(self.alone).get("id"))

    def _burst(self, number: int) -> Burst:
        latency = self.alone.milliseconds / 1000
        later = Shot(partial(_send, self._limited().owner.send, "getSystem", ME), SOON)
        *sent, early = shoot(self._clock, [*self._shots()[:number], later])
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
            self._clock.rest(SCOPE)
            send = partial(_send, self._limited().owner.send, "getSystem", ME)
            gap = 1 / (STEADY * self.limit)
            sent = shoot(self._clock, [Shot(send, gap * n) for n in range(self.limit + 2)])
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
    made_up = {"X-Forwarded-For": f"198.51.100.{last}"} if last else None
    return send(operation, refs, release=release, headers=made_up)


@pytest.fixture(scope="module")
def launch(limited: Callable[[], Limited], contract: Contract) -> Launch:
    """What all checks of this module look at."""
    return Launch(limited, contract.rate_limits[SCOPE])


@changes_system
@requirement("rate-limit-2-per-second-per-ip")
def check_all_requests_of_an_address_share_one_limit(launch: Launch) -> None:
    """Of requests of several callers for several things at once no more pass than two."""
    bursts = launch.bursts()
    need_fast(bursts)
    passed = [len(burst.sent) - len(burst.refused) for burst in bursts]
    expect(
        f"requests of {len(bursts[-1].sent)} at once that were not refused",
        holds=not all(burst.exceeds or burst.short for burst in bursts),
        expected=Wording(f"{launch.limit - 1} to {bursts[-1].allowed}"),
        actual=Wording(f"{passed}{LATER if bursts[-1].refills_too_fast else ''}"),
        exchange=bursts[-1].sent[-1],
    )


@changes_system
@requirement("rate-limit-exceeded-429-a")
def check_more_than_the_limit_meets_429(launch: Launch) -> None:
    """Of more requests than the limit at once some are answered 429, and all others are served."""
    bursts = launch.bursts()
    need_fast(bursts)
    burst = bursts[-1]
    for exchange in burst.sent:
        if exchange.status != TOO_MANY and not exchange.ok:
            expect_status(exchange, 200, TOO_MANY)
    if not burst.refused:
        expect_status(burst.sent[-1], TOO_MANY)


@changes_system
@requirement("rate-limit-error-body-a")
def check_429_has_an_error_body(launch: Launch) -> None:
    """The 429 has an error object as its body; a time to wait is whole milliseconds."""
    exchange = launch.bursts()[-1].need_refused()
    expect_error_object(exchange)
    wait = exchange.json.get("retry_after", 0)
    expect(
        "retry_after",
        holds=type(wait) is int and wait >= 0,
        expected=Wording("whole milliseconds"),
        actual=wait,
        exchange=exchange,
    )


@changes_system
@requirement("rate-limit-absent-at-a", "rate-limit-2-per-second-per-ip")
def check_steady_pace_is_never_refused(launch: Launch) -> None:
    """Requests at a steady pace just below two a second are all served."""
    sent = launch.steady()
    refused = [exchange for exchange in sent if exchange.status == TOO_MANY]
    expect(
        f"{len(sent)} requests at a steady pace below {launch.limit} a second",
        holds=not refused,
        expected=Wording("none of them refused"),
        actual=Wording(f"{len(refused)} refused"),
        exchange=(refused or sent)[0],
    )

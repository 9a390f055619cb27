"""The burst of revision 2021-11, of several operations and callers, and a steady pace after it. No check is here."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest

from conformance.http import ME
from conformance.http.assertions import TOO_MANY, need_object
from conformance.rate_limits.counts import Burst
from conformance.rate_limits.requests import MADE_UP
from conformance.rate_limits.schedule import Schedule
from conformance.rate_limits.sending import TimedRequest
from conformance.rate_limits.timing import (
    SYSTEM_RUNTIME,
    at_steady_pace,
    send_burst,
    send_bursts,
    wait_as_asked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from conformance.http import Exchange
    from conformance.rate_limits.limited_target import LimitedTarget
    from conformance.rate_limits.sending import Send
    from conformance.rate_limits.timing import Runtime

SCOPE = "ip"
TRIES = 3
FOLLOW_UP_DELAY = 0.42  # seconds: less than the limit takes to allow one more request
READS = ("getSystemMembers", "getSystemGroups")
WRITTEN = ("description", "tag")  # keys of the system, one for each write of a burst
TEXT = "written by a burst,"


class LaunchBursts(Schedule):
    """One burst of several operations and callers, what it left behind, and a steady pace; each sent once."""

    def __init__(
        self, limited: Callable[[], LimitedTarget], limit: int, runtime: Runtime = SYSTEM_RUNTIME
    ) -> None:
        """Take who sends to which instance, and the requests that a second allows."""
        super().__init__(limited, runtime=runtime)
        self.limit = limit
        self._wait: Future[Exchange] | None = None
        self._pool = runtime.pool(1)
        self._numbers = itertools.count(1)

    def steps(self) -> list[Callable[[], object]]:
        """Return the burst, a look at what it left behind, and the steady pace."""
        return [self.bursts, self.system_after, self.steady]

    def bursts(self) -> list[Burst]:
        """Return the burst, and the second one where the first had to be repeated."""
        self._once.get("first", self._read_system)
        bursts: list[Burst] = self._once.get("bursts", self._burst_and_wait)
        return bursts

    def system_after(self) -> Exchange:
        """Return the system as it is after the bursts, whose writes are then undone."""
        self.bursts()
        after: Exchange = self._once.get("after", self._read_and_undo)
        return after

    def after_wait(self) -> Exchange | None:
        """Return the request after as long as the 429s of the burst ask for; None when they ask for nothing."""
        self.bursts()
        return self._wait.result() if self._wait else None

    def steady(self) -> list[Exchange]:
        """Return requests at a pace just below the limit; again when one was rejected."""
        sent: list[Exchange] = self._once.get("steady", self._steady)
        return sent

    def _read_system(self) -> None:
        for _ in range(TRIES):
            self.system_read = self._target().owner.send("getSystem", ME)
            self._recovery.record([self.system_read])
            if self.system_read.ok:
                break
            self._recovery.wait_until_full(
                SCOPE
            )  # preflight, or another client, has just used the limit
        self._id = str(need_object(self.system_read).get("id"))

    def _burst_and_wait(self) -> list[Burst]:
        size = 3 * self.limit
        bursts = send_bursts(self._recovery, [SCOPE], self._burst, (size, size))
        again = partial(self._target().owner.send, "getSystem", ME)
        self._wait = wait_as_asked(self._recovery, bursts[-1], again, self._pool)
        return bursts

    def _burst(self, number: int) -> Burst:
        latency = self.system_read.milliseconds / 1000
        later = TimedRequest(
            partial(_send, self._target().owner.send, "getSystem", ME), FOLLOW_UP_DELAY
        )
        *sent, follow_up = send_burst(self._recovery, [*self._timed_requests()[:number], later])
        return Burst(self.limit, sent, latency, follow_up)

    def _timed_requests(self) -> list[TimedRequest]:
        """Return a read of each caller first, then writes and reads of the owner in turn, the reads from made-up addresses."""
        limited = self._target()
        sends: list[Send] = [
            partial(_send, limited.anonymous.send, "getSystem", {"systemId": self._id}),
            *([partial(_send, limited.other.send, "getSystem", ME)] if limited.other else []),
        ]
        for last, (key, operation) in enumerate(zip(WRITTEN, READS, strict=True), start=1):
            sends += [
                partial(self._write, {key: f"{TEXT} {next(self._numbers)}"}),
                partial(_send, limited.owner.send, operation, ME, last=last),
            ]
        return [TimedRequest(send) for send in sends]

    def _write(self, body: dict[str, Any], release: Callable[[], None] | None = None) -> Exchange:
        return self._target().owner.send("updateSystem", ME, json=body, release=release)

    def _read_and_undo(self) -> Exchange:
        self._recovery.wait_until_full(SCOPE)
        after = self._target().owner.send("getSystem", ME)
        before, shown = need_object(self.system_read), need_object(after)
        changed = {key: before.get(key) for key in WRITTEN if shown.get(key) != before.get(key)}
        sent = [after, self._write(changed)] if changed else [after]
        self._recovery.record(sent)
        return after

    def _steady(self) -> list[Exchange]:
        for _ in range(2):
            self._recovery.wait_until_full(SCOPE)
            send = partial(_send, self._target().owner.send, "getSystem", ME)
            requests = at_steady_pace([send] * (self.limit + 2), self.limit)
            sent = send_burst(self._recovery, requests)
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
def launch_bursts(schedule: Schedule) -> LaunchBursts:
    """The bursts of revision 2021-11."""
    return cast("LaunchBursts", schedule)

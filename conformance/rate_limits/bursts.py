"""The bursts of revision 2025-08: of each scope one, of writes two, one from made-up addresses, and a steady pace.

Each is sent once, when a check first asks for it. Reads go to several paths and writes use every method, so that a limit of
a single path or method shows.
"""

from __future__ import annotations

import contextlib
import itertools
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest

from conformance.http import Inconclusive, NotApplicable
from conformance.http.assertions import TOO_MANY, need_object
from conformance.rate_limits.counts import Burst
from conformance.rate_limits.requests import LimitedRequests, send_now
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
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from conformance.http import Exchange
    from conformance.rate_limits.limited_target import LimitedTarget
    from conformance.rate_limits.sending import Send
    from conformance.rate_limits.timing import Runtime

READS = ("getSystem", "getSystemSettings", "getFronters", "getSystemGroups")
# Seconds after a burst of each scope: less than a limit takes to allow one more request.
FOLLOW_UP_DELAY = {"generic_get": 0.08, "message": 0.08, "generic_update": 0.28}
# The limits that must be full before a burst: its own, and that of the requests sent with it where it needs nearly all.
FULL_LIMITS = {
    "generic_get": ("generic_get", "generic_update"),
    "generic_update": ("generic_update",),
    "message": ("message",),
}
# The limits that must allow a few requests before a burst.
NEEDED_ROOM = {
    "generic_get": ("message",),
    "generic_update": ("generic_get",),
    "message": ("generic_get",),
}
READS_AFTER_WRITES = ("getSystem", "getSystemMembers")
OTHER_SCOPES_DELAY = 0.03  # seconds: the burst is over, and its limit has hardly recovered
WAVE_DELAY = 0.015  # seconds between parts of a burst whose order matters
TRIES = 4
SCOPE = "x-ratelimit-scope"
ENOUGH_MEMBERS = 4  # each of two bursts deletes two


class RateBursts(Schedule):
    """The bursts that all checks of rate limits share."""

    def __init__(
        self,
        target: Callable[[], LimitedTarget],
        limits: dict[str, int],
        message: str | None,
        name: Callable[[], str],
        runtime: Runtime = SYSTEM_RUNTIME,
    ) -> None:
        """Take who sends to which instance, the limits, a message to read, and what makes names."""
        super().__init__(target, [frozenset({"generic_get", "message"})], runtime)
        self.limits = limits
        self._requests = LimitedRequests(target, message, name)
        self._waits: dict[str, Future[Exchange] | None] = {}
        self._pool = runtime.pool(len(limits))
        self.single_responses: dict[str, Exchange] = {}

    def steps(self) -> list[Callable[[], object]]:
        """Return the bursts, the steady pace, and the undoing: writes first, while the limit of reads recovers."""
        writes, messages, reads = (
            partial(self.bursts, scope) for scope in ("generic_update", "message", "generic_get")
        )
        return [writes, messages, reads, self.other_writes, self.spoofed, self.steady, self.undo]

    def end(self) -> None:
        """Begin no other step, and undo what those that were sent have left."""
        super().end()
        self.undo()

    def bursts(self, scope: str) -> list[Burst]:
        """Return the burst of a scope, and the second one where the first had to be repeated."""
        self._prepare()
        bursts: list[Burst] = self._once.get(scope, lambda: self._burst_and_wait(scope))
        return bursts

    def _burst_and_wait(self, scope: str) -> list[Burst]:
        limit = self.limits[scope]
        make, first = {
            "generic_get": (self._reads, 2 * limit),
            "generic_update": (self._posts, 2 * limit),
            "message": (self._messages, 3 * limit // 2),
        }[scope]
        bursts = send_bursts(
            self._recovery, FULL_LIMITS[scope], make, (first, 3 * limit), NEEDED_ROOM[scope]
        )
        send = partial(self._requests.of_scope(scope), send_now)
        self._waits[scope] = wait_as_asked(self._recovery, bursts[-1], send, self._pool)
        return bursts

    def burst(self, scope: str) -> Burst:
        """Return the last burst of a scope."""
        return self.bursts(scope)[-1]

    def other_writes(self) -> list[Burst]:
        """Return the burst of DELETE and PATCH; it deletes what others created."""
        for scope in ("generic_update", "generic_get"):
            self.bursts(scope)
        limit = self.limits["generic_update"]
        return self._send_once(
            "other writes", "generic_update", self._deletes, (3 * limit, 3 * limit)
        )

    def spoofed(self) -> list[Burst]:
        """Return the burst of reads without a token, each from another made-up address."""
        limit = self.limits["generic_get"]
        return self._send_once("spoofed", "generic_get", self._spoofs, (3 * limit // 2, 3 * limit))

    def state_after_writes(self) -> dict[str, Exchange]:
        """Return the system and its members as they are after the bursts of writes."""
        self.other_writes()
        return self._after

    def unknown_message(self) -> Exchange:
        """Return the response to a request for a message that does not exist, within the limit."""
        self._prepare()
        return self._unknown_message

    def after_wait(self, scope: str) -> Exchange | None:
        """Return the request after as long as the 429s of a burst ask for; None when they ask for nothing.

        Raises:
            Inconclusive: the request after that long got no response.

        """
        self.bursts(scope)
        coming = self._waits[scope]
        return coming.result() if coming else None

    def steady(self) -> dict[str, list[Exchange]]:
        """Return requests at a pace just below the limit, of reads and writes; again when one was rejected."""
        pace: dict[str, list[Exchange]] = self._once.get("steady", self._steady)
        return pace

    def undo(self) -> None:
        """Delete what bursts created and did not delete, and put back what they changed."""
        for _ in range(TRIES):
            undoing = self._requests.undoing()
            if not undoing:
                return
            self._recovery.wait_until_full("generic_update")
            for send in undoing:
                # What is left is reported at the end of the run.
                with contextlib.suppress(Inconclusive):
                    self._requests.record_undone([send(send_now)])
                self._runtime.clock.sleep(1 / self.limits["generic_update"])

    def _send_once(
        self, name: str, scope: str, make: Callable[[int], Burst], sizes: tuple[int, int]
    ) -> list[Burst]:
        self._prepare()
        bursts: list[Burst] = self._once.get(
            name, lambda: send_bursts(self._recovery, [scope], make, sizes)
        )
        return bursts

    def _prepare(self) -> None:
        """Send each read by itself: how long a response takes, and what it is."""
        self._once.get("ready", self._read_alone)

    def _read_alone(self) -> None:
        for operation in READS:
            self.single_responses[operation] = self._requests.read(operation, send_now)
        system = self.single_responses["getSystem"]
        self._requests.description = need_object(system).get("description")
        self._unknown_message = self._requests.read_unknown_message()
        reported = {e.headers.get(SCOPE) for e in (system, self._unknown_message)}
        if len(reported - {None}) > 1:
            self._recovery.separate_scopes()  # reads and messages need not wait for each other
        self._recovery.record([*self.single_responses.values(), self._unknown_message])

    @property
    def latency(self) -> float:
        """Seconds that a response takes at best."""
        return min(exchange.milliseconds for exchange in self.single_responses.values()) / 1000

    def _send_burst(
        self,
        scope: str,
        requests: list[TimedRequest],
        other_scopes: Iterable[Send] = (),
        *,
        follow_up: bool = True,
    ) -> Burst:
        one_more = TimedRequest(self._requests.of_scope(scope), FOLLOW_UP_DELAY[scope])
        later = [one_more] if follow_up else []
        others = [TimedRequest(send, OTHER_SCOPES_DELAY) for send in other_scopes]
        exchanges = send_burst(self._recovery, [*requests, *later, *others])
        sent, rest = exchanges[: len(requests)], exchanges[len(requests) :]
        self._requests.record_members(exchanges)
        return Burst(
            self.limits[scope],
            sent,
            self.latency,
            follow_up=rest[0] if later else None,
            other_scopes=rest[len(later) :],
        )

    def _reads(self, number: int) -> Burst:
        missing = max(0, ENOUGH_MEMBERS - len(self._requests.members))
        writes = self.limits["generic_update"] - 1
        others = [*[self._requests.post] * missing, *[self._requests.patch] * writes][:writes]
        messages = [self._requests.read_message] if self._requests.message else []
        operations = itertools.islice(itertools.cycle(READS), number)
        requests = [TimedRequest(partial(self._requests.read, name)) for name in operations]
        return self._send_burst("generic_get", requests, [*others, *messages])

    def _posts(self, number: int) -> Burst:
        requests = [TimedRequest(self._requests.post)] * number
        return self._send_burst("generic_update", requests, self._few_reads())

    def _messages(self, number: int) -> Burst:
        if self._requests.message is None:
            reason = "needs message_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        requests = [TimedRequest(self._requests.read_message)] * number
        return self._send_burst("message", requests, self._few_reads())

    def _few_reads(self) -> list[Send]:
        return [partial(self._requests.read, operation) for operation in READS[:3]]

    def _deletes(self, number: int) -> Burst:
        """PATCH uses the limit up, then come DELETE and PATCH again: whatever is not limited shows."""
        requests, third, known = self._requests, number // 3, len(self._requests.members)
        half = known if requests.is_changed else -(-known // 2)  # the rest is for a second burst
        requests.is_changed = True
        patches: list[Send] = [
            partial(requests.patch, description=requests.name()) for _ in range(2 * third)
        ]
        deletes = [partial(requests.delete, ref) for ref in requests.members[: min(half, third)]]
        waves: list[list[Send]] = [patches[:third], [*deletes], patches[third:]]
        timed = [
            TimedRequest(send, WAVE_DELAY * n) for n, sends in enumerate(waves) for send in sends
        ]
        burst = self._send_burst("generic_update", timed, follow_up=False)
        self._recovery.wait_for_room("generic_get")
        self._after = {name: requests.read(name, send_now) for name in READS_AFTER_WRITES}
        self._recovery.record(self._after.values())
        return burst

    def _spoofs(self, number: int) -> Burst:
        """Without a token a limiter can tell callers by nothing but the address."""
        system = str(need_object(self.single_responses["getSystem"]).get("id"))
        read = partial(self._requests.read_anonymously, system)
        requests = [TimedRequest(partial(read, last)) for last in range(1, number + 1)]
        return self._send_burst("generic_get", requests, follow_up=False)

    def _steady(self) -> dict[str, list[Exchange]]:
        for _ in range(2):
            self._recovery.wait_until_full(*self.limits)
            pace = self._send_steady()
            if not any(e.status == TOO_MANY for sent in pace.values() for e in sent):
                break
        return pace

    def _send_steady(self) -> dict[str, list[Exchange]]:
        """Send reads and writes at a steady pace; the writes put back what bursts changed."""
        scopes = ("generic_get", "generic_update")
        undoing = self._requests.undoing()
        least = {scope: self.limits[scope] + 2 for scope in scopes}
        more = least["generic_update"] - len(undoing)
        sends = {
            "generic_get": [self._requests.of_scope("generic_get")] * least["generic_get"],
            "generic_update": [*undoing, *[self._requests.patch] * more],
        }
        reads, writes = (at_steady_pace(sends[scope], self.limits[scope]) for scope in scopes)
        exchanges = send_burst(self._recovery, [*reads, *writes])
        self._requests.record_undone(exchanges)
        return {
            "generic_get": exchanges[: len(reads)],
            "generic_update": exchanges[len(reads) :],
        }


@pytest.fixture(scope="session")
def rate_bursts(schedule: Schedule) -> RateBursts:
    """The bursts that all checks of rate limits share."""
    return cast("RateBursts", schedule)

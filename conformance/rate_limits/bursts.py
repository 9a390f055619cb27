"""The bursts of revision 2025-08: of each scope one, of writes two, one behind made-up addresses, and a steady pace.

Everything is sent once, when a check first asks for it. Reads go to several paths and writes use every method, so that a
limit of each path or method shows.
"""

from __future__ import annotations

import contextlib
import itertools
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest

from conformance.http import ME, Inconclusive, NotApplicable
from conformance.http.assertions import TOO_MANY, need_object
from conformance.rate_limits.counts import Burst
from conformance.rate_limits.schedule import Schedule
from conformance.rate_limits.sending import Shot
from conformance.rate_limits.timing import MADE_UP, STEADY, USUAL, aim, shoot, wait_as_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from conformance.http import Exchange
    from conformance.rate_limits.limited_target import Limited
    from conformance.rate_limits.sending import Send
    from conformance.rate_limits.timing import Means

READS = ("getSystem", "getSystemSettings", "getFronters", "getSystemGroups")
SOON = {
    "generic_get": 0.08,
    "message": 0.08,
    "generic_update": 0.28,
}  # seconds: less than a limit of each needs
WHOLE = {  # the limits that a burst needs whole: its own, and of what is sent beside it where that is nearly all
    "generic_get": ("generic_get", "generic_update"),
    "generic_update": ("generic_update",),
    "message": ("message",),
}
ROOM = {
    "generic_get": ("message",),
    "generic_update": ("generic_get",),
    "message": ("generic_get",),
}
AFTER = ("getSystem", "getSystemMembers")
UNKNOWN_MESSAGE = "10000000000000003"
BESIDE = 0.03  # seconds: when the burst is over, and hardly anything came back
WAVE = 0.015  # seconds between parts of a burst whose order matters
TRIES = 4
SCOPE = "x-ratelimit-scope"
ENOUGH = 4  # members: each of two bursts deletes two


def _now() -> None:
    """Release a request as soon as its connection is open."""


class Rates(Schedule):
    """Everything that the checks of rate limits look at."""

    def __init__(
        self,
        limited: Callable[[], Limited],
        limits: dict[str, int],
        message: str | None,
        name: Callable[[], str],
        means: Means = USUAL,
    ) -> None:
        """Take who sends to which instance, the limits, a message to ask for, and what makes names."""
        super().__init__(limited, [frozenset({"generic_get", "message"})], means)
        self.limits, self.message, self._name = limits, message, name
        self._members: list[str] = []
        self._waits: dict[str, Future[Exchange] | None] = {}
        self._pool = means.pool(len(limits))
        self._changed = False
        self._description: str | None = None
        self.alone: dict[str, Exchange] = {}

    def scenes(self) -> list[Callable[[], object]]:
        """Return the bursts, the steady pace, and the undoing: writes first, while the reads of the first look come back."""
        writes, messages, reads = (
            partial(self.bursts, scope) for scope in ("generic_update", "message", "generic_get")
        )
        return [writes, messages, reads, self.other_writes, self.spoofed, self.steady, self.finish]

    def end(self) -> None:
        """Begin no other scene, and undo what those that were played have left."""
        super().end()
        self.finish()

    def bursts(self, scope: str) -> list[Burst]:
        """Return the burst of a scope, and the second one where the first looked odd."""
        self._ready()
        bursts: list[Burst] = self._once.get(scope, lambda: self._burst_and_wait(scope))
        return bursts

    def _burst_and_wait(self, scope: str) -> list[Burst]:
        make = {
            "generic_get": self._reads,
            "generic_update": self._posts,
            "message": self._messages,
        }
        limit = self.limits[scope]
        first = 3 * limit // 2 if scope == "message" else 2 * limit
        sizes = (first, 3 * limit)
        bursts = aim(self._recovery, WHOLE[scope], make[scope], sizes, ROOM[scope])
        send = partial(self._of(scope), _now)
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
        return self._aim("other writes", "generic_update", self._deletes, (3 * limit, 3 * limit))

    def spoofed(self) -> list[Burst]:
        """Return the burst of reads without a token in which each request bears another made-up address."""
        limit = self.limits["generic_get"]
        return self._aim("spoofed", "generic_get", self._spoofs, (3 * limit // 2, 3 * limit))

    def aftermath(self) -> dict[str, Exchange]:
        """Return the system and its members as they are after the bursts of writes."""
        self.other_writes()
        return self._after

    def mistaken(self) -> Exchange:
        """Return the response to a request for a message that does not exist, within the limit."""
        self._ready()
        return self._mistaken

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

    def finish(self) -> None:
        """Delete what bursts created and did not delete, and put back what they changed."""
        for _ in range(TRIES):
            undo = self._undo()
            if not undo:
                return
            self._recovery.rest("generic_update")
            for send in undo:
                # What is left is reported at the end of the run.
                with contextlib.suppress(Inconclusive):
                    self._undone([send(_now)])
                self._means.clock.sleep(1 / self.limits["generic_update"])

    def _undo(self) -> list[Send]:
        removals: list[Send] = [partial(self._remove, ref) for ref in self._members]
        return [*removals, *([self._patch] if self._changed else [])]

    def _undone(self, exchanges: Iterable[Exchange]) -> None:
        self._look_for_members(exchanges)
        self._changed &= not any(e.operation.id == "updateSystem" and e.ok for e in exchanges)

    def _aim(
        self, name: str, scope: str, make: Callable[[int], Burst], sizes: tuple[int, int]
    ) -> list[Burst]:
        self._ready()
        bursts: list[Burst] = self._once.get(
            name, lambda: aim(self._recovery, [scope], make, sizes)
        )
        return bursts

    def _ready(self) -> None:
        """Send each read alone: how long a response takes, and what it is."""
        self._once.get("ready", self._look)

    def _look(self) -> None:
        for operation in READS:
            self.alone[operation] = self._read(operation, _now)
        self._description = need_object(self.alone["getSystem"]).get("description")
        owner = self._limited().owner
        self._mistaken = owner.send("getMessage", {"messageId": UNKNOWN_MESSAGE}, release=_now)
        reported = {e.headers.get(SCOPE) for e in (self.alone["getSystem"], self._mistaken)}
        if len(reported - {None}) > 1:
            self._recovery.part()  # reads and messages need not wait for each other
        self._recovery.used([*self.alone.values(), self._mistaken])

    @property
    def latency(self) -> float:
        """Seconds that a response takes at best."""
        return min(exchange.milliseconds for exchange in self.alone.values()) / 1000

    def _fire(
        self, scope: str, shots: list[Shot], beside: Iterable[Send] = (), *, early: bool = True
    ) -> Burst:
        later = [Shot(self._of(scope), SOON[scope])] if early else []
        others = [Shot(send, BESIDE) for send in beside]
        exchanges = shoot(self._recovery, [*shots, *later, *others])
        sent, rest = exchanges[: len(shots)], exchanges[len(shots) :]
        self._look_for_members(exchanges)
        return Burst(
            self.limits[scope],
            sent,
            self.latency,
            early=rest[0] if later else None,
            beside=rest[len(later) :],
        )

    def _reads(self, number: int) -> Burst:
        missing = max(0, ENOUGH - len(self._members))
        writes = self.limits["generic_update"] - 1
        beside = [*[self._post] * missing, *[self._patch] * writes][:writes]
        asked = [self._ask] if self.message else []
        operations = itertools.islice(itertools.cycle(READS), number)
        shots = [Shot(partial(self._read, operation)) for operation in operations]
        return self._fire("generic_get", shots, [*beside, *asked])

    def _posts(self, number: int) -> Burst:
        beside = [partial(self._read, operation) for operation in READS[:3]]
        return self._fire("generic_update", [Shot(self._post)] * number, beside)

    def _messages(self, number: int) -> Burst:
        if self.message is None:
            reason = "needs message_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        beside = [partial(self._read, operation) for operation in READS[:3]]
        return self._fire("message", [Shot(self._ask)] * number, beside)

    def _deletes(self, number: int) -> Burst:
        """PATCH uses the limit up, then come DELETE and PATCH again: whatever is not limited shows."""
        third, known = number // 3, len(self._members)
        half = known if self._changed else -(-known // 2)  # the rest is for a second burst
        self._changed = True
        patches: list[Send] = [
            partial(self._patch, description=self._name()) for _ in range(2 * third)
        ]
        deletes = [partial(self._remove, ref) for ref in self._members[: min(half, third)]]
        waves: list[list[Send]] = [patches[:third], [*deletes], patches[third:]]
        shots = [Shot(send, WAVE * wave) for wave, sends in enumerate(waves) for send in sends]
        burst = self._fire("generic_update", shots, early=False)
        self._recovery.make_room("generic_get")
        self._after = {operation: self._read(operation, _now) for operation in AFTER}
        self._recovery.used(self._after.values())
        return burst

    def _spoofs(self, number: int) -> Burst:
        """Nobody can be reported by a token here, so that nothing but the address is left."""
        refs = {"systemId": str(need_object(self.alone["getSystem"]).get("id"))}

        def send(last: int, release: Callable[[], None]) -> Exchange:
            headers = {
                "X-Forwarded-For": f"{MADE_UP}.{last}",
                "User-Agent": f"pluralkit-conformance {last}",
            }
            anonymous = self._limited().anonymous
            return anonymous.send("getSystem", refs, release=release, headers=headers)

        shots = [Shot(partial(send, last)) for last in range(1, number + 1)]
        return self._fire("generic_get", shots, early=False)

    def _steady(self) -> dict[str, list[Exchange]]:
        for _ in range(2):
            self._recovery.rest(*self.limits)
            pace = self._march()
            if not any(e.status == TOO_MANY for sent in pace.values() for e in sent):
                break
        return pace

    def _march(self) -> dict[str, list[Exchange]]:
        """The writes put back what bursts changed."""
        scopes = ("generic_get", "generic_update")
        undo = self._undo()
        least = {scope: self.limits[scope] + 2 for scope in scopes}
        more = least["generic_update"] - len(undo)
        sends = {
            "generic_get": [self._of("generic_get")] * least["generic_get"],
            "generic_update": [*undo, *[self._patch] * more],
        }
        shots = [
            Shot(send, number / (STEADY * self.limits[scope]))
            for scope in scopes
            for number, send in enumerate(sends[scope])
        ]
        exchanges = shoot(self._recovery, shots)
        self._undone(exchanges)
        reads = least["generic_get"]
        return {"generic_get": exchanges[:reads], "generic_update": exchanges[reads:]}

    def _of(self, scope: str) -> Send:
        sends: dict[str, Send] = {
            "generic_get": partial(self._read, "getSystem"),
            "generic_update": self._patch,
            "message": self._ask,
        }
        return sends[scope]

    def _read(self, operation: str, release: Callable[[], None], **words: Any) -> Exchange:
        return self._limited().owner.send(operation, ME, release=release, **words)

    def _ask(self, release: Callable[[], None]) -> Exchange:
        refs = {"messageId": str(self.message)}
        return self._limited().owner.send("getMessage", refs, release=release)

    def _patch(self, release: Callable[[], None], **keys: str) -> Exchange:
        body = {"description": self._description, **keys}
        return self._limited().owner.send("updateSystem", ME, json=body, release=release)

    def _post(self, release: Callable[[], None]) -> Exchange:
        return self._limited().owner.send(
            "createMember", json={"name": self._name()}, release=release
        )

    def _remove(self, ref: str, release: Callable[[], None]) -> Exchange:
        return self._limited().owner.send("deleteMember", {"memberId": ref}, release=release)

    def _look_for_members(self, exchanges: Iterable[Exchange]) -> None:
        """Remember the members that were created, and forget those that were deleted."""
        for exchange in exchanges:
            if exchange.operation.id == "createMember":
                self._members += self._limited().created(exchange)
            elif exchange.operation.id == "deleteMember" and exchange.status in (200, 204, 404):
                ref = exchange.url.rpartition("/")[2]
                self._members = [member for member in self._members if member != ref]


@pytest.fixture(scope="session")
def rates(schedule: Schedule) -> Rates:
    """The bursts that all checks of rate limits look at."""
    return cast("Rates", schedule)

"""When bursts are sent, on a clock that the test moves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from conformance.rate_limits.counts import Burst
from conformance.rate_limits.sending import Shot
from conformance.rate_limits.timing import Recovery, aim, shoot, wait_as_asked
from tests.driven import DrivenClock
from tests.rate_limits.exchanges import BEGAN, burst, rejected, response
from tests.rate_limits.in_process import AtOnce, means

if TYPE_CHECKING:
    from conformance.http import Exchange

REST = 1100  # milliseconds
READ, WRITE, MESSAGE = "generic_get", "generic_update", "message"


@pytest.fixture
def clock() -> DrivenClock:
    """Return a clock that stands where exchanges of the tests begin."""
    clock = DrivenClock()
    assert clock.time() == BEGAN
    return clock


@pytest.fixture
def recovery(clock: DrivenClock) -> Recovery:
    """Return what waits by that clock; reads and messages are one limit."""
    return Recovery([frozenset({READ, MESSAGE})], means(clock))


def test_whole_again_after_a_second_and_a_bit(clock: DrivenClock, recovery: Recovery) -> None:
    """A limit rests from the response of the last request of it, and only once."""
    recovery.used([response(took=300), response(sent=100)])
    recovery.rest(WRITE)
    assert clock.milliseconds == 0
    recovery.rest(READ, WRITE)
    assert clock.milliseconds == 300 + REST
    recovery.rest(READ)
    assert clock.milliseconds == 300 + REST


def test_scopes_that_are_one_limit_somewhere(clock: DrivenClock, recovery: Recovery) -> None:
    """They rest for each other until the target says that they are two."""
    recovery.used([response()])
    recovery.rest(MESSAGE)
    assert clock.milliseconds == REST
    recovery.part()
    recovery.used([response(sent=5000)])
    recovery.rest(MESSAGE)
    assert clock.milliseconds == REST


def test_room_is_there_when_the_last_burst_came_back(
    clock: DrivenClock, recovery: Recovery
) -> None:
    """A single request takes no room away, a burst does."""
    recovery.used([response()])
    recovery.make_room(READ)
    assert clock.milliseconds == 0
    assert shoot(recovery, [Shot(lambda _: response(took=200))])[0].ok
    recovery.make_room(READ)
    assert clock.milliseconds == 200 + REST


@pytest.mark.parametrize("now", [0.0, 0.3, 0.5, 0.7, 1.1, 12.34])
def test_half_a_second_off(clock: DrivenClock, recovery: Recovery, now: float) -> None:
    """No second of any clock turns at the same place within both of two bursts."""
    clock.sleep(now)
    recovery.shift(BEGAN)
    assert clock.milliseconds % 1000 == 500
    assert 0 <= clock.milliseconds - now * 1000 <= 1000


def test_request_that_is_still_to_come_is_waited_for(recovery: Recovery) -> None:
    """Who needs the limit whole waits for what was promised to be sent, in another thread."""
    done: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        recovery.coming(READ, pool.submit(done.append, "sent"))
        recovery.rest(MESSAGE)
        assert done == ["sent"]


@pytest.mark.parametrize(
    ("first", "sizes"),
    [
        (burst(10, 20), [20]),
        (burst(9, 20), [20]),
        (burst(11, 20), [20, 20]),
        (burst(8, 20), [20, 20]),
        (burst(20, 20, took=981), [20, 30]),
        (burst(10, 20, beside=[rejected()]), [20, 20]),
    ],
)
def test_odd_burst_is_sent_again(
    clock: DrivenClock, recovery: Recovery, first: Burst, sizes: list[int]
) -> None:
    """Once more, when the limits are whole and half a second off; larger when the target was too slow."""
    made: list[tuple[int, int]] = []

    def make(size: int) -> Burst:
        made.append((size, clock.milliseconds))
        recovery.used(first.sent, burst=True)
        return first

    recovery.used([response(sent=-400)])
    recovery.used([response(sent=-100, operation="updateSystem")], burst=True)
    bursts = aim(recovery, [READ], make, (20, 30), [WRITE])
    assert bursts == [first] * len(sizes)
    assert [size for size, _ in made] == sizes
    assert made[0][1] == REST - 100
    if len(made) > 1:
        assert made[1][1] >= REST + max(exchange.milliseconds for exchange in first.sent)
        assert made[1][1] % 1000 == 500


def test_request_after_the_wait_that_was_asked_for(clock: DrivenClock, recovery: Recovery) -> None:
    """It leaves when the last of all waits is over, that of the later request too, and uses its limit."""
    left: list[int] = []

    def again() -> Exchange:
        left.append(clock.milliseconds)
        return response(sent=clock.milliseconds)

    sent = [response(), rejected(100), rejected(90, took=20)]
    with AtOnce() as pool:
        for early, instant in ((None, 120), (rejected(50, sent=80), 140)):
            clock.ns = DrivenClock().ns
            request = wait_as_asked(recovery, Burst(10, sent, 0.0, early), again, pool)
            assert request is not None
            assert request.result().ok
            assert left.pop() == instant
        recovery.rest(MESSAGE)
        assert clock.milliseconds == 140 + REST


@pytest.mark.parametrize(
    ("sent", "early"),
    [
        ([response()], None),
        ([rejected()], None),
        ([rejected("90")], rejected(1001)),
        ([rejected(90)], response()),
    ],
)
def test_nothing_was_promised(recovery: Recovery, sent: list[Exchange], early: Exchange) -> None:
    """Without a wait, or after somebody took what it promised, there is no such request."""

    def never() -> Exchange:
        raise AssertionError

    with AtOnce() as pool:
        assert wait_as_asked(recovery, Burst(10, sent, 0.0, early), never, pool) is None


def test_shots_are_reported_in_their_order(clock: DrivenClock, recovery: Recovery) -> None:
    """Each leaves at its own instant, whatever the order; the last response ends them all."""
    left: dict[str, int] = {}

    def shot(name: str, delay: float) -> Shot:
        def send(release: object) -> Exchange:
            assert callable(release)
            release()
            left[name] = clock.milliseconds
            clock.sleep(0.2)
            return response(operation=name)

        return Shot(send, delay)

    sent = shoot(recovery, [shot("getMember", 0.08), shot("getSystem", 0), shot("getGroup", 0.03)])
    assert [exchange.operation.id for exchange in sent] == ["getMember", "getSystem", "getGroup"]
    assert left == {"getMember": 80, "getSystem": 0, "getGroup": 30}
    assert clock.milliseconds == 280

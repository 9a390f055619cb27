"""When bursts are sent, on a simulated clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from conformance.rate_limits.counts import Burst
from conformance.rate_limits.sending import TimedRequest
from conformance.rate_limits.timing import Recovery, send_burst, send_bursts, wait_as_asked
from tests.driven import DrivenClock
from tests.rate_limits.exchanges import BEGAN, burst, rejected, response
from tests.rate_limits.in_process import ImmediateExecutor, runtime

if TYPE_CHECKING:
    from conformance.http import Exchange

RECOVERY_MS = 1100  # milliseconds
READ, WRITE, MESSAGE = "generic_get", "generic_update", "message"


@pytest.fixture
def clock() -> DrivenClock:
    """Return a clock at the instant at which exchanges of the tests begin."""
    clock = DrivenClock()
    assert clock.time() == BEGAN
    return clock


@pytest.fixture
def recovery(clock: DrivenClock) -> Recovery:
    """Return a recovery on that clock; reads and messages share a limit."""
    return Recovery([frozenset({READ, MESSAGE})], runtime(clock))


def test_whole_again_after_a_second_and_a_bit(clock: DrivenClock, recovery: Recovery) -> None:
    """A limit recovers from the response of its last request on, and is waited for once."""
    recovery.record([response(took=300), response(sent=100)])
    recovery.wait_until_full(WRITE)
    assert clock.milliseconds == 0
    recovery.wait_until_full(READ, WRITE)
    assert clock.milliseconds == 300 + RECOVERY_MS
    recovery.wait_until_full(READ)
    assert clock.milliseconds == 300 + RECOVERY_MS


def test_scopes_that_are_one_limit_somewhere(clock: DrivenClock, recovery: Recovery) -> None:
    """They wait for each other until the target shows that they are two limits."""
    recovery.record([response()])
    recovery.wait_until_full(MESSAGE)
    assert clock.milliseconds == RECOVERY_MS
    recovery.separate_scopes()
    recovery.record([response(sent=5000)])
    recovery.wait_until_full(MESSAGE)
    assert clock.milliseconds == RECOVERY_MS


def test_room_is_there_when_the_last_burst_came_back(
    clock: DrivenClock, recovery: Recovery
) -> None:
    """After a single request there is room, after a burst there is none."""
    recovery.record([response()])
    recovery.wait_for_room(READ)
    assert clock.milliseconds == 0
    assert send_burst(recovery, [TimedRequest(lambda _: response(took=200))])[0].ok
    recovery.wait_for_room(READ)
    assert clock.milliseconds == 200 + RECOVERY_MS


@pytest.mark.parametrize("now", [0.0, 0.3, 0.5, 0.7, 1.1, 12.34])
def test_half_a_second_off(clock: DrivenClock, recovery: Recovery, now: float) -> None:
    """No window ends at the same place within both of two bursts."""
    clock.sleep(now)
    recovery.wait_for_other_half(BEGAN)
    assert clock.milliseconds % 1000 == 500
    assert 0 <= clock.milliseconds - now * 1000 <= 1000


def test_request_that_is_still_to_come_is_waited_for(recovery: Recovery) -> None:
    """Who needs the full limit waits for a request that another thread is to send."""
    done: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        recovery.expect(READ, pool.submit(done.append, "sent"))
        recovery.wait_until_full(MESSAGE)
        assert done == ["sent"]


@pytest.mark.parametrize(
    ("first", "sizes"),
    [
        (burst(10, 20), [20]),
        (burst(9, 20), [20]),
        (burst(11, 20), [20, 20]),
        (burst(8, 20), [20, 20]),
        (burst(20, 20, took=981), [20, 30]),
        (burst(10, 20, other_scopes=[rejected()]), [20, 20]),
    ],
)
def test_odd_burst_is_sent_again(
    clock: DrivenClock, recovery: Recovery, first: Burst, sizes: list[int]
) -> None:
    """A burst is repeated when the limits are full and half a second off; larger when the target was too slow."""
    made: list[tuple[int, int]] = []

    def make(size: int) -> Burst:
        made.append((size, clock.milliseconds))
        recovery.record(first.sent, burst=True)
        return first

    recovery.record([response(sent=-400)])
    recovery.record([response(sent=-100, operation="updateSystem")], burst=True)
    bursts = send_bursts(recovery, [READ], make, (20, 30), [WRITE])
    assert bursts == [first] * len(sizes)
    assert [size for size, _ in made] == sizes
    assert made[0][1] == RECOVERY_MS - 100
    if len(made) > 1:
        assert made[1][1] >= RECOVERY_MS + max(exchange.milliseconds for exchange in first.sent)
        assert made[1][1] % 1000 == 500


def test_request_after_the_wait_that_was_asked_for(clock: DrivenClock, recovery: Recovery) -> None:
    """It is sent when the last of all waits is over, that of the follow-up too, and uses its limit."""
    left: list[int] = []

    def again() -> Exchange:
        left.append(clock.milliseconds)
        return response(sent=clock.milliseconds)

    sent = [response(), rejected(100), rejected(90, took=20)]
    with ImmediateExecutor() as pool:
        for follow_up, instant in ((None, 120), (rejected(50, sent=80), 140)):
            clock.ns = DrivenClock().ns
            request = wait_as_asked(recovery, Burst(10, sent, 0.0, follow_up), again, pool)
            assert request is not None
            assert request.result().ok
            assert left.pop() == instant
        recovery.wait_until_full(MESSAGE)
        assert clock.milliseconds == 140 + RECOVERY_MS


@pytest.mark.parametrize(
    ("sent", "follow_up"),
    [
        ([response()], None),
        ([rejected()], None),
        ([rejected("90")], rejected(1001)),
        ([rejected(90)], response()),
    ],
)
def test_nothing_was_promised(
    recovery: Recovery, sent: list[Exchange], follow_up: Exchange
) -> None:
    """Without a wait, or after a follow-up was served, there is no such request."""

    def never() -> Exchange:
        raise AssertionError

    with ImmediateExecutor() as pool:
        assert wait_as_asked(recovery, Burst(10, sent, 0.0, follow_up), never, pool) is None


def test_exchanges_are_in_the_order_of_the_requests(clock: DrivenClock, recovery: Recovery) -> None:
    """Each is sent at its own instant, whatever the order; the last response ends them all."""
    left: dict[str, int] = {}

    def request(name: str, delay: float) -> TimedRequest:
        def send(release: object) -> Exchange:
            assert callable(release)
            release()
            left[name] = clock.milliseconds
            clock.sleep(0.2)
            return response(operation=name)

        return TimedRequest(send, delay)

    sent = send_burst(
        recovery,
        [
            request("getMember", 0.08),
            request("getSystem", 0),
            request("getGroup", 0.03),
        ],
    )
    assert [exchange.operation.id for exchange in sent] == ["getMember", "getSystem", "getGroup"]
    assert left == {"getMember": 80, "getSystem": 0, "getGroup": 30}
    assert clock.milliseconds == 280

"""Times to send at, on a clock that the test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.http.slots import Slots

if TYPE_CHECKING:
    from tests.driven import DrivenClock


def test_times_are_an_interval_apart(clock: DrivenClock) -> None:
    """Each scope has its own times; without an interval they do not wait for each other."""
    slots = Slots(clock)
    empty = [slots.is_empty]
    slots.set_interval("a", 5.0)
    assert [*empty, slots.is_empty] == [True, False]
    assert [slots.reserve(scope) for scope in ("a", "a", "b")] == [5.0, 10.0, 0.0]
    slots.postpone("a", 2.0)
    assert slots.reserve("a") == 17.0


def test_times_are_not_in_the_past(clock: DrivenClock) -> None:
    """A late request gets the present; unused times are lost."""
    slots = Slots(clock)
    slots.set_interval("a", 5.0)
    clock.sleep(12)
    assert [slots.reserve("a"), slots.reserve("a")] == [12.0, 17.0]


def test_changed_interval(clock: DrivenClock) -> None:
    """A new interval begins now, unless the next time is later."""
    slots = Slots(clock)
    slots.set_interval("a", 5.0)
    slots.set_interval("a", 1.0)
    assert [slots.reserve("a"), slots.reserve("a")] == [5.0, 6.0]
    clock.sleep(20)
    slots.set_interval("a", 2.0)
    assert [slots.reserve("a"), slots.reserve("a")] == [22.0, 24.0]


def test_recent_are_those_of_the_last_second(clock: DrivenClock) -> None:
    """Times of a scope in the last second are counted; future ones and those of other scopes are not."""
    slots = Slots(clock)
    slots.set_interval("a", 0.5)
    for scope in ("a", "a", "b"):
        slots.reserve(scope)
    counted = []
    for _ in range(9):
        counted.append(slots.reserved_recently("a"))
        clock.sleep(0.25)
    assert counted == [0, 0, 1, 1, 2, 2, 2, 1, 1]
    slots.postpone("a", 60.0)
    slots.reserve("a")
    assert slots.reserved_recently("a") == 0

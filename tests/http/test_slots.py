"""Instants of requests, in one process and shared by several, on a clock that the test moves."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from conformance.http import slots as module
from conformance.http.slots import Slots

if TYPE_CHECKING:
    from pathlib import Path

    from tests.driven import DrivenClock


def test_instants_are_an_interval_apart(clock: DrivenClock) -> None:
    """Each scope has its own; without an interval there is no distance."""
    slots = Slots(clock=clock)
    empty = [slots.is_empty]
    slots.know("a", 5.0)
    assert [*empty, slots.is_empty] == [True, False]
    assert [slots.reserve(scope) for scope in ("a", "a", "b")] == [5.0, 10.0, 0.0]
    slots.push("a", 2.0)
    assert slots.reserve("a") == 17.0


def test_instants_are_not_in_the_past(clock: DrivenClock) -> None:
    """Who comes late gets the present; an instant that was left out is not made up for."""
    slots = Slots(clock=clock)
    slots.know("a", 5.0)
    clock.sleep(12)
    assert [slots.reserve("a"), slots.reserve("a")] == [12.0, 17.0]


def test_interval_that_is_known_anew(clock: DrivenClock) -> None:
    """A new interval begins now, unless the next instant is further away."""
    slots = Slots(clock=clock)
    slots.know("a", 5.0)
    slots.know("a", 1.0)
    assert [slots.reserve("a"), slots.reserve("a")] == [5.0, 6.0]
    clock.sleep(20)
    slots.know("a", 2.0)
    assert [slots.reserve("a"), slots.reserve("a")] == [22.0, 24.0]


def test_workers_share_a_file(tmp_path: Path, clock: DrivenClock) -> None:
    """Who opens the same file gets the instants after those of the others, and learns their intervals."""
    one, other = Slots(tmp_path / "slots", clock), Slots(tmp_path / "slots", clock)
    clock.sleep(1)
    one.know("a", 3.0)
    assert other.interval("a") == 3.0
    assert [other.reserve("a"), one.reserve("a"), other.reserve("a")] == [4.0, 7.0, 10.0]
    one.close()
    other.close()


def test_alone(tmp_path: Path, clock: DrivenClock) -> None:
    """While one is alone the others wait, and find that all limits need a second to be whole."""
    one, other = Slots(tmp_path / "slots", clock), Slots(tmp_path / "slots", clock)
    one.know("a", 0.001)
    got: list[float] = []
    waiting = threading.Thread(target=lambda: got.append(other.reserve("a")))
    with one.alone():
        waiting.start()
        assert one.reserve("a") == 0.001
        clock.sleep(5)
    waiting.join()
    assert got == [pytest.approx(6.1)]


def test_nobody_else_while_one_is_alone(
    tmp_path: Path, clock: DrivenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker has no instant meanwhile: it would give up if it did not wait."""
    one = Slots(tmp_path / "slots", clock)
    monkeypatch.setattr(module, "LOCK_PATIENCE", 0)
    other = Slots(tmp_path / "slots", clock)
    with one.alone(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.reserve("a")
    assert other.reserve("a") == 0


def test_given_are_those_of_the_last_second(clock: DrivenClock) -> None:
    """Instants of one scope that lie in the last second are counted, those to come and those of others are not."""
    slots = Slots(clock=clock)
    slots.know("a", 0.5)
    for scope in ("a", "a", "b"):
        slots.reserve(scope)
    counted = []
    for _ in range(9):
        counted.append(slots.given("a"))
        clock.sleep(0.25)
    assert counted == [0, 0, 1, 1, 2, 2, 2, 1, 1]
    slots.push("a", 60.0)
    slots.reserve("a")
    assert slots.given("a") == 0

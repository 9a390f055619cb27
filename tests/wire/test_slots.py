"""Instants of requests, in one process and shared by several."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from conformance.wire.slots import AFTER, Slots

if TYPE_CHECKING:
    from pathlib import Path


def test_instants_are_an_interval_apart() -> None:
    """Each scope has its own; without an interval there is no distance."""
    slots = Slots()
    empty = [slots.is_empty]
    slots.know("a", 5.0)
    assert [*empty, slots.is_empty] == [True, False]
    first, second, other = slots.reserve("a"), slots.reserve("a"), slots.reserve("b")
    assert second - first == pytest.approx(5.0)
    assert other < first
    slots.push("a", 2.0)
    assert slots.reserve("a") - second == pytest.approx(7.0)


def test_workers_share_a_file(tmp_path: Path) -> None:
    """Who opens the same file gets the instants after those of the others, and learns their intervals."""
    one, other = Slots(tmp_path / "slots"), Slots(tmp_path / "slots")
    one.know("a", 3.0)
    assert other.interval("a") == 3.0
    assert other.reserve("a") - one.reserve("a") == pytest.approx(-3.0)
    one.close()
    other.close()


def test_alone(tmp_path: Path) -> None:
    """While one is alone the others wait, and find that all limits need a second to be whole."""
    one, other = Slots(tmp_path / "slots"), Slots(tmp_path / "slots")
    one.know("a", 0.001)
    got: list[float] = []
    waiting = threading.Thread(target=lambda: got.append(other.reserve("a")))
    with one.alone():
        waiting.start()
        one.reserve("a")
        time.sleep(0.1)
        assert not got
        ended = time.monotonic()
    waiting.join()
    assert got[0] - ended >= AFTER


def test_given_are_those_of_the_last_second() -> None:
    """Instants of one scope that lie in the last second are counted, those to come and those of others are not."""
    slots = Slots()
    slots.know("a", 0.001)
    for scope in ("a", "a", "b"):
        slots.reserve(scope)
    time.sleep(0.01)
    assert slots.given("a") == 2
    slots.push("a", 60.0)
    slots.reserve("a")
    assert slots.given("a") == 2

"""What a burst says of a limit, at its edges: one too many, one too few, and what came back while it was returned."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.http import Inconclusive, NotApplicable, PreconditionFailed
from conformance.rate_limits.counts import Burst, asked_wait, broken_promise, need_fast
from conformance.scenarios.once import Once
from tests.rate_limits.exchanges import burst, rejected, response


@pytest.mark.parametrize("limit", [2, 3, 10])
@pytest.mark.parametrize(
    ("more", "exceeds", "short"),
    [(2, True, False), (1, True, False), (0, False, False), (-1, False, False), (-2, False, True)],
)
def test_one_too_many_and_one_too_few(limit: int, more: int, *, exceeds: bool, short: bool) -> None:
    """More than the limit is too much; one less may be, two less are too few; what is either is looked at again."""
    seen = burst(limit + more, 3 * limit, limit=limit)
    assert (seen.exceeds, seen.short, seen.odd) == (exceeds, short, exceeds or short)
    assert len(seen.rejected) == 2 * limit - more
    assert len(seen.served) == limit + more


@pytest.mark.parametrize(
    ("limit", "took", "back"),
    [
        (10, 0, 0),
        (10, 79, 0),
        (10, 81, 1),
        (10, 179, 1),
        (10, 181, 2),
        (3, 313, 0),
        (3, 314, 1),
        (2, 479, 0),
        (2, 481, 1),
    ],
)
def test_what_comes_back_during_a_slow_burst(limit: int, took: int, back: int) -> None:
    """With each part of a second that a limit needs for one more, one more may pass; 20 ms are for instants reported wrong."""
    seen = burst(limit + back, 3 * limit, limit=limit, took=took)
    assert seen.allowed == limit + back
    assert not seen.exceeds
    assert burst(limit + back + 1, 3 * limit, limit=limit, took=took).exceeds


def test_what_came_back_until_the_last_was_served() -> None:
    """Rejections that came later say nothing of what the served ones found; without served ones all count."""
    slow = [response(), response(took=150), rejected(took=290)]
    assert Burst(10, slow, latency=0.0).came_back == 1
    assert Burst(10, [*slow[2:], rejected()], latency=0.0).came_back == 3


@pytest.mark.parametrize(("alone", "back"), [(0.2, 0), (0.1, 1), (0.0, 2)])
def test_way_to_the_target_is_no_time_of_its_limiter(alone: float, back: int) -> None:
    """What the quickest request takes, alone or in the burst, is the way there and back."""
    far = [response(took=200) for _ in range(20)]
    assert Burst(10, far, latency=alone).came_back == back
    mixed = [*far[1:], response(took=100)]
    assert Burst(10, mixed, latency=0.2).came_back == 1


@pytest.mark.parametrize(("took", "slow"), [(979, False), (981, True)])
def test_burst_that_all_may_pass(took: int, *, slow: bool) -> None:
    """A burst that took so long that all of it may pass exceeds nothing; when each one did there is no verdict."""
    quick, late = burst(20, 20), burst(20, 20, took=took)
    assert (late.too_slow, late.exceeds, late.odd) == (slow, not slow, True)
    need_fast([late, quick])
    if slow:
        with pytest.raises(Inconclusive, match="too slowly for a burst: 20 requests a second"):
            need_fast([late, late])


@pytest.mark.parametrize(
    ("passed", "early", "too_fast"),
    [
        (10, response(sent=79), True),
        (10, response(sent=81), False),
        (10, response(404, sent=79), True),
        (10, rejected(sent=79), False),
        (10, None, False),
        (9, response(sent=79), False),
        (11, response(sent=81), True),
    ],
)
def test_one_more_too_soon(passed: int, early: Any, *, too_fast: bool) -> None:
    """One that passes a little later shows a bucket that is one short and is refilled too fast."""
    seen = burst(passed, 20, early=early)
    assert seen.refills_too_fast is too_fast
    assert seen.exceeds == (too_fast or passed > 10)


@pytest.mark.parametrize(("beside", "odd"), [([], False), ([200], False), ([200, 429], True)])
def test_rejection_of_another_limit_is_looked_at_again(beside: list[int], *, odd: bool) -> None:
    """What was rejected beside a burst is odd, although the burst itself is not."""
    seen = burst(10, 20, beside=[response(status) for status in beside])
    assert (seen.odd, seen.exceeds, seen.short) == (odd, False, False)


def test_rejection_is_needed() -> None:
    """Without a 429 there is nothing to look at; what it asks for is looked at elsewhere."""
    assert burst(19, 20).need_rejected().status == 429
    with pytest.raises(NotApplicable, match="no request of the burst was rejected"):
        burst(20, 20).need_rejected()


@pytest.mark.parametrize(
    ("reported", "wait"),
    [
        (0, 0),
        (1000, 1000),
        (1001, None),
        (-1, None),
        (0.334, None),
        ("334", None),
        (True, None),
        (None, None),
    ],
)
def test_wait_that_can_be_waited_for(reported: object, wait: int | None) -> None:
    """`retry_after` is whole milliseconds up to a second; all else is another check's."""
    assert asked_wait(rejected(reported)) == wait


def test_body_without_a_wait() -> None:
    """A body that is no object asks for nothing."""
    assert asked_wait(response(429, body=["retry_after"])) is None


@pytest.mark.parametrize(
    ("early", "broken"),
    [
        (rejected(sent=81), True),
        (rejected(sent=79), False),
        (response(sent=81), False),
        (None, False),
    ],
)
def test_promise_that_was_broken(early: Any, *, broken: bool) -> None:
    """One that arrives after the longest wait that was asked for, and 20 ms, must not be rejected."""
    seen = Burst(10, [response(), rejected(30), rejected(50, took=10)], 0.0, early)
    assert broken_promise(seen) is (early if broken else None)


@pytest.mark.parametrize("sent", [[response()], [rejected(0), rejected()]])
def test_promise_that_nobody_made(sent: list[Any]) -> None:
    """Without a rejection, or with one that says no time, nothing was promised."""
    assert broken_promise(Burst(10, sent, 0.0, rejected(sent=900))) is None


def test_way_there_belongs_to_the_promise() -> None:
    """A request is not rejected when it leaves, but when it arrives."""
    early = rejected(sent=71)
    assert broken_promise(Burst(10, [rejected(60)], 0.01, early)) is early
    assert broken_promise(Burst(10, [rejected(60)], 0.008, early)) is None


def test_once() -> None:
    """A scene is played once, however it ended; what was no outcome is not kept."""
    once, played = Once(), []

    def play(name: str, problem: Exception | None = None) -> str:
        played.append(name)
        if problem:
            raise problem
        return name

    assert [once.get("a", lambda: play("a")) for _ in range(2)] == ["a", "a"]
    for _ in range(2):
        with pytest.raises(PreconditionFailed, match="gone"):
            once.get("b", lambda: play("b", PreconditionFailed("gone")))
        with pytest.raises(KeyError):
            once.get("c", lambda: play("c", KeyError("c")))
    assert played == ["a", "b", "c", "c"]

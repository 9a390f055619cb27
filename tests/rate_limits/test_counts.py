"""What a burst shows of a limit, at its edges: one too many, one too few, and what was refilled meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.http import Inconclusive, NotApplicable, PreconditionFailed
from conformance.rate_limits.counts import Burst, asked_wait, need_fast, rejected_after_wait
from conformance.scenarios.once import Once
from tests.rate_limits.exchanges import burst, rejected, response


@pytest.mark.parametrize("limit", [2, 3, 10])
@pytest.mark.parametrize(
    ("more", "exceeds", "short"),
    [(2, True, False), (1, True, False), (0, False, False), (-1, False, False), (-2, False, True)],
)
def test_one_too_many_and_one_too_few(limit: int, more: int, *, exceeds: bool, short: bool) -> None:
    """More than the limit is too many; one less is allowed, two less are too few; either is repeated."""
    seen = burst(limit + more, 3 * limit, limit=limit)
    assert (seen.exceeds, seen.short, seen.needs_repeat) == (exceeds, short, exceeds or short)
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
    """With each part of a second that a limit needs for one more, one more may pass; 20 ms are for inexact instants."""
    seen = burst(limit + back, 3 * limit, limit=limit, took=took)
    assert seen.allowed == limit + back
    assert not seen.exceeds
    assert burst(limit + back + 1, 3 * limit, limit=limit, took=took).exceeds


def test_what_came_back_until_the_last_was_served() -> None:
    """Rejections after the last served request do not count; without served ones all count."""
    slow = [response(), response(took=150), rejected(took=290)]
    assert Burst(10, slow, latency=0.0).refilled == 1
    assert Burst(10, [*slow[2:], rejected()], latency=0.0).refilled == 3


@pytest.mark.parametrize(("alone", "back"), [(0.2, 0), (0.1, 1), (0.0, 2)])
def test_latency_is_no_time_of_the_limiter(alone: float, back: int) -> None:
    """The time of the quickest request, alone or in the burst, is the latency."""
    far = [response(took=200) for _ in range(20)]
    assert Burst(10, far, latency=alone).refilled == back
    mixed = [*far[1:], response(took=100)]
    assert Burst(10, mixed, latency=0.2).refilled == 1


@pytest.mark.parametrize(("took", "slow"), [(979, False), (981, True)])
def test_burst_that_all_may_pass(took: int, *, slow: bool) -> None:
    """A burst that took so long that all of it may pass exceeds nothing; when each burst did, there is no verdict."""
    quick, late = burst(20, 20), burst(20, 20, took=took)
    assert (late.too_slow, late.exceeds, late.needs_repeat) == (slow, not slow, True)
    need_fast([late, quick])
    if slow:
        with pytest.raises(Inconclusive, match="too slowly for a burst: 20 requests a second"):
            need_fast([late, late])


@pytest.mark.parametrize(
    ("passed", "follow_up", "too_fast"),
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
def test_one_more_too_soon(passed: int, follow_up: Any, *, too_fast: bool) -> None:
    """A follow-up that passes too early shows a bucket that is one short and is refilled too fast."""
    seen = burst(passed, 20, follow_up=follow_up)
    assert seen.refills_too_fast is too_fast
    assert seen.exceeds == (too_fast or passed > 10)


@pytest.mark.parametrize(
    ("other_scopes", "needs_repeat"), [([], False), ([200], False), ([200, 429], True)]
)
def test_rejection_of_another_limit_is_looked_at_again(
    other_scopes: list[int], *, needs_repeat: bool
) -> None:
    """A rejection of another scope makes a burst be repeated, although the burst itself is as expected."""
    seen = burst(10, 20, other_scopes=[response(status) for status in other_scopes])
    assert (seen.needs_repeat, seen.exceeds, seen.short) == (needs_repeat, False, False)


def test_rejection_is_needed() -> None:
    """Without a 429 a check of rejections is not applicable."""
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
    """`retry_after` is whole milliseconds up to a second; anything else is for another check."""
    assert asked_wait(rejected(reported)) == wait


def test_body_without_a_wait() -> None:
    """A body that is no object asks for nothing."""
    assert asked_wait(response(429, body=["retry_after"])) is None


@pytest.mark.parametrize(
    ("follow_up", "violated"),
    [
        (rejected(sent=81), True),
        (rejected(sent=79), False),
        (response(sent=81), False),
        (None, False),
    ],
)
def test_follow_up_rejected_after_the_wait(follow_up: Any, *, violated: bool) -> None:
    """One that arrives after the longest wait that was asked for, and 20 ms, must not be rejected."""
    seen = Burst(10, [response(), rejected(30), rejected(50, took=10)], 0.0, follow_up)
    assert rejected_after_wait(seen) is (follow_up if violated else None)


@pytest.mark.parametrize("sent", [[response()], [rejected(0), rejected()]])
def test_follow_up_without_a_wait(sent: list[Any]) -> None:
    """Without a rejection, or with one that says no time, there is no wait to be over."""
    assert rejected_after_wait(Burst(10, sent, 0.0, rejected(sent=900))) is None


def test_latency_counts_for_the_wait() -> None:
    """A request is not rejected when it leaves, but when it arrives."""
    follow_up = rejected(sent=71)
    assert rejected_after_wait(Burst(10, [rejected(60)], 0.01, follow_up)) is follow_up
    assert rejected_after_wait(Burst(10, [rejected(60)], 0.008, follow_up)) is None


def test_once() -> None:
    """A step is run once, however it ended; an exception that is no outcome is not kept."""
    once, called = Once(), []

    def step(name: str, problem: Exception | None = None) -> str:
        called.append(name)
        if problem:
            raise problem
        return name

    assert [once.get("a", lambda: step("a")) for _ in range(2)] == ["a", "a"]
    for _ in range(2):
        with pytest.raises(PreconditionFailed, match="gone"):
            once.get("b", lambda: step("b", PreconditionFailed("gone")))
        with pytest.raises(KeyError):
            once.get("c", lambda: step("c", KeyError("c")))
    assert called == ["a", "b", "c", "c"]

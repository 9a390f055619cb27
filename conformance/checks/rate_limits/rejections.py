"""The response to a request beyond the limit, and how long it holds (docs: reference#rate-limiting)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.rate_limits.limits import plain, steady_scopes
from conformance.http.assertions import TOO_MANY, expect, expect_error_object, expect_value
from conformance.http.outcomes import NotApplicable, Wording
from conformance.rate_limits.counts import asked_wait, rejected_after_wait

if TYPE_CHECKING:
    from conformance.http import Exchange
    from conformance.rate_limits.bursts import RateBursts
    from conformance.rate_limits.counts import Burst


@requirement("rate-limit-429-json-body")
@each("scope", plain)
def check_429_has_json_body(scope: str, rate_bursts: RateBursts) -> None:
    """The 429 has a JSON error object as its body."""
    burst = rate_bursts.burst(scope)
    burst.need_rejected()
    for exchange in burst.rejected:
        expect_error_object(exchange)


@requirement("rate-limit-429-message")
@each("scope", plain)
def check_429_has_its_message(scope: str, rate_bursts: RateBursts) -> None:
    """The message of the 429 is the documented one."""
    exchange = rate_bursts.burst(scope).need_rejected()
    message = need_body(exchange).get("message")
    expect_value(exchange, "message", message, "429: too many requests")


@requirement("rate-limit-429-code-0")
@each("scope", plain)
def check_429_has_code_0(scope: str, rate_bursts: RateBursts) -> None:
    """The code of the 429 is 0."""
    exchange = rate_bursts.burst(scope).need_rejected()
    expect_value(exchange, "code", need_body(exchange).get("code"), 0)


@requirement("rate-limit-429-retry-after-ms")
@each("scope", plain)
def check_429_says_how_long_to_wait(scope: str, rate_bursts: RateBursts) -> None:
    """The 429 says in whole milliseconds how long to wait."""
    burst = rate_bursts.burst(scope)
    burst.need_rejected()
    for rejected in burst.rejected:
        wait = need_body(rejected).get("retry_after")
        expect(
            "retry_after",
            holds=type(wait) is int and 0 <= wait <= 1000,
            expected=Wording("whole milliseconds, at most 1000"),
            actual=wait,
            exchange=rejected,
        )


@requirement("rate-limit-429-retry-after-ms")
@each("scope", plain)
def check_wait_that_is_asked_for_is_enough(scope: str, rate_bursts: RateBursts) -> None:
    """A request is served after as many milliseconds as the 429 asks for."""
    burst = rate_bursts.burst(scope)
    burst.need_rejected()
    waits = [asked_wait(exchange) for exchange in burst.rejected]
    too_early = rejected_after_wait(burst)
    after = too_early or rate_bursts.after_wait(scope)
    if after is None:
        reason = "the 429s do not say how long to wait, or the limit came back too soon to tell"
        raise NotApplicable(reason, burst.rejected[-1])
    expect(
        f"a request after the wait that was asked for ({waits} ms)",
        holds=too_early is None and after.status != TOO_MANY,
        as_upstream=too_early is None and rejected_as_upstream(burst),
        expected=Wording("served"),
        actual=Wording("429 again: is retry_after in milliseconds?"),
        exchange=after,
    )


@requirement("rate-limit-recovers")
@each("scope", steady_scopes)
def check_limit_recovers(scope: str, rate_bursts: RateBursts) -> None:
    """After a second requests are served again."""
    rate_bursts.burst(scope).need_rejected()
    first = rate_bursts.steady()[scope][0]
    expect(
        "a request more than a second after the last rejection",
        holds=first.status != TOO_MANY,
        expected=Wording("served"),
        actual=Wording("429 again"),
        exchange=first,
    )


def need_body(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of a rejection; that it has none is refuted here."""
    expect_error_object(exchange)
    body: dict[str, Any] = exchange.json
    return body


def rejected_as_upstream(burst: Burst) -> bool:
    """Whether the waits are those of upstream, whose rejections use budget.

    The first rejection of an interval, and one that races with it, is reported 0, the others what is left of the interval.
    """
    waits = [wait for wait in map(asked_wait, burst.rejected) if wait is not None]
    intervals = burst.seconds * burst.limit
    return 0 < waits.count(0) <= 2 + intervals and max(waits) * burst.limit <= 1000 + burst.limit

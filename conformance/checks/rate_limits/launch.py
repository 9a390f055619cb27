"""The rate limit of revision 2021-11: two requests a second from one address, over everything (docs: reference#rate-limiting).

The page says that it is not there yet, so a server without it is not at fault unless the run requires it. A server that shows
a limiter, or whose target file names one, is held to the page.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http.assertions import (
    ABSENT,
    TOO_MANY,
    described,
    expect,
    expect_error_object,
    expect_status,
    need_object,
)
from conformance.http.outcomes import NotApplicable, PreconditionFailed, Wording
from conformance.rate_limits.counts import LATER, asked_wait, need_fast, rejected_after_wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.rate_limits.counts import Burst
    from conformance.rate_limits.launch import LaunchBursts


@requirement("rate-limit-2-per-second-per-ip")
def check_all_requests_of_an_address_share_one_limit(launch_bursts: LaunchBursts) -> None:
    """Of requests of several callers for several things at once no more pass than two."""
    bursts = launch_bursts.bursts()
    need_fast(bursts)
    need_served_or_rejected(bursts)
    passed = [len(burst.served) for burst in bursts]
    expect(
        f"requests of {len(bursts[-1].sent)} at once that were not rejected",
        holds=not all(burst.exceeds or burst.short for burst in bursts),
        expected=Wording(f"{launch_bursts.limit - 1} to {bursts[-1].allowed}"),
        actual=Wording(f"{passed}{LATER if bursts[-1].refills_too_fast else ''}"),
        exchange=bursts[-1].sent[-1],
    )


@requirement("rate-limit-exceeded-429-a")
def check_more_than_the_limit_meets_429(launch_bursts: LaunchBursts) -> None:
    """Of more requests than the limit at once some return 429, and all others are served."""
    bursts = launch_bursts.bursts()
    need_fast(bursts)
    burst = bursts[-1]
    for exchange in burst.sent:
        if exchange.status != TOO_MANY and not exchange.ok:
            expect_status(exchange, 200, TOO_MANY)
    if not burst.rejected:
        expect_status(burst.sent[-1], TOO_MANY)


@requirement("rate-limit-exceeded-429-a")
def check_rejected_write_is_not_applied(launch_bursts: LaunchBursts) -> None:
    """A write that returned 429 has not been carried out."""
    shown = need_object(launch_bursts.system_after())
    for burst in launch_bursts.bursts():
        for exchange in burst.rejected:
            body = json.loads(exchange.request_body or "{}")
            expect(
                f"what returned 429: {exchange.method}",
                holds=all(shown.get(key) != text for key, text in body.items()),
                expected=Wording("nothing of it to be seen"),
                actual=Wording("it was carried out"),
                exchange=exchange,
            )


@requirement("rate-limit-error-body-a")
def check_429_has_an_error_body(launch_bursts: LaunchBursts) -> None:
    """The 429 has an error object as its body, with a time to wait in whole milliseconds."""
    launch_bursts.bursts()[-1].need_rejected()
    for burst in launch_bursts.bursts():
        for exchange in burst.rejected:
            expect_error_object(exchange)
            wait = exchange.json.get("retry_after", ABSENT)
            expect(
                "retry_after",
                holds=type(wait) is int and wait > 0,
                expected=Wording("a positive number of whole milliseconds"),
                actual=wait,
                exchange=exchange,
            )


@requirement("rate-limit-error-body-a")
def check_wait_that_is_asked_for_is_enough(launch_bursts: LaunchBursts) -> None:
    """A request is served after as many milliseconds as the 429 asks for."""
    burst = launch_bursts.bursts()[-1]
    burst.need_rejected()
    too_early = rejected_after_wait(burst)
    after = too_early or launch_bursts.after_wait()
    if after is None:
        reason = "the 429s do not say how long to wait, or the limit came back too soon to tell"
        raise NotApplicable(reason, burst.rejected[-1])
    expect(
        f"a request after the wait that was asked for ({[asked_wait(e) for e in burst.rejected]} ms)",
        holds=too_early is None and after.status != TOO_MANY,
        expected=Wording("served"),
        actual=Wording("429 again: is retry_after in milliseconds?"),
        exchange=after,
    )


@requirement("rate-limit-absent-at-a", "rate-limit-2-per-second-per-ip")
def check_steady_pace_is_never_rejected(launch_bursts: LaunchBursts) -> None:
    """Requests at a steady pace just below two a second are all served."""
    sent = launch_bursts.steady()
    rejected = [exchange for exchange in sent if not exchange.ok]
    expect(
        f"{len(sent)} requests at a steady pace below {launch_bursts.limit} a second",
        holds=not rejected,
        expected=Wording("none of them rejected"),
        actual=Wording(f"{len(rejected)} rejected"),
        exchange=(rejected or sent)[0],
    )


def need_served_or_rejected(bursts: Sequence[Burst]) -> None:
    """Raise PreconditionFailed where a response is neither a success nor 429, which is for its own requirement."""
    for exchange in (exchange for burst in bursts for exchange in burst.sent):
        if not exchange.ok and exchange.status != TOO_MANY:
            reason = f"{exchange.label} returned {described(exchange)} in a burst"
            raise PreconditionFailed(reason, exchange)

"""The rate limit of revision 2021-11: two requests a second from one address, over everything (docs: reference#rate-limiting).

The page says that it is not there yet, so a server without it is not at fault unless the run requires it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http.assertions import TOO_MANY, expect, expect_error_object, expect_status
from conformance.http.outcomes import Wording
from conformance.rate_limits.counts import LATER, need_fast

if TYPE_CHECKING:
    from conformance.rate_limits.launch import LaunchBursts


@requirement("rate-limit-2-per-second-per-ip")
def check_all_requests_of_an_address_share_one_limit(launch_bursts: LaunchBursts) -> None:
    """Of requests of several callers for several things at once no more pass than two."""
    bursts = launch_bursts.bursts()
    need_fast(bursts)
    passed = [len(burst.sent) - len(burst.rejected) for burst in bursts]
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


@requirement("rate-limit-error-body-a")
def check_429_has_an_error_body(launch_bursts: LaunchBursts) -> None:
    """The 429 has an error object as its body; a time to wait is whole milliseconds."""
    exchange = launch_bursts.bursts()[-1].need_rejected()
    expect_error_object(exchange)
    wait = exchange.json.get("retry_after", 0)
    expect(
        "retry_after",
        holds=type(wait) is int and wait >= 0,
        expected=Wording("whole milliseconds"),
        actual=wait,
        exchange=exchange,
    )


@requirement("rate-limit-absent-at-a", "rate-limit-2-per-second-per-ip")
def check_steady_pace_is_never_rejected(launch_bursts: LaunchBursts) -> None:
    """Requests at a steady pace just below two a second are all served."""
    sent = launch_bursts.steady()
    rejected = [exchange for exchange in sent if exchange.status == TOO_MANY]
    expect(
        f"{len(sent)} requests at a steady pace below {launch_bursts.limit} a second",
        holds=not rejected,
        expected=Wording("none of them rejected"),
        actual=Wording(f"{len(rejected)} rejected"),
        exchange=(rejected or sent)[0],
    )

"""The four headers of rate limits: there, whole numbers, and true (docs: reference#rate-limiting).

They are read from the bursts of `conformance.rate_limits.bursts`. A missing header is reported once.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.checks.rate_limits.limits import plain
from conformance.contract.rows import Row, table_of
from conformance.http.assertions import TOO_MANY, expect
from conformance.http.outcomes import NotApplicable, Wording
from conformance.http.whole_numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.rate_limits.bursts import RateBursts

RULES = {
    "x-ratelimit-limit": "rate-limit-header-limit",
    "x-ratelimit-remaining": "rate-limit-header-remaining",
    "x-ratelimit-reset": "rate-limit-header-reset-ms",
    "x-ratelimit-scope": "rate-limit-header-scope",
}
AGO, AHEAD = (
    2,
    5,
)  # seconds that clocks and a second's window may put between a reset and its request
HTTP_NOT_FOUND = 404
APART = 1.0  # seconds between two requests whose resets must differ


def headers(contract: Contract) -> Iterator[Row]:
    """Rows for each header in each scope."""
    for row in plain(contract):
        for header, rule in RULES.items():
            yield Row((row.value, header), f"{row.id}-{header}", (rule,))


@requirement("rate-limit-headers-present")
@each("case", headers)
def check_header_is_present(case: tuple[str, str], rate_bursts: RateBursts) -> None:
    """Responses within the limit, and rejections beyond it, carry the header."""
    scope, header = case
    burst = rate_bursts.burst(scope)
    others = [*rate_bursts.single_responses.values()] if scope == "generic_get" else []
    others += rate_bursts.other_writes()[-1].sent if scope == "generic_update" else []
    for exchange in [*burst.served, *burst.rejected, *(e for e in others if e.ok)]:
        expect(
            f"{header} on a {exchange.status}",
            holds=header in exchange.headers,
            expected=Wording(f"the header {header}"),
            actual=Wording("no such header"),
            exchange=exchange,
        )


@requirement("rate-limit-headers-present")
@each("header", table_of(RULES))
def check_error_has_header(header: str, rate_bursts: RateBursts) -> None:
    """A response that is an error carries the header, too; PluralKit production leaves it out where it looks first."""
    exchange = rate_bursts.unknown_message()
    if exchange.ok or exchange.status == TOO_MANY:
        reason = f"{exchange.label} did not return an error of its own"
        raise NotApplicable(reason, exchange)
    expect(
        f"{header} on a {exchange.status}",
        holds=header in exchange.headers,
        expected=Wording(f"the header {header}"),
        actual=Wording("no such header"),
        exchange=exchange,
        as_upstream=exchange.status == HTTP_NOT_FOUND,
    )


@requirement("rate-limit-header-limit")
@each("scope", plain)
def check_limit_is_a_number(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Limit is a whole number above 0."""
    for exchange in shown("x-ratelimit-limit", rate_bursts.burst(scope).sent):
        text = exchange.headers["x-ratelimit-limit"]
        expect(
            "X-RateLimit-Limit",
            holds=(whole_number(text) or 0) > 0,
            expected=Wording("a whole number above 0"),
            actual=text,
            exchange=exchange,
        )


@requirement("rate-limit-header-remaining")
@each("scope", plain)
def check_remaining_is_within_the_limit(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Remaining is a whole number from 0 to the limit."""
    for exchange in shown("x-ratelimit-remaining", rate_bursts.burst(scope).sent):
        text = exchange.headers["x-ratelimit-remaining"]
        expect(
            "X-RateLimit-Remaining",
            holds=(number := whole_number(text)) is not None
            and number <= rate_bursts.limits[scope],
            expected=Wording(f"a whole number from 0 to {rate_bursts.limits[scope]}"),
            actual=text,
            exchange=exchange,
        )


@requirement("rate-limit-header-remaining")
@each("scope", plain)
def check_nothing_remains_on_a_429(scope: str, rate_bursts: RateBursts) -> None:
    """A rejection says that no request is left; one that came back meanwhile may show on some."""
    rejected = shown("x-ratelimit-remaining", rate_bursts.burst(scope).rejected)
    full = [e for e in rejected if e.headers["x-ratelimit-remaining"] != "0"]
    if rejected:
        expect(
            "X-RateLimit-Remaining on rejections",
            holds=len(full) * 2 <= len(rejected),
            expected="0",
            actual=[e.headers["x-ratelimit-remaining"] for e in rejected],
            exchange=rejected[0],
        )


@requirement("rate-limit-header-remaining", "rate-limit-remaining-decreases")
@each("scope", plain)
def check_remaining_falls_within_a_burst(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Remaining falls while the requests of a burst are served, and is lowest on the last of them."""
    burst = rate_bursts.burst(scope)
    reported = shown("x-ratelimit-remaining", burst.served)
    values = numbers("x-ratelimit-remaining", reported)
    back = burst.refilled
    if len(values) > back + 2:
        expect(
            "X-RateLimit-Remaining within a burst",
            holds=len(set(values)) > 1,
            expected=Wording("falling values"),
            actual=values,
            exchange=reported[-1],
        )
    if burst.rejected and len(values) > back + 2 and not burst.exceeds:
        expect(
            "X-RateLimit-Remaining when the limit is used up",
            holds=min(values) <= back + 1,
            expected=Wording(f"falling to {back + 1} or less"),
            actual=values,
            exchange=reported[-1],
        )


@requirement("rate-limit-header-remaining")
@each("scope", plain)
def check_remaining_leaves_out_the_request_itself(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Remaining is not one too high all along: the whole limit first, and something left when rejections begin."""
    burst = rate_bursts.burst(scope)
    burst.need_rejected()
    reported = shown("x-ratelimit-remaining", burst.served)
    values = numbers("x-ratelimit-remaining", reported)
    back = burst.refilled
    if values and not burst.exceeds:
        expect(
            "X-RateLimit-Remaining within a burst",
            holds=max(values) < burst.limit or min(values) <= back,
            expected=Wording(f"{burst.limit - 1} at most on the first, {back} at most on the last"),
            actual=values,
            exchange=reported[-1],
        )


@requirement("rate-limit-header-reset-ms")
@each("scope", plain)
def check_reset_is_a_time_in_milliseconds(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Reset is a UNIX time in milliseconds, neither past nor far."""
    for exchange in shown("x-ratelimit-reset", rate_bursts.burst(scope).sent):
        text = exchange.headers["x-ratelimit-reset"]
        number = whole_number(text)
        value = -1.0 if number is None else float(number)
        expect(
            "X-RateLimit-Reset",
            holds=_near(value / 1000, exchange),
            as_upstream=_near(value, exchange),
            expected=Wording(f"UNIX milliseconds near {exchange.sent * 1000:.0f}"),
            actual=text,
            exchange=exchange,
        )


@requirement("rate-limit-header-reset-ms")
def check_reset_moves_on(rate_bursts: RateBursts) -> None:
    """X-RateLimit-Reset is another instant when a later second is limited."""
    reported = shown(
        "x-ratelimit-reset",
        [*rate_bursts.burst("generic_get").served, *rate_bursts.steady()["generic_get"]],
    )
    for exchange in reported:
        later = exchange.sent - reported[0].ended > APART
        before, after = (
            whole_number(e.headers["x-ratelimit-reset"]) for e in (reported[0], exchange)
        )
        if later and before is not None and after is not None:
            expect(
                f"X-RateLimit-Reset {exchange.sent - reported[0].sent:.1f} s after it was {before}",
                holds=after > before,
                expected=Wording("a later time"),
                actual=str(after),
                exchange=exchange,
            )


@requirement("rate-limit-header-scope")
@each("scope", plain)
def check_scope_is_named(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Scope names the limit that applies."""
    as_upstream = {scope.replace("generic", "own_system")} - {scope}
    as_upstream |= {"generic_get"} if scope == "message" else set()
    for exchange in shown("x-ratelimit-scope", rate_bursts.burst(scope).sent):
        text = exchange.headers["x-ratelimit-scope"]
        expect(
            "X-RateLimit-Scope",
            holds=text == scope,
            as_upstream=text in as_upstream,
            expected=scope,
            actual=text,
            exchange=exchange,
        )


def numbers(header: str, exchanges: list[Exchange]) -> list[int]:
    """Return the whole numbers that the header is in these responses."""
    found = (whole_number(exchange.headers[header]) for exchange in exchanges)
    return [number for number in found if number is not None]


def shown(header: str, exchanges: list[Exchange]) -> list[Exchange]:
    """Return the exchanges that carry the header; that it is missing is for another check."""
    return [exchange for exchange in exchanges if header in exchange.headers]


def _near(seconds: float, exchange: Exchange) -> bool:
    """Whether an instant is about now, by the clock of this machine or by that of the server."""
    ahead = _ahead(exchange)
    return any(
        exchange.sent + off - AGO <= seconds <= exchange.ended + off + AHEAD for off in (0, ahead)
    )


def _ahead(exchange: Exchange) -> float:
    """Return by how many seconds the server's clock is ahead of that of this machine, as far as its Date tells."""
    try:
        reported = parsedate_to_datetime(exchange.headers.get("date", ""))
    except ValueError:
        return 0.0
    return reported.timestamp() - exchange.ended

"""Rate limits of revision 2025-08: how many requests pass, and which share a limit (docs: reference#rate-limiting).

Every limiter that keeps the documented requirements passes: fixed or sliding windows, token buckets, and those that let one
request less through at once. What the headers and the rejections say is in `headers` and `rejections`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http.assertions import (
    TOO_MANY,
    described,
    expect,
    expect_status,
    need_list,
    need_object,
)
from conformance.http.outcomes import PreconditionFailed, Wording
from conformance.rate_limits.counts import LATER, need_fast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.rate_limits.bursts import RateBursts
    from conformance.rate_limits.counts import Burst

RULES = {
    "generic_get": "rate-limit-generic-get-10",
    "generic_update": "rate-limit-generic-update-3",
    "message": "rate-limit-message-10",
}
STEADY = ("generic_get", "generic_update")


def scopes(contract: Contract) -> Iterator[Row]:
    """Rows for the scopes, each with its own requirement."""
    return (Row(name, name, (RULES[name],)) for name in RULES if name in contract.rate_limits)


def steady_scopes(contract: Contract) -> Iterator[Row]:
    """The same rows for the scopes that every target has something to ask of."""
    return (row for row in scopes(contract) if row.value in STEADY)


def plain(contract: Contract) -> Iterator[Row]:
    """The same rows without the requirement of the scope."""
    return (Row(row.value, row.id) for row in scopes(contract))


@requirement("rate-limit-exceeded-429")
@each("scope", scopes)
def check_more_than_the_limit_at_once_meets_429(scope: str, rate_bursts: RateBursts) -> None:
    """Of many requests at once no more pass than the limit, and the others return 429."""
    expect_limited(rate_bursts, rate_bursts.bursts(scope))


@requirement("rate-limit-exceeded-429", "rate-limit-generic-update-3")
def check_every_kind_of_write_is_limited(rate_bursts: RateBursts) -> None:
    """DELETE and PATCH share the limit of writes with POST."""
    expect_limited(rate_bursts, rate_bursts.other_writes())


@requirement("rate-limit-exceeded-429")
def check_made_up_address_does_not_lift_the_limit(rate_bursts: RateBursts) -> None:
    """Requests without a token are limited, too, and one with an address of its own in X-Forwarded-For like any other."""
    rate_bursts.burst("generic_get").need_rejected()
    expect_limited(rate_bursts, rate_bursts.spoofed())


@each("scope", scopes)
def check_requests_within_the_limit_are_served(scope: str, rate_bursts: RateBursts) -> None:
    """The requests that a second allows are served at once, but for one."""
    bursts = rate_bursts.bursts(scope)
    expect(
        f"requests of {scope} at once that were not rejected",
        holds=not all(burst.short for burst in bursts),
        expected=Wording(f"at least {bursts[-1].limit - 1}"),
        actual=[len(burst.sent) - len(burst.rejected) for burst in bursts],
        exchange=bursts[-1].sent[-1],
    )


@each("scope", steady_scopes)
def check_steady_pace_is_never_rejected(scope: str, rate_bursts: RateBursts) -> None:
    """Requests at a steady pace just below the limit are all served."""
    sent = rate_bursts.steady()[scope]
    if sent[0].status == TOO_MANY:
        reason = "the limit had not come back, which is for another check"
        raise PreconditionFailed(reason, sent[0])
    rejected = [exchange for exchange in sent if exchange.status == TOO_MANY]
    expect(
        f"{len(sent)} requests at a steady pace below {rate_bursts.limits[scope]} a second",
        holds=not rejected,
        expected=Wording("none of them rejected"),
        actual=Wording(f"{len(rejected)} rejected"),
        exchange=(rejected or sent)[0],
    )


@each("scope", scopes)
def check_limit_is_reported(scope: str, rate_bursts: RateBursts) -> None:
    """X-RateLimit-Limit is the limit of the scope, where it is reported."""
    for exchange in rate_bursts.burst(scope).sent:
        shown = exchange.headers.get("x-ratelimit-limit")
        expect(
            f"X-RateLimit-Limit of {scope}",
            holds=shown is None or shown == str(rate_bursts.limits[scope]),
            expected=str(rate_bursts.limits[scope]),
            actual=shown,
            exchange=exchange,
        )


@requirement("rate-limit-scopes-are-separate")
def check_reads_leave_the_writes(rate_bursts: RateBursts) -> None:
    """Using up the reads leaves the writes as they were."""
    expect_untouched(rate_bursts.bursts("generic_get"), "generic_update")


@requirement("rate-limit-scopes-are-separate")
def check_writes_leave_the_reads(rate_bursts: RateBursts) -> None:
    """Using up the writes leaves the reads as they were."""
    expect_untouched(rate_bursts.bursts("generic_update"), "generic_get")


@requirement("rate-limit-message-10")
def check_messages_leave_the_reads(rate_bursts: RateBursts) -> None:
    """Using up the messages leaves the other reads as they were."""
    expect_untouched(rate_bursts.bursts("message"), "generic_get")


@requirement("rate-limit-message-10")
def check_reads_leave_the_messages(rate_bursts: RateBursts) -> None:
    """Using up the other reads leaves the messages as they were."""
    rate_bursts.burst("message")  # not applicable without a message to ask for
    expect_untouched(rate_bursts.bursts("generic_get"), "message")


@requirement("rate-limit-exceeded-429")
def check_rejected_write_is_not_applied(rate_bursts: RateBursts) -> None:
    """A write that returned 429 has not been carried out."""
    seen = rate_bursts.state_after_writes()
    bursts = rate_bursts.bursts("generic_update") + rate_bursts.other_writes()
    rejected = [exchange for burst in bursts for exchange in burst.rejected]
    members = need_list(seen["getSystemMembers"])
    description = need_object(seen["getSystem"]).get("description")
    for exchange in rejected:
        expect(
            f"what returned 429: {exchange.method}",
            holds=not applied(exchange, members, description),
            expected=Wording("nothing of it to be seen"),
            actual=Wording("it was carried out"),
            exchange=exchange,
        )


def expect_limited(rate_bursts: RateBursts, bursts: Sequence[Burst]) -> None:
    """Not all of the bursts let more through than their limit, and what they reject is 429."""
    need_fast(bursts)
    burst = bursts[-1]
    passed = [exchange for exchange in burst.sent if exchange.status != TOO_MANY]
    for exchange in passed:
        expect_own_response(exchange, rate_bursts.single_responses.get(exchange.operation.id))
    later = burst.follow_up if burst.refills_too_fast else None
    expect(
        f"requests of {len(burst.sent)} at once that were not rejected",
        holds=not all(one.exceeds for one in bursts),
        expected=Wording(f"at most {burst.allowed} in {burst.seconds * 1000:.0f} ms"),
        actual=Wording(f"{len(passed)}{LATER if later else ''}"),
        exchange=later or (passed[-1] if passed else burst.sent[-1]),
    )


def expect_own_response(exchange: Exchange, alone: Exchange | None) -> None:
    """A request that is not rejected with 429 returns what it returns when sent alone."""
    if alone is not None:
        expect_status(exchange, int(alone.status or 200), TOO_MANY)
    elif not exchange.ok:
        expect(
            exchange.label,
            holds=exchange.status is not None and exchange.status < 500,
            expected=Wording("carried out, or status 429"),
            actual=described(exchange),
            exchange=exchange,
        )


def expect_untouched(bursts: Sequence[Burst], scope: str) -> None:
    """Some burst rejected requests, and what was sent of another scope beside it was not rejected."""
    bursts[-1].need_rejected()
    other_scopes = [
        [e for e in burst.other_scopes if e.operation.scope == scope] for burst in bursts
    ]
    touched = [next((e for e in sent if e.status == TOO_MANY), None) for sent in other_scopes]
    last = touched[-1] or other_scopes[-1][0]
    reported = last.headers.get("x-ratelimit-scope", "")
    named = bursts[-1].sent[0].headers.get("x-ratelimit-scope", "")
    expect(
        f"{last.label} beside the burst",
        holds=not all(touched),
        expected=Wording("not rejected"),
        actual=described(last),
        exchange=last,
        as_upstream=reported.endswith("_get") and named.endswith("_get"),
    )


def applied(exchange: Exchange, members: list[object], description: object) -> bool:
    """Whether the effect of a write is there: a member of that name, no member of that id, or that description."""
    body = json.loads(exchange.request_body or "{}")
    rows = [row for row in members if isinstance(row, dict)]
    if exchange.operation.id == "createMember":
        return any(row.get("name") == body["name"] for row in rows)
    if exchange.operation.id == "deleteMember":
        return exchange.url.rpartition("/")[2] not in {row.get("id") for row in rows}
    return description is not None and description == body["description"]

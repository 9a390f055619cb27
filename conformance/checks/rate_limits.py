"""The rate limits: their headers, the refusal beyond them, and the recovery (docs: reference#rate-limiting).

Everything is seen in one burst of each scope, sent once. Every limiter that keeps the documented sentences passes, also one
that lets one request less through at once. The burst goes to the instance that the target file names for it.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.wire import ME, Inconclusive, NotApplicable, Outcome
from conformance.wire.expectation import (
    expect,
    expect_error_object,
    expect_status,
    expect_value,
    need_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract import Contract
    from conformance.wire import Caller, Exchange

TOO_MANY = 429
WINDOW = 1.1  # seconds: after this long every limiter of so many a second has recovered
FACTOR = 3  # a fixed window may serve twice the limit at once, when it turns within the burst
QUICK = 0.2  # seconds of a burst in which no limiter gives back much
SECONDS_NOT_MS = 5  # a wait of so few milliseconds is believed only when it is enough
SCOPES = ("generic_get", "generic_update")  # those that a burst can reach without a fixture
HEADERS = {
    "x-ratelimit-limit": "rate-limit-header-limit",
    "x-ratelimit-remaining": "rate-limit-header-remaining",
    "x-ratelimit-reset": "rate-limit-header-reset-ms",
    "x-ratelimit-scope": "rate-limit-header-scope",
}


@dataclasses.dataclass
class Burst:
    """Requests of one scope sent at once, and one of each kind after it."""

    scope: str
    limit: int
    began: float  # UNIX time in seconds
    sent: list[Exchange]
    seconds: float = 0.0  # that it took
    after_asked_wait: Exchange | None = None
    recovered: Exchange | None = None
    other_scope: Exchange | None = None
    stored: Exchange | None = None

    @property
    def served(self) -> list[Exchange]:
        """The requests that were not refused for the limit."""
        return [exchange for exchange in self.sent if exchange.status != TOO_MANY]

    @property
    def refused(self) -> list[Exchange]:
        """The requests that were refused with 429."""
        return [exchange for exchange in self.sent if exchange.status == TOO_MANY]

    def need_refused(self) -> Exchange:
        """Return a 429; that there is none is for another check."""
        if not self.refused:
            reason = "no request of the burst was refused"
            raise NotApplicable(reason, self.sent[-1])
        return self.refused[0]


class Bursts:
    """Sends each burst once, and keeps it."""

    def __init__(self, limited: Callable[[], Caller], contract: Contract) -> None:
        """Take who sends the requests to which instance; nothing is sent yet."""
        self.limited, self.contract = limited, contract
        self._of: dict[str, Burst | Outcome] = {}

    def of(self, scope: str) -> Burst:
        """Return the burst of a scope; raises NotApplicable when the target shows no limiter."""
        if scope not in self._of:
            try:
                self._of[scope] = self._send(scope)
            except Outcome as problem:
                self._of[scope] = problem
        found = self._of[scope]
        if isinstance(found, Outcome):
            raise found
        return found

    def _send(self, scope: str) -> Burst:
        owner = self.limited()
        limit = self.contract.rate_limits[scope]
        before = need_object(owner.send("getSystem", ME))
        time.sleep(WINDOW)
        burst = Burst(scope, limit, time.time(), [])
        for number in range(FACTOR * limit):
            burst.sent.append(self._request(owner, scope, f"burst {number}"))
        burst.seconds = time.time() - burst.began
        if scope == "generic_update":
            burst.other_scope = owner.send("getSystem", ME)
        waits = [w for w in map(asked_wait, burst.refused) if w is not None]
        if waits and max(waits) <= SECONDS_NOT_MS:
            time.sleep(max(0, *waits) / 1000 + 0.01)
            burst.after_asked_wait = self._request(owner, scope, "too early")
        time.sleep(WINDOW)
        burst.stored = owner.send("getSystem", ME)
        old = before.get("description")
        burst.recovered = self._request(owner, scope, old)
        return burst

    @staticmethod
    def _request(owner: Caller, scope: str, description: Any) -> Exchange:
        if scope == "generic_update":
            return owner.send("updateSystem", ME, json={"description": description})
        return owner.send("getSystem", ME)


def asked_wait(exchange: Exchange) -> int | None:
    """Return `retry_after` of a 429, when it is an integer."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    wait = body.get("retry_after")
    return wait if type(wait) is int else None


@pytest.fixture(scope="session")
def bursts(limited_owner: Callable[[], Caller], contract: Contract) -> Bursts:
    """What all checks of this module look at."""
    return Bursts(limited_owner, contract)


def scopes(contract: Contract) -> Iterator[Row]:
    """Rows for the scopes, each with its own requirement."""
    for scope in SCOPES if contract.rate_limits.keys() >= set(SCOPES) else ():
        limit = contract.rate_limits[scope]
        yield Row(scope, scope, (f"rate-limit-{scope.replace('_', '-')}-{limit}",))


def plain(contract: Contract) -> Iterator[Row]:
    """The same rows without the requirement of the scope."""
    return (Row(row.value, row.id) for row in scopes(contract))


def headers(contract: Contract) -> Iterator[Row]:
    """Rows for each header in each scope."""
    for row in plain(contract):
        for header, rule in HEADERS.items():
            yield Row((row.value, header), f"{row.id}-{header}", (rule,))


@changes_system
@requirement("rate-limit-exceeded-429")
@each("scope", scopes)
def check_more_than_the_limit_at_once_meets_429(scope: str, bursts: Bursts) -> None:
    """Of three times the requests that a second allows, some are answered 429 and all others are served."""
    burst = bursts.of(scope)
    if not burst.refused and burst.seconds >= 1:
        rate = len(burst.sent) / burst.seconds
        reason = (
            f"the target answers too slowly for a burst: {rate:.0f} requests a second were reached"
        )
        raise Inconclusive(reason, burst.sent[-1])
    if not burst.refused:
        expect_status(burst.sent[-1], TOO_MANY)
    for exchange in burst.served:
        expect_status(exchange, 200)


@changes_system
@each("scope", scopes)
def check_requests_within_the_limit_are_served(scope: str, bursts: Bursts) -> None:
    """The requests that a second allows are served, and the header says how many that is."""
    burst = bursts.of(scope)
    in_time = burst.sent[: burst.limit - 1]
    for exchange in in_time:
        expect_status(exchange, 200)
    shown = in_time[0].headers.get("x-ratelimit-limit")
    if shown is not None:
        expect_value(in_time[0], f"X-RateLimit-Limit of {scope}", shown, str(burst.limit))


@changes_system
@requirement("rate-limit-429-json-body")
@each("scope", plain)
def check_429_has_json_body(scope: str, bursts: Bursts) -> None:
    """The 429 has a JSON error object as its body."""
    expect_error_object(bursts.of(scope).need_refused())


@changes_system
@requirement("rate-limit-429-message")
@each("scope", plain)
def check_429_has_its_message(scope: str, bursts: Bursts) -> None:
    """The message of the 429 is the documented one."""
    exchange = bursts.of(scope).need_refused()
    message = need_body(exchange).get("message")
    expect_value(exchange, "message", message, "429: too many requests")


@changes_system
@requirement("rate-limit-429-code-0")
@each("scope", plain)
def check_429_has_code_0(scope: str, bursts: Bursts) -> None:
    """The code of the 429 is 0."""
    exchange = bursts.of(scope).need_refused()
    expect_value(exchange, "code", need_body(exchange).get("code"), 0)


@changes_system
@requirement("rate-limit-429-retry-after-ms")
@each("scope", plain)
def check_429_says_how_long_to_wait(scope: str, bursts: Bursts) -> None:
    """The 429 says in whole milliseconds how long to wait."""
    burst = bursts.of(scope)
    exchange = burst.need_refused()
    for refused in burst.refused:
        wait = need_body(refused).get("retry_after")
        expect(
            "retry_after",
            holds=type(wait) is int and 0 <= wait <= 1000,
            expected="whole milliseconds, at most 1000",
            actual=wait,
            exchange=refused,
        )
    if burst.after_asked_wait is not None:
        waits = [asked_wait(refused) for refused in burst.refused]
        expect(
            f"a request after the longest wait that was asked for ({max(w or 0 for w in waits)} ms)",
            holds=burst.after_asked_wait.status != TOO_MANY,
            expected="served",
            actual="429 again: is retry_after in seconds?",
            exchange=exchange,
        )


@changes_system
@requirement("rate-limit-recovers")
@each("scope", plain)
def check_limit_recovers(scope: str, bursts: Bursts) -> None:
    """After a second requests are served again."""
    burst = bursts.of(scope)
    assert burst.recovered is not None
    expect_status(burst.recovered, 200)


@changes_system
@requirement("rate-limit-scopes-are-separate")
def check_scopes_are_separate(bursts: Bursts) -> None:
    """Using up the writes leaves the reads as they were."""
    burst = bursts.of("generic_update")
    burst.need_refused()
    assert burst.other_scope is not None
    expect_status(burst.other_scope, 200)


@changes_system
@requirement("rate-limit-exceeded-429")
def check_refused_write_is_not_applied(bursts: Bursts) -> None:
    """A write that was answered 429 has not been carried out."""
    burst = bursts.of("generic_update")
    burst.need_refused()
    assert burst.stored is not None
    stored = need_object(burst.stored).get("description")
    sent = [str(exchange.request_body) for exchange in burst.refused]
    expect(
        "description after refused PATCHes",
        holds=not any(f'"{stored}"' in body for body in sent),
        expected="what the last served PATCH set",
        actual=stored,
        exchange=burst.stored,
    )


@changes_system
@requirement("rate-limit-headers-present")
@each("case", headers)
def check_header_is_present(case: tuple[str, str], bursts: Bursts) -> None:
    """Answers within the limit, and refusals beyond it, carry the header."""
    scope, header = case
    burst = bursts.of(scope)
    for exchange in burst.served[:1] + burst.refused[:1]:
        expect(
            f"{header} on a {exchange.status}",
            holds=header in exchange.headers,
            expected=f"the header {header}",
            actual="no such header",
            exchange=exchange,
        )


@changes_system
@requirement("rate-limit-header-remaining", "rate-limit-remaining-decreases")
@each("scope", plain)
def check_remaining_falls_within_a_burst(scope: str, bursts: Bursts) -> None:
    """X-RateLimit-Remaining is between 0 and the limit, and falls within a burst."""
    burst = bursts.of(scope)
    shown = [e for e in burst.served if "x-ratelimit-remaining" in e.headers][: burst.limit - 1]
    values = [number(exchange, "x-ratelimit-remaining", burst.limit) for exchange in shown]
    resets = {exchange.headers.get("x-ratelimit-reset") for exchange in shown}
    if len(values) > 1 and (len(resets) == 1 or burst.seconds < QUICK):
        expect(
            "X-RateLimit-Remaining within a burst",
            holds=values[-1] < values[0],
            expected="falling values",
            actual=values,
            exchange=shown[-1],
        )


@changes_system
@requirement("rate-limit-header-reset-ms")
@each("scope", plain)
def check_reset_is_a_time_in_milliseconds(scope: str, bursts: Bursts) -> None:
    """X-RateLimit-Reset is a UNIX time in milliseconds, neither past nor far."""
    burst = bursts.of(scope)
    exchange = burst.sent[0]
    shown = exchange.headers.get("x-ratelimit-reset")
    if shown is None:
        return  # that it is missing is for another check
    value = float(shown) if shown.isdigit() else -1.0
    expect(
        "X-RateLimit-Reset",
        holds=_near(value / 1000, burst.began),
        as_upstream=_near(value, burst.began),
        expected=f"UNIX milliseconds near {burst.began * 1000:.0f}",
        actual=shown,
        exchange=exchange,
    )


@changes_system
@requirement("rate-limit-header-scope")
@each("scope", plain)
def check_scope_is_named(scope: str, bursts: Bursts) -> None:
    """X-RateLimit-Scope names the limit that applies."""
    exchange = bursts.of(scope).sent[0]
    shown = exchange.headers.get("x-ratelimit-scope")
    if shown is None:
        return  # that it is missing is for another check
    expect(
        "X-RateLimit-Scope",
        holds=shown == scope,
        as_upstream=shown == scope.replace("generic", "own_system"),
        expected=scope,
        actual=shown,
        exchange=exchange,
    )


def need_body(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of a refusal; that it has none is refuted here."""
    expect_error_object(exchange)
    body: dict[str, Any] = exchange.json
    return body


def number(exchange: Exchange, header: str, limit: int) -> int:
    """Return a header as a number between 0 and the limit, or refute."""
    shown = exchange.headers.get(header, "")
    expect(
        header,
        holds=shown.isdigit() and int(shown) <= limit,
        expected=f"a whole number from 0 to {limit}",
        actual=shown,
        exchange=exchange,
    )
    return int(shown)


def _near(seconds: float, began: float) -> bool:
    return began - 2 <= seconds <= began + 5

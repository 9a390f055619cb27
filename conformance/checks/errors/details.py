"""What the response to a rejected value says, and what other errors do not say (docs: errors#error-response-model).

The rejections are those of `limits` and `formats`; whether a value is rejected at all is tested there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.contract.value_cases import REJECTED, Case, rows
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect, expect_value, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.sent_values import BAD_REQUEST, SentValues, errors_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange

INVALID = 40001
LENGTHS = ("max_length", "actual_length")
UNAUTHORIZED, NOT_FOUND = 401, 404


def rejected(contract: Contract, *, limits: tuple[bool, ...] = (True, False)) -> Iterator[Row]:
    """Rows for the rejected values whose response has code 40001 by the docs."""
    for some in limits:
        for row in rows(contract, limits=some, stages=[REJECTED]):
            if row.value.cell.input_class.code:
                yield Row(row.value, row.id)


def too_long(contract: Contract) -> Iterator[Row]:
    """Rows for the values that are too long."""
    return rejected(contract, limits=(True,))


def malformed(contract: Contract) -> Iterator[Row]:
    """Rows for the values that are rejected for their form; whether a proxy tag is too long a key is open."""
    return (row for row in rejected(contract, limits=(False,)) if row.value.key != "proxy_tags")


@pytest.fixture(scope="session")
def errors(account: Account, owner: Caller) -> dict[int, Exchange]:
    """One error of each status, from requests without a body, of a server that does not reject everything."""
    need_object(owner.send("getSystem", ME))
    return {
        UNAUTHORIZED: account.anonymous.send("getSystem", ME),
        NOT_FOUND: owner.send("getMember", {"memberId": account.unknown_uuid()}),
    }


def need_error(exchange: Exchange, status: int) -> dict[str, Any]:
    """Return the JSON object of an error, empty when there is none; that it is rejected at all is for another check."""
    if exchange.status != status:
        reason = f"{exchange.label} returned {described(exchange)}, not {status}"
        raise NotApplicable(reason, exchange)
    return exchange.json if isinstance(exchange.json, dict) else {}


def need_details(case: Case, exchange: Exchange) -> list[dict[str, Any]]:
    """Return what `errors` says of the key of a case."""
    need_error(exchange, BAD_REQUEST)
    details = errors_of(exchange).get(case.key)
    found = [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []
    if not found:
        reason = f"errors of {exchange.label} says nothing of {case.key}"
        raise PreconditionFailed(reason, exchange)
    return found


@requirement("err-40001")
@each("case", rejected)
def check_rejected_value_has_code_40001(case: Case, sent_values: SentValues) -> None:
    """A value that cannot be read returns 400 with code 40001, and `errors` names its key."""
    exchange = sent_values.sent_value(case).patch
    body = need_error(exchange, BAD_REQUEST)
    expect_value(exchange, f"code of {exchange.label}", body.get("code", ABSENT), INVALID)
    expect(
        f"errors of {exchange.label}",
        holds=case.key in errors_of(exchange),
        expected=Wording(f"a map with the key {case.key}"),
        actual=body.get("errors", ABSENT),
        exchange=exchange,
    )


@requirement("error-errors-map")
@each("case", rejected)
def check_errors_maps_keys_to_lists(case: Case, sent_values: SentValues) -> None:
    """`errors` maps the key that was rejected to a list of objects."""
    exchange = sent_values.sent_value(case).patch
    body = need_error(exchange, BAD_REQUEST)
    if body.get("code") != INVALID:
        reason = f"{exchange.label} has not code {INVALID}, which is for its own requirement"
        raise NotApplicable(reason, exchange)
    shown = body.get("errors", ABSENT)
    details = shown.get(case.key) if isinstance(shown, dict) else None
    expect(
        f"errors of {exchange.label}",
        holds=isinstance(details, list)
        and len(details) > 0
        and all(isinstance(detail, dict) for detail in details),
        expected=Wording(f"a map of {case.key} to a list of objects"),
        actual=shown,
        exchange=exchange,
    )


@requirement("error-object-message")
@each("case", rejected)
def check_error_detail_has_a_message(case: Case, sent_values: SentValues) -> None:
    """Each error detail has a message, a text."""
    exchange = sent_values.sent_value(case).patch
    for detail in need_details(case, exchange):
        expect(
            f"error detail of {case.key}",
            holds=isinstance(detail.get("message"), str),
            expected=Wording("a text under message"),
            actual=detail,
            exchange=exchange,
        )


@requirement("error-object-max-length")
@each("case", too_long)
def check_detail_says_the_allowed_length(case: Case, sent_values: SentValues) -> None:
    """The detail of a text that is too long has max_length, the length that is allowed."""
    field = sent_values.contract.field(case.model, case.key)
    expect_length(case, sent_values, "max_length", field.schema["maxLength"])


@requirement("error-object-actual-length")
@each("case", too_long)
def check_detail_says_the_sent_length(case: Case, sent_values: SentValues) -> None:
    """The detail of a text that is too long has actual_length, the length that was sent."""
    expect_length(case, sent_values, "actual_length", len(case.value))


@requirement("error-object-lengths-only-when-too-long")
@each("case", malformed)
def check_other_details_have_no_lengths(case: Case, sent_values: SentValues) -> None:
    """The detail of any other mistake has neither max_length nor actual_length."""
    exchange = sent_values.sent_value(case).patch
    for detail in need_details(case, exchange):
        expect(
            f"error detail of {case.key}",
            holds=not detail.keys() & set(LENGTHS),
            expected=Wording("neither max_length nor actual_length"),
            actual=detail,
            exchange=exchange,
        )


@requirement("error-errors-only-for-model-parsing")
@each("status", table_of((UNAUTHORIZED, NOT_FOUND)))
def check_other_errors_have_no_errors_map(status: int, errors: dict[int, Exchange]) -> None:
    """An error that is not about a value in a body has no key `errors`."""
    expect_absent(errors[status], status, "errors")


@requirement("error-retry-after-only-rate-limit")
@each("status", table_of((UNAUTHORIZED, NOT_FOUND)))
def check_other_errors_have_no_retry_after(status: int, errors: dict[int, Exchange]) -> None:
    """An error that is not about the rate limit has no key `retry_after`."""
    expect_absent(errors[status], status, "retry_after")


@requirement("error-retry-after-only-rate-limit")
@each("case", rejected)
def check_rejected_value_has_no_retry_after(case: Case, sent_values: SentValues) -> None:
    """The response to a rejected value has no key `retry_after`."""
    expect_absent(sent_values.sent_value(case).patch, BAD_REQUEST, "retry_after")


def expect_absent(exchange: Exchange, status: int, key: str) -> None:
    """The error object lacks the key, or it is null: what stands there in other errors the docs leave open."""
    actual = need_error(exchange, status).get(key)
    expect(
        f"{key} of {exchange.label}",
        holds=actual is None,
        expected=ABSENT,
        actual=actual,
        exchange=exchange,
    )


def expect_length(case: Case, sent_values: SentValues, key: str, length: int) -> None:
    """One of the details of the case has this length under this key."""
    exchange = sent_values.sent_value(case).patch
    lengths = [detail.get(key, ABSENT) for detail in need_details(case, exchange)]
    expect(
        f"{key} of {case.key}",
        holds=any(type(shown) is int and shown == length for shown in lengths),
        expected=length,
        actual=lengths[0] if len(lengths) == 1 else lengths,
        exchange=exchange,
    )

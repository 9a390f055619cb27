"""Assertions about responses, whose failures have expected, actual and the exchange.

Functions named `expect_...` test the requirement of the check and raise Refuted. Those named `need_...` test its preconditions
and raise PreconditionFailed: the requirement that is violated then has checks of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from conformance.contract.equivalence import same
from conformance.contract.value_types import fits
from conformance.http.exchange import NOT_JSON
from conformance.http.outcomes import (
    AsUpstream,
    NotApplicable,
    PreconditionFailed,
    Refuted,
    Wording,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from conformance.contract import Field
    from conformance.http.exchange import Exchange

ABSENT = Wording("no such key")
TOO_MANY = 429
NOT_FOUND, NO_MEMBER_ROW = 404, 20010


def expect(
    what: str,
    *,
    holds: bool,
    expected: object,
    actual: object,
    exchange: Exchange,
    as_upstream: bool = False,
    violates: tuple[str, ...] = (),
) -> None:
    """Refute the requirement unless `holds`; all other `expect_...` functions call this one.

    `as_upstream` says that the response is a known deviation of PluralKit production, `violates` which of the check's
    requirements it refutes, if not all of them.
    """
    if not holds:
        kind = AsUpstream if as_upstream else Refuted
        raise kind(what, expected=expected, actual=actual, exchange=exchange, violates=violates)


def expect_status(
    exchange: Exchange, *statuses: int, as_upstream: bool = False, violates: tuple[str, ...] = ()
) -> None:
    """The status is one of these."""
    expected = Wording("status " + " or ".join(map(str, statuses)))
    expect(
        exchange.label,
        holds=exchange.status in statuses,
        expected=expected,
        actual=described(exchange),
        exchange=exchange,
        as_upstream=as_upstream,
        violates=violates,
    )


def expect_accepted(
    exchange: Exchange, *, as_upstream: bool = False, violates: tuple[str, ...] = ()
) -> None:
    """The request was carried out, whatever success the server calls it: which one it must be is for another requirement."""
    expect(
        exchange.label,
        holds=exchange.ok,
        expected=Wording("success"),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=as_upstream,
        violates=violates,
    )


def expect_rejected(exchange: Exchange, *, as_upstream: bool = False) -> None:
    """The request was rejected with a 4xx."""
    expect(
        exchange.label,
        holds=exchange.status is not None and httpx.codes.is_client_error(exchange.status),
        expected=Wording("a rejection (4xx)"),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=as_upstream,
    )


def expect_error(
    exchange: Exchange, status: int, codes: Collection[int], *, violates: tuple[str, ...] = ()
) -> None:
    """The response is this status with the documented error object and one of these codes.

    Source: docs, errors#error-response-model.
    """
    expect_status(exchange, status, violates=violates)
    code = exchange.json.get("code") if isinstance(exchange.json, dict) else None
    if type(code) is not int:
        reason = f"{exchange.label} returned no integer code, which is for its own requirement"
        raise PreconditionFailed(reason, exchange)
    expect(
        f"code of {exchange.label}",
        holds=code in codes,
        expected=Wording(" or ".join(map(str, codes))),
        actual=code,
        exchange=exchange,
        violates=violates,
    )


def expect_error_object(exchange: Exchange, *, as_upstream: bool = False) -> None:
    """The body is JSON: an object with an integer `code` and a text `message`."""
    body = exchange.json
    holds = (
        isinstance(body, dict)
        and type(body.get("code")) is int
        and isinstance(body.get("message"), str)
    )
    expect(
        f"error body of {exchange.label}",
        holds=holds,
        expected=Wording('a JSON object with an integer "code" and a text "message"'),
        actual=Wording(exchange.text or "an empty body"),
        exchange=exchange,
        as_upstream=as_upstream,
    )


def expect_value(exchange: Exchange, what: str, actual: object, expected: object) -> None:
    """A value in the response is exactly the expected one (1 is not True here)."""
    holds = same(actual, expected)
    expect(what, holds=holds, expected=expected, actual=actual, exchange=exchange)


def need_key(exchange: Exchange, body: dict[str, Any], key: str) -> Any:
    """Return the value of a key; that it is there at all is for a requirement of its own."""
    if key not in body:
        reason = f"{exchange.label} shows no key {key}"
        raise PreconditionFailed(reason, exchange)
    return body[key]


def need_type(exchange: Exchange, body: dict[str, Any], field: Field) -> Any:
    """Return the value of a key; that it is there, and of a type of the key, is for requirements of their own."""
    value = need_key(exchange, body, field.key)
    if value is not None and not fits(field, value):
        reason = f"{exchange.label} shows {field.key} with a value of another type"
        raise PreconditionFailed(reason, exchange)
    return value


def need_success(exchange: Exchange) -> Exchange:
    """Return the exchange if its status is a success.

    Settings of a member in a guild need a database row that no request can create: without one the check does not apply.

    Raises:
        NotApplicable: the member has no settings in the guild.
        PreconditionFailed: any other response that is not a success.

    """
    if lacks_row(exchange):
        reason = "the members of the run have no settings in the declared guild"
        raise NotApplicable(reason, exchange)
    if not exchange.ok:
        reason = f"{exchange.label} returned {described(exchange)}"
        raise PreconditionFailed(reason, exchange)
    return exchange


def lacks_row(exchange: Exchange) -> bool:
    """Whether a response says, as documented, that a member has no settings in a guild."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    about_members = exchange.operation.entity == "MemberGuildSettings"
    return about_members and (exchange.status, body.get("code")) == (NOT_FOUND, NO_MEMBER_ROW)


def need_object(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of a successful response."""
    body = need_success(exchange).json
    if not isinstance(body, dict):
        reason = f"{exchange.label} did not return a JSON object"
        raise PreconditionFailed(reason, exchange)
    return body


def need_list(exchange: Exchange) -> list[Any]:
    """Return the JSON array of a successful response."""
    body = need_success(exchange).json
    if not isinstance(body, list):
        reason = f"{exchange.label} did not return a JSON array"
        raise PreconditionFailed(reason, exchange)
    return body


def need_row(exchange: Exchange, ref: str) -> dict[str, Any]:
    """Return the object with this id from a list; raises PreconditionFailed when it is not there."""
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == ref:
            return row
    reason = f"{exchange.label} does not show {ref}"
    raise PreconditionFailed(reason, exchange)


def need_privacy(exchange: Exchange) -> dict[str, Any]:
    """Return the privacy object that a response shows; raises PreconditionFailed when there is none."""
    privacy = need_object(exchange).get("privacy")
    if not isinstance(privacy, dict):
        reason = f"{exchange.label} shows no privacy object"
        raise PreconditionFailed(reason, exchange)
    return privacy


def described(exchange: Exchange) -> Wording:
    """Describe a response in a few words: its status, and the message of an error."""
    body = exchange.json
    if exchange.status is None:
        return Wording(exchange.error or "no response")
    message = body.get("message") if isinstance(body, dict) else None
    form = "" if body is not NOT_JSON or not exchange.text else ", not JSON"
    text = f" ({message})" if isinstance(message, str) and not exchange.ok else form
    return Wording(f"status {exchange.status}{text}")

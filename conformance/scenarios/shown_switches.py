"""What a response shows of a switch: its members and its time. The checks are in `conformance.checks.switches`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, expect_value, need_object, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from conformance.account import Entity
    from conformance.http import Exchange


def shown(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the switches in a response."""
    need_success(exchange)
    rows = exchange.json if isinstance(exchange.json, list) else [exchange.json]
    found = [row for row in rows if isinstance(row, dict)]
    if not found:
        reason = f"{exchange.label} shows no switch"
        raise PreconditionFailed(reason, exchange)
    return found


def expect_members(exchange: Exchange, *members: Entity, objects: bool = False) -> None:
    """The response shows a switch of exactly these members, in any order."""
    row = need_object(exchange)
    expected = sorted(member.id for member in members)
    expect_value(exchange, f"members of {exchange.label}", member_ids(row), expected)
    if objects:
        expect_objects(exchange, row)


def expect_objects(exchange: Exchange, row: dict[str, Any]) -> None:
    """The members of the switch are member objects."""
    members = row.get("members")
    expect(
        f"members of {exchange.label}",
        holds=isinstance(members, list)
        and all(isinstance(one, dict) and {"id", "uuid", "name"} <= one.keys() for one in members),
        expected=Wording("a list of member objects"),
        actual=members,
        exchange=exchange,
    )


def expect_time(
    exchange: Exchange,
    expected: str,
    *,
    as_upstream: str | None = None,
    violates: tuple[str, ...] = (),
) -> None:
    """The response shows a switch at this time."""
    actual = need_object(exchange).get("timestamp")
    expect(
        f"timestamp of {exchange.label}",
        holds=is_at(actual, expected),
        expected=expected,
        actual=actual,
        exchange=exchange,
        as_upstream=as_upstream is not None and is_at(actual, as_upstream),
        violates=violates,
    )


def is_at(actual: object, expected: str) -> bool:
    """Whether a timestamp is the expected one; whether fractions of a second are kept is left open."""
    shown_at, sent = moment(actual), moment(expected)
    return sent is not None and shown_at in (sent, sent.replace(microsecond=0))

"""Proxied messages (docs: models#message-model, endpoints#get-proxied-message-information); they are only read.

All but an unknown message needs ids in the target file: nothing in the API makes a message.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.contract.rows import Row, table_of
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_status,
    expect_value,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.coded_answers import expect_answer
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange
    from conformance.target import Target

IDS = ("id", "original", "sender", "channel")
HTTP_NOT_FOUND = 404
NO_TOKEN = 401
KEPT = dt.timedelta(minutes=30)  # docs: how long the original id leads to the message
FIRST_SNOWFLAKE = 10**17
DISCORD_EPOCH = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)


def models(contract: Contract) -> Iterator[Row]:
    """Rows for the objects in a message."""
    for key in ("system", "member"):
        yield Row(key, key, contract.named("full_object", key=key))


@pytest.fixture(scope="session")
def ask(owner: Caller, target: Target) -> Callable[[str], tuple[str, Exchange]]:
    """A function that asks once for a message that the target file names; it returns the id and the response."""
    asked: dict[str, Exchange] = {}

    def message(name: str) -> tuple[str, Exchange]:
        ref = target.fixture(name)
        if name not in asked:
            asked[name] = owner.send("getMessage", {"messageId": ref})
        return ref, asked[name]

    return message


def is_snowflake(value: object) -> bool:
    """Whether a value is a Discord id written as text."""
    return isinstance(value, str) and value.isascii() and value.isdigit()


@requirement("get-message-by-proxied-id")
def check_message_is_found(ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """A message is found by the id of the proxied message."""
    ref, exchange = ask("message_id")
    expect_status(exchange, 200)
    expect_value(exchange, "id", str(need_object(exchange).get("id")), ref)


BY = {
    "message_id": "get-message-by-proxied-id",
    "original_message_id": "get-message-by-original-id",
}


def asked_by_others(_: Contract) -> Iterator[Row]:
    """Rows for both ids of a message, and for others who ask by it."""
    for name, rule in BY.items():
        for caller in ("other", "anonymous"):
            yield Row((name, caller), f"{name}-{caller}", (rule,))


@each("case", asked_by_others)
def check_message_is_found_by_others(
    case: tuple[str, str], ask: Callable[[str], tuple[str, Exchange]], callers: Any
) -> None:
    """A message that its sender finds is found by others, too."""
    name, caller = case
    ref, owners = ask(name)
    need_success(owners)
    exchange = callers[caller]().send("getMessage", {"messageId": ref})
    expect_status(exchange, 200)


@requirement("get-message-by-original-id")
def check_message_is_found_by_original(ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """A message is found by the id of the message that triggered the proxy."""
    ref, exchange = ask("original_message_id")
    sent = DISCORD_EPOCH + dt.timedelta(milliseconds=int(ref) >> 22)
    if exchange.status == HTTP_NOT_FOUND and dt.datetime.now(dt.UTC) - sent > KEPT:
        reason = "the original message is older than 30 minutes"
        raise NotApplicable(reason, exchange)
    expect_status(exchange, 200)
    shown = need_object(exchange)
    expect(
        "id of the proxied message",
        holds=str(shown.get("id")) != ref,
        expected=Wording(f"not {ref}, which is the original"),
        actual=shown.get("id"),
        exchange=exchange,
    )
    if shown.get("original") == "":  # another check has that it ought to be an id
        return
    expect_value(exchange, "original", str(shown.get("original")), ref)


def unknown(contract: Contract) -> Iterator[Row]:
    """Rows for the ids of no message, and for texts that are no id at all."""
    for cell in inputs.cells(contract, inputs.PATH):
        if cell.where == "messageId":
            yield Row(cell, cell.name, cell.rules(contract), cells=(cell,))


@each("cell", unknown)
def check_id_of_no_message_is_rejected(
    cell: Cell, anonymous: Caller, account: Account, target: Target, contract: Contract
) -> None:
    """A message that does not exist is not found; what is no Discord id is the caller's mistake."""
    number = FIRST_SNOWFLAKE + account.random.randrange(FIRST_SNOWFLAKE)
    ref = str(cell.input_class.value or number)
    exchange = anonymous.send("getMessage", {"messageId": ref})
    known = target.fixtures.get("message_id")
    if exchange.status == NO_TOKEN and known:
        found = anonymous.send("getMessage", {"messageId": known})
        if found.status == NO_TOKEN:
            reason = "messages are for callers with a token alone, which has a check of its own"
            raise PreconditionFailed(reason, found)
    expect_answer(cell, exchange, contract)


@requirement("message-ids-are-strings")
@each("key", table_of(IDS))
def check_ids_are_text(key: str, ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """The ids in a message are Discord ids written as text."""
    _, exchange = ask("message_id")
    expect_id(key, exchange)


@requirement("message-ids-are-strings")
@each("key", table_of(IDS))
def check_ids_of_a_deleted_member_are_text(
    key: str, ask: Callable[[str], tuple[str, Exchange]]
) -> None:
    """So are those of a message whose member was deleted."""
    _, exchange = ask("deleted_message_id")
    expect_id(key, exchange)


def expect_id(key: str, exchange: Exchange) -> None:
    """The key of the message is a Discord id; PluralKit production has an empty text for an original that it does not know."""
    actual = need_object(exchange).get(key)
    expect(
        key,
        holds=is_snowflake(actual),
        expected=Wording("a Discord id as text"),
        actual=actual,
        exchange=exchange,
        as_upstream=key == "original" and actual == "",
    )


@requirement("message-guild-string")
def check_guild_is_text(ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """The guild of a message is a Discord id written as text."""
    _, exchange = ask("message_id")
    actual = need_object(exchange).get("guild", False)
    expect(
        "guild",
        holds=is_snowflake(actual),
        expected=Wording("a Discord id as text"),
        actual=actual,
        exchange=exchange,
        as_upstream=actual is None,
    )


@requirement("message-timestamp-datetime")
def check_timestamp_is_a_date_and_time(ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """The timestamp of a message is a date and time."""
    _, exchange = ask("message_id")
    actual = need_object(exchange).get("timestamp")
    expect(
        "timestamp",
        holds=moment(actual) is not None,
        expected=Wording("a date and time after RFC 3339"),
        actual=actual,
        exchange=exchange,
    )


@each("name", models)
def check_objects_are_full(
    name: str,
    ask: Callable[[str], tuple[str, Exchange]],
    contract: Contract,
    account: Account,
    full_member: Entity,
) -> None:
    """The system and the member of a message are full objects, by whatever id it is found."""
    _, exchange = ask("message_id")
    alone = {"system": account.snapshot.system, "member": full_member.body}[name]
    expect_full(name, exchange, contract, alone)
    try:
        _, by_original = ask("original_message_id")
    except NotApplicable:
        return
    if by_original.ok:  # it leads to the message for half an hour
        expect_full(name, by_original, contract, alone)


def expect_full(name: str, exchange: Exchange, contract: Contract, alone: dict[str, Any]) -> None:
    """The object has all keys that one of its model has when it is read alone."""
    shown: Any = need_object(exchange).get(name)
    fields = contract.fields_of(name.capitalize())
    wanted = [field.key for field in fields if field.always and field.key in alone]
    missing = [key for key in wanted if not isinstance(shown, dict) or key not in shown]
    expect(
        f"keys that the {name} lacks",
        holds=not missing,
        expected=[],
        actual=missing,
        exchange=exchange,
    )


@requirement("message-system-member-null-when-deleted")
@each("key", table_of(("system", "member")))
def check_deleted_member_is_null(key: str, ask: Callable[[str], tuple[str, Exchange]]) -> None:
    """The system and the member of a message are null when the member was deleted."""
    _, exchange = ask("deleted_message_id")
    expect_status(exchange, 200)
    expect_value(exchange, key, need_object(exchange).get(key, False), None)

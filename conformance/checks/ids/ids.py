"""Ids: how they look, that they are unique and stable (docs: models#notes-on-ids). How a path writes them is in `ids.paths`."""

from __future__ import annotations

import collections
import contextlib
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, expect, expect_value, need_list, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.entity_paths import PathRequest, PathRequests, patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Exchange

MODELS = ("System", "Member", "Group")
LENGTHS = {"short-id-5-characters": (5,), "short-id-5-or-6-characters": (5, 6)}


def lengths(contract: Contract) -> Iterator[Row]:
    """Rows for each model, with the length that this revision gives short ids."""
    for rule, allowed in LENGTHS.items():
        for model in MODELS if rule in contract.requirements else ():
            yield Row((model, allowed), model.lower(), (rule,))


@pytest.fixture(scope="session")
def everything(account: Account) -> dict[str, Exchange]:
    """All members and groups of the system, as its owner sees them listed."""
    send = account.owner.send
    return {"Member": send("getSystemMembers", ME), "Group": send("getSystemGroups", ME)}


def rows_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [row for row in need_list(exchange) if isinstance(row, dict)]


@requirement("entities-have-short-id-and-uuid")
@each("model", table_of(MODELS, str.lower))
def check_has_both_ids(model: str, path_requests: PathRequests) -> None:
    """What is read alone has a short id and a UUID."""
    for key in ("id", "uuid"):
        expect_id(
            model, key, path_requests, "a text", lambda value: bool(value) and value is not ABSENT
        )


@each("case", lengths)
def check_length_of_short_id(
    case: tuple[str, tuple[int, ...]], path_requests: PathRequests
) -> None:
    """A short id has the length that the docs give."""
    model, allowed = case
    wanted = f"{' or '.join(map(str, allowed))} characters"
    expect_id(model, "id", path_requests, wanted, lambda value: len(value) in allowed)


@requirement("uuid-format")
@each("model", table_of(MODELS, str.lower))
def check_long_id_is_a_uuid(model: str, path_requests: PathRequests) -> None:
    """The long id is a UUID."""
    need_uuid(path_requests.single_read(model))
    expect_id(model, "uuid", path_requests, "a UUID", is_uuid)


def expect_id(
    model: str, key: str, path_requests: PathRequests, wanted: str, test: Callable[[str], bool]
) -> None:
    """An id of what is read alone is a text that passes the test."""
    exchange = path_requests.single_read(model)
    value = need_object(exchange).get(key, ABSENT)
    expect(
        f"{key} of a {model.lower()}",
        holds=isinstance(value, str) and test(value),
        expected=Wording(wanted),
        actual=value,
        exchange=exchange,
    )


def need_uuid(exchange: Exchange) -> str:
    """Return the UUID that a response shows; raises PreconditionFailed when it shows no text."""
    value = need_object(exchange).get("uuid")
    if not isinstance(value, str):
        reason = f"{exchange.label} shows no uuid"
        raise PreconditionFailed(reason, exchange)
    return value


def is_uuid(value: str) -> bool:
    """Whether a text is a UUID with its hyphens."""
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


@requirement("uuid-stable")
@each("model", table_of(MODELS, str.lower))
def check_uuid_stays(model: str, path_requests: PathRequests, contract: Contract) -> None:
    """The UUID after a PATCH, in its response and in a GET, is the one from before."""
    changed = [row.value for row in patches(contract) if row.value.model == model]
    responses = [path_requests.single_read(model)]
    for path_request in changed:
        with contextlib.suppress(Outcome):  # a name that the system does not have
            responses.append(path_requests.response(path_request))
    shown = [response for response in responses if response.ok]
    for exchange in shown:
        actual = plain(need_uuid(exchange))
        what = f"digits of the uuid of a {model.lower()} that was changed"
        expect_value(
            exchange, what, actual, plain(path_requests.addresses[model].in_format("uuid"))
        )


def plain(ref: str) -> str:
    """Return the digits of a UUID."""
    return ref.lower().replace("-", "")


@requirement("id-canonical-in-responses")
@each("model", table_of(MODELS, str.lower))
def check_ids_are_shown_plainly(model: str, path_requests: PathRequests) -> None:
    """A short id is shown in lower case without a dash, however the request written it."""
    for id_format in ("short", "upper", "dashed", "uuid"):
        try:
            exchange = path_requests.response(PathRequest(f"get{model}", model, id_format))
        except Outcome:
            continue
        value = exchange.json.get("id") if exchange.ok and isinstance(exchange.json, dict) else None
        expect(
            f"short id of a {model.lower()}",
            holds=value is None or value == str(value).lower().replace("-", ""),
            expected="lower case without a dash",
            actual=value,
            exchange=exchange,
        )


@requirement("short-id-unique-per-type")
@each("model", table_of(("Member", "Group"), str.lower))
def check_short_ids_are_unique(model: str, everything: dict[str, Exchange]) -> None:
    """No two members, and no two groups, have the same short id."""
    exchange = everything[model]
    shared = shared_ids((row.get("id"), row.get("uuid")) for row in rows_of(exchange))
    expect_value(exchange, "UUIDs that share a short id", shared, {})


@requirement("uuid-globally-unique")
def check_uuids_are_unique(everything: dict[str, Exchange], account: Account) -> None:
    """No two members or groups have the same UUID, nor that of their system."""
    known = [(account.snapshot.system.get("uuid"), f"system {account.system_id}")]
    for model, exchange in everything.items():
        known += [
            (row.get("uuid"), f"{model.lower()} {row.get('id')}") for row in rows_of(exchange)
        ]
    expect_value(everything["Group"], "entities that share a UUID", shared_ids(known), {})


def shared_ids(pairs: Iterable[tuple[Any, Any]]) -> dict[str, list[str]]:
    """Return which ids belong to several owners, of pairs of both; what has no id is left out."""
    owners: dict[str, set[str]] = collections.defaultdict(set)
    for ref, owner in pairs:
        if ref is not None:
            owners[str(ref)].add(str(owner))
    return {ref: sorted(found) for ref, found in owners.items() if len(found) > 1}

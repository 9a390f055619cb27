"""In which id formats a path may name a system, a member or a group, to change and to read (docs: models#notes-on-ids, endpoints).

The requests are those of `scenarios.entity_paths`. What becomes of refs that name nothing is tested in `unknown_refs`, refs in the lists of
bodies in `memberships`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from conformance.account.refs import ID_FORMATS, Address, addressed, rule_of
from conformance.checks import each
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_accepted,
    expect_value,
    need_object,
    need_success,
)
from conformance.scenarios.entity_paths import (
    CHANGED,
    PathRequest,
    PathRequests,
    owner_requirements,
    patches,
    row_of,
)
from conformance.scenarios.membership_edits import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.contract.rows import Row
    from conformance.http import Exchange

MODELS = ("System", "Member", "Group")
# Id formats that other operations get by turns: a server that reads refs in one place needs no more.
# Where one of these is not accepted either, that is for its own requirement.
SIMPLER = {"short": (), "upper-dashed": ("short", "upper"), "upper-uuid": ("short", "uuid")}
BY_TURNS = ("uuid", "upper", "upper-dashed")


def own_reads(contract: Contract) -> Iterator[Row]:
    """Rows for reading each model by each id format."""
    for model in MODELS:
        extra = ("account",) if model == "System" else ()
        for id_format in (*ID_FORMATS, *extra):
            path_request = PathRequest(f"get{model}", model, id_format)
            yield row_of(contract, path_request)


def other_reads(contract: Contract) -> Iterator[Row]:
    """Rows for the reads below each model; one id format each, by turns."""
    below = [
        (name, model)
        for model in MODELS
        for name in addressed(contract, model, writes=False)
        if name != f"get{model}"
    ]
    for number, (name, model) in enumerate(below):
        yield row_of(contract, PathRequest(name, model, BY_TURNS[number % len(BY_TURNS)]))


def other_writes(contract: Contract) -> Iterator[Row]:
    """Rows for the writes below each model that change nothing; one id format each, by turns."""
    if "updateSystemSettings" in contract.operations:
        yield row_of(contract, PathRequest("updateSystemSettings", "System", "short"))
    below = [("updateSystemSettings", "System")] * 2
    below += [(f"{verb}GroupMembers", "Group") for verb in VERBS]
    below += [(f"{verb}MemberGroups", "Member") for verb in VERBS]
    for number, (name, model) in enumerate(below):
        path_request = PathRequest(name, model, BY_TURNS[number % len(BY_TURNS)])
        if (
            name in contract.operations
            and rule_of(model, path_request.id_format) in contract.requirements
        ):
            yield row_of(contract, path_request)


def expect_found(path_request: PathRequest, exchange: Exchange, address: Address) -> None:
    """The response shows what the path named; one of its ids is enough to tell."""
    format_requirement = (rule_of(path_request.model, path_request.id_format),)
    expect_accepted(exchange, violates=format_requirement)
    body = need_object(exchange)
    expect(
        f"ids that {exchange.label} shows",
        holds=body.get("uuid") == address.uuid or body.get("id") == address.short,
        expected=[address.short, address.uuid],
        actual=[body.get("id", ABSENT), body.get("uuid", ABSENT)],
        exchange=exchange,
        violates=format_requirement,
    )


@each("path_request", patches)
def check_change_by_id_format(path_request: PathRequest, path_requests: PathRequests) -> None:
    """What a path names in any id format can be changed."""
    exchange = path_requests.response(path_request)
    expect_found(path_request, exchange, path_requests.addresses[path_request.model])
    key, shown = CHANGED[path_request.id_format], path_requests.single_read(path_request.model)
    sent = json.loads(exchange.request_body or "{}")[key]
    actual = need_object(shown).get(key)
    if actual != sent:
        path_requests.needs_stored_patch(path_request.model)
        path_requests.needs_loss_alone(path_request)
    expect_value(shown, f"{key} after {exchange.label}", actual, sent)


@each("path_request", own_reads)
def check_read_by_id_format(path_request: PathRequest, path_requests: PathRequests) -> None:
    """What a path names in any id format is found."""
    exchange = path_requests.response(path_request)
    expect_found(path_request, exchange, path_requests.addresses[path_request.model])
    expect_system(path_request, exchange, path_requests.account)
    if shows_privacy(need_object(path_requests.single_read(path_request.model))):
        expect_owned(
            path_requests.account.contract, path_request, exchange, [need_object(exchange)]
        )


def expect_system(path_request: PathRequest, exchange: Exchange, account: Account) -> None:
    """A member or group names its system by the short id, however the request named the member or group."""
    rules = account.contract.named("system_key", model=path_request.model)
    shown = need_object(exchange).get("system")
    if rules and shown is not None:
        expect(
            f"system in {exchange.label}",
            holds=shown == account.system_id,
            expected=account.system_id,
            actual=shown,
            exchange=exchange,
            violates=rules,
        )


def shows_privacy(shown: dict[str, Any]) -> bool:
    """Whether an entity is shown as its owner sees it."""
    return isinstance(shown.get("privacy"), dict)


def expect_owned(
    contract: Contract, path_request: PathRequest, exchange: Exchange, rows: list[dict[str, Any]]
) -> None:
    """The owner is known as such, by whichever name the path names what is shown."""
    lacking = [row.get("id") for row in rows if "privacy" in row and not shows_privacy(row)]
    expect(
        f"entities without their privacy in {exchange.label}",
        holds=not lacking,
        expected=[],
        actual=lacking,
        exchange=exchange,
        violates=owner_requirements(contract, path_request),
    )


def found_below(path_request: PathRequest, path_requests: PathRequests) -> Exchange:
    """Return the response of a request that succeeded, as it must where the short id does; raises PreconditionFailed where that does not."""
    exchange = path_requests.response(path_request)
    if not exchange.ok:
        for simpler in SIMPLER.get(path_request.id_format, ("short",)):
            need_success(
                path_requests.response(dataclasses.replace(path_request, id_format=simpler))
            )
    format_requirement = rule_of(path_request.model, path_request.id_format)
    expect_accepted(exchange, violates=(format_requirement,))
    return exchange


@each("path_request", other_reads)
def check_read_below_by_id_format(path_request: PathRequest, path_requests: PathRequests) -> None:
    """What lies below a system, member or group is found by any id format of it."""
    exchange = found_below(path_request, path_requests)
    if path_request.operation == "getSystemSettings":
        expect_own_settings(path_request, exchange, path_requests)
    is_read = isinstance(exchange.json, (dict, list))
    if (
        is_read
        and exchange.json
        and shows_privacy(need_object(path_requests.single_read(path_request.model)))
    ):
        contract, rows = path_requests.account.contract, entities_of(exchange)
        if not owner_requirements(contract, path_request) and not all(map(shows_privacy, rows)):
            need_owned(dataclasses.replace(path_request, id_format="short"), path_requests)
        expect_owned(contract, path_request, exchange, rows)


def entities_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the members or groups of a list, or the members of a switch: what has a key for privacy."""
    body = exchange.json
    shown = body.get("members") if isinstance(body, dict) else body
    rows = shown if isinstance(shown, list) else []
    return [row for row in rows if isinstance(row, dict) and "privacy" in row]


def need_owned(path_request: PathRequest, path_requests: PathRequests) -> None:
    """Raise PreconditionFailed where the owner is not known as such by a short id either: which id it is does not matter then."""
    exchange = path_requests.response(path_request)
    if not all(map(shows_privacy, entities_of(need_success(exchange)))):
        reason = f"{exchange.label} shows no privacy, which is for its own requirement"
        raise PreconditionFailed(reason, exchange)


def expect_own_settings(
    path_request: PathRequest, exchange: Exchange, path_requests: PathRequests
) -> None:
    """The owner sees all settings of the own system, by whichever name."""
    shown, contract = need_object(exchange), path_requests.account.contract
    known = [field.key for field in contract.fields_of("SystemSettings")]
    missing = [key for key in known if key not in shown]
    if missing:
        usual = path_requests.account.snapshot.settings  # read by @me
        missing = [key for key in missing if key in usual]
    expect(
        "settings that the owner does not see",
        holds=not missing,
        expected=[],
        actual=missing,
        exchange=exchange,
        violates=owner_requirements(path_requests.account.contract, path_request),
    )


@each("path_request", other_writes)
def check_write_below_by_id_format(path_request: PathRequest, path_requests: PathRequests) -> None:
    """What lies below a system, member or group can be changed by any id format of it."""
    found_below(path_request, path_requests)

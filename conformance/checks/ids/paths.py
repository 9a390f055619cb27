"""In which spellings a path may name a system, a member or a group, to change and to read (docs: models#notes-on-ids, endpoints).

The requests are those of `visits`. What becomes of refs that name nothing is tested in `unknown_refs`, refs in the lists of
bodies in `memberships`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from conformance.account.refs import SPELLINGS, Address, addressed, rule_of
from conformance.checks import changes_system, each
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_object,
    need_success,
)
from conformance.scenarios.entity_paths import CHANGED, Visit, Visits, of_owner, patches, row_of
from conformance.scenarios.membership_edits import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import World
    from conformance.contract import Contract
    from conformance.contract.rows import Row
    from conformance.http import Exchange

MODELS = ("System", "Member", "Group")
# Spellings that other operations get by turns: a server that reads refs in one place needs no more.
BY_TURNS = ("uuid", "upper", "upper-dashed")


def own_reads(contract: Contract) -> Iterator[Row]:
    """Rows for reading each model by each spelling."""
    for model in MODELS:
        extra = ("account",) if model == "System" else ()
        for spelling in (*SPELLINGS, *extra):
            visit = Visit(f"get{model}", model, spelling)
            yield row_of(contract, visit)


def other_reads(contract: Contract) -> Iterator[Row]:
    """Rows for the reads below each model; one spelling each, by turns."""
    below = [
        (name, model)
        for model in MODELS
        for name in addressed(contract, model, writes=False)
        if name != f"get{model}"
    ]
    for number, (name, model) in enumerate(below):
        yield row_of(contract, Visit(name, model, BY_TURNS[number % len(BY_TURNS)]))


def other_writes(contract: Contract) -> Iterator[Row]:
    """Rows for the writes below each model that change nothing; one spelling each, by turns."""
    below = [("updateSystemSettings", "System")] * 2
    below += [(f"{verb}GroupMembers", "Group") for verb in VERBS]
    below += [(f"{verb}MemberGroups", "Member") for verb in VERBS]
    for number, (name, model) in enumerate(below):
        visit = Visit(name, model, BY_TURNS[number % len(BY_TURNS)])
        if name in contract.operations and rule_of(model, visit.spelling) in contract.requirements:
            yield row_of(contract, visit)


def expect_found(exchange: Exchange, address: Address) -> None:
    """The answer shows what the path named; one of its ids is enough to tell."""
    body = need_object(exchange)
    expect(
        f"ids that {exchange.label} shows",
        holds=body.get("uuid") == address.uuid or body.get("id") == address.short,
        expected=[address.short, address.uuid],
        actual=[body.get("id", ABSENT), body.get("uuid", ABSENT)],
        exchange=exchange,
    )


@changes_system
@each("visit", patches)
def check_change_by_spelling(visit: Visit, visits: Visits) -> None:
    """What a path names in any spelling can be changed."""
    exchange = visits.answer(visit)
    expect_status(exchange, 200)
    expect_found(exchange, visits.addresses[visit.model])
    key, shown = CHANGED[visit.spelling], visits.alone(visit.model)
    sent = json.loads(exchange.request_body or "{}")[key]
    expect_value(shown, f"{key} after {exchange.label}", need_object(shown).get(key), sent)


@changes_system
@each("visit", own_reads)
def check_read_by_spelling(visit: Visit, visits: Visits) -> None:
    """What a path names in any spelling is found."""
    exchange = visits.answer(visit)
    expect_status(exchange, 200)
    expect_found(exchange, visits.addresses[visit.model])
    expect_system(visit, exchange, visits.world)
    if shows_privacy(need_object(visits.alone(visit.model))):
        expect_owned(visit, exchange, [need_object(exchange)])


def expect_system(visit: Visit, exchange: Exchange, world: World) -> None:
    """A member or group names its system by the short id, however the request named the member or group."""
    rule = f"{visit.model.lower()}-system-key"
    shown = need_object(exchange).get("system")
    if rule in world.contract.requirements and shown is not None:
        expect(
            f"system in {exchange.label}",
            holds=shown == world.system_id,
            expected=world.system_id,
            actual=shown,
            exchange=exchange,
            breaks=(rule,),
        )


def shows_privacy(shown: dict[str, Any]) -> bool:
    """Whether an entity is shown as its owner sees it."""
    return isinstance(shown.get("privacy"), dict)


def expect_owned(visit: Visit, exchange: Exchange, rows: list[dict[str, Any]]) -> None:
    """The owner is known as such, by whichever name the path names what is shown."""
    lacking = [row.get("id") for row in rows if "privacy" in row and not shows_privacy(row)]
    expect(
        f"entities without their privacy in {exchange.label}",
        holds=not lacking,
        expected=[],
        actual=lacking,
        exchange=exchange,
        breaks=of_owner(visit),
    )


def found_below(visit: Visit, visits: Visits) -> Exchange:
    """Return the answer of a visit that succeeded, as it must where the short id does; raises Unmet where that does not."""
    exchange = visits.answer(visit)
    if not exchange.ok:
        need_success(visits.answer(dataclasses.replace(visit, spelling="short")))
    expect_status(exchange, 200, 204)
    return exchange


@changes_system
@each("visit", other_reads)
def check_read_below_by_spelling(visit: Visit, visits: Visits) -> None:
    """What lies below a system, member or group is found by any spelling of it."""
    exchange = found_below(visit, visits)
    if visit.operation == "getSystemSettings":
        expect_own_settings(visit, exchange, visits.world.contract)
    if exchange.json and shows_privacy(need_object(visits.alone(visit.model))):
        shown = exchange.json if isinstance(exchange.json, list) else exchange.json.get("members")
        expect_owned(visit, exchange, [row for row in shown or () if isinstance(row, dict)])


def expect_own_settings(visit: Visit, exchange: Exchange, contract: Contract) -> None:
    """The owner sees all settings of the own system, by whichever name."""
    shown = need_object(exchange)
    missing = [
        field.key for field in contract.fields_of("SystemSettings") if field.key not in shown
    ]
    expect(
        "settings that the owner does not see",
        holds=not missing,
        expected=[],
        actual=missing,
        exchange=exchange,
        breaks=of_owner(visit),
    )


@changes_system
@each("visit", other_writes)
def check_write_below_by_spelling(visit: Visit, visits: Visits) -> None:
    """What lies below a system, member or group can be changed by any spelling of it."""
    found_below(visit, visits)

"""Ids: how they look, that they are unique and stable, and how a path may spell them (docs: models#notes-on-ids).

What becomes of refs that name nothing is tested in `unknown_refs`, refs in the lists of bodies in `memberships`.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.sides import VERBS
from conformance.checks.spellings import SPELLINGS, Address, addressed, rule_of
from conformance.wire import ME, Outcome, Unmet
from conformance.wire.client import NO_BODY
from conformance.wire.expectation import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_success,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract
    from conformance.target import Target
    from conformance.wire import Exchange
    from conformance.world import Entity, World

MODELS = ("System", "Member", "Group")
# Spellings that other operations get by turns: a server that reads refs in one place needs no more.
BY_TURNS = ("uuid", "upper", "upper-dashed")
FOREIGN_LOOKING = (
    "uuid",
    "account",
)  # names of the own system by which a run does not write unasked
# What a PATCH changes that names something in this spelling, so that one read shows what came of all.
CHANGED = {"upper": "description", "uuid": "name", "account": "tag"}
LENGTHS = {"short-id-5-characters": (5,), "short-id-5-or-6-characters": (5, 6)}


@dataclasses.dataclass(frozen=True)
class Visit:
    """One operation on something that the path names in one spelling."""

    operation: str
    model: str
    spelling: str


def models(_: Contract) -> Iterator[Row]:
    """Rows for what has a short id and a UUID."""
    return (Row(model, model.lower()) for model in MODELS)


def entities(_: Contract) -> Iterator[Row]:
    """Rows for what a run creates."""
    return (Row(model, model.lower()) for model in ("Member", "Group"))


def lengths(contract: Contract) -> Iterator[Row]:
    """Rows for each model, with the length that this revision gives short ids."""
    for rule, allowed in LENGTHS.items():
        for model in MODELS if rule in contract.requirements else ():
            yield Row((model, allowed), model.lower(), (rule,))


def own_reads(contract: Contract) -> Iterator[Row]:
    """Rows for reading each model by each spelling."""
    for model in MODELS:
        extra = ("account",) if model == "System" else ()
        for spelling in (*SPELLINGS, *extra):
            visit = Visit(f"get{model}", model, spelling)
            yield _row(contract, visit)


def other_reads(contract: Contract) -> Iterator[Row]:
    """Rows for the reads below each model; one spelling each, by turns."""
    below = [
        (name, model)
        for model in MODELS
        for name in addressed(contract, model, writes=False)
        if name != f"get{model}"
    ]
    for number, (name, model) in enumerate(below):
        yield _row(contract, Visit(name, model, BY_TURNS[number % len(BY_TURNS)]))


def patches(contract: Contract) -> Iterator[Row]:
    """Rows for changing each model by other spellings than the stored short id; at the launch a system was only @me."""
    anyhow = rule_of("System", "upper") in contract.requirements
    for spelling in ("upper", "uuid", "account") if anyhow else ("upper",):
        yield _row(contract, Visit("updateSystem", "System", spelling))
    for model in ("Member", "Group"):
        for spelling in ("upper", "uuid"):
            yield _row(contract, Visit(f"update{model}", model, spelling))


def other_writes(contract: Contract) -> Iterator[Row]:
    """Rows for the writes below each model that change nothing; one spelling each, by turns."""
    below = [("updateSystemSettings", "System")] * 2
    below += [(f"{verb}GroupMembers", "Group") for verb in VERBS]
    below += [(f"{verb}MemberGroups", "Member") for verb in VERBS]
    for number, (name, model) in enumerate(below):
        visit = Visit(name, model, BY_TURNS[number % len(BY_TURNS)])
        if name in contract.operations and rule_of(model, visit.spelling) in contract.requirements:
            yield _row(contract, visit)


def _row(contract: Contract, visit: Visit) -> Row:
    rules = (rule_of(visit.model, visit.spelling), *of_owner(visit), *_of_system(contract, visit))
    return Row(visit, f"{visit.operation}-{visit.spelling}", rules)


def _of_system(contract: Contract, visit: Visit) -> tuple[str, ...]:
    """Return the requirement that what is read alone names its system, where the revision has it."""
    rule = f"{visit.model.lower()}-system-key"
    alone = visit.operation == f"get{visit.model}"
    return (rule,) if alone and rule in contract.requirements else ()


def of_owner(visit: Visit) -> tuple[str, ...]:
    """Return what is broken when the owner is not known as such, for spellings that all revisions accept."""
    if not visit.operation.startswith("get") or visit.spelling.endswith(("upper", "dashed")):
        return ()
    settings = visit.operation == "getSystemSettings"
    return ("get-settings-owner" if settings else "privacy-object-shown-to-owner",)


class Visits:
    """Sends each visit once, the PATCHes before the reads."""

    def __init__(self, world: World, target: Target, circle: Scene, bare: Scene) -> None:
        """Take the entities to visit; the switch is that of `bare`."""
        self.world, self._bare, self._circle = world, bare, circle
        system = world.snapshot.system
        account = target.fixtures.get("account_id")
        self.addresses = {
            "System": Address("System", world.system_id, str(system.get("uuid") or ""), account),
            "Member": _address("Member", circle.members[0]),
            "Group": _address("Group", circle.groups[0]),
        }
        self._answers: dict[Visit, Exchange | Outcome] = {}
        self._alone: dict[str, Exchange] = {}

    def answer(self, visit: Visit) -> Exchange:
        """Return the answer to a visit; a PATCH sets a key of its own."""
        if visit.operation == f"update{visit.model}":
            self.alone(visit.model)
        return self._send(visit)

    def _send(self, visit: Visit) -> Exchange:
        if visit not in self._answers:
            refs = self.addresses[visit.model].refs(visit.spelling)
            if visit.spelling in FOREIGN_LOOKING and visit.operation.startswith("updateSystem"):
                self._make_sure(visit.spelling)
            if visit.operation == "getSwitch":
                refs["switchId"] = self._switch()
            body = self._body(visit.operation, visit.spelling)
            if visit.operation.startswith("update"):
                self.world.will_change(visit.operation)
            try:
                self._answers[visit] = self.world.owner.send(visit.operation, refs, json=body)
            except Outcome as problem:  # sent again it would be later than what was read after it
                self._answers[visit] = problem
        found = self._answers[visit]
        if isinstance(found, Outcome):
            raise found
        return found

    def alone(self, model: str) -> Exchange:
        """Return how one of a kind is read alone, by its short id, right after it was changed by other names."""
        if model not in self._alone:
            for row in patches(self.world.contract):
                if row.value.model == model:
                    with contextlib.suppress(Outcome):  # that is for the check of the change
                        self._send(row.value)
            visit = Visit(f"get{model}", model, "short")
            self._answers.pop(visit, None)
            self._alone[model] = self.answer(visit)
        return self._alone[model]

    def _make_sure(self, spelling: str) -> None:
        """Let the system be written to under a name, if it is the one that the name leads to."""
        exchange = self.answer(Visit("getSystem", "System", spelling))
        if need_object(exchange).get("id") != self.world.system_id:
            reason = f"{exchange.label} did not show the system under test"
            raise Unmet(reason, exchange)
        self.world.owner.client.guard.allow(self.addresses["System"].spelled(spelling))

    def _body(self, operation: str, spelling: str) -> object:
        """Return a new name, or what leaves everything as it is when all of `other_writes` is done."""
        if operation == "updateSystemSettings":
            settings = need_object(self.answer(Visit("getSystemSettings", "System", "short")))
            return {"pings_enabled": settings.get("pings_enabled")}
        if operation.startswith("overwrite"):
            return []
        if operation.endswith("GroupMembers") and not operation.startswith("get"):
            return [self._circle.members[1].id]
        if operation.endswith("MemberGroups") and not operation.startswith("get"):
            return [self._bare.groups[0].id]
        return {CHANGED[spelling]: self.world.name()} if operation.startswith("update") else NO_BODY

    def _switch(self) -> str:
        if self._bare.switch is None:
            raise self._bare.trouble["getSwitch"]
        return self._bare.switch.id


def _address(model: str, entity: Entity) -> Address:
    return Address(model, entity.id, entity.uuid)


@pytest.fixture(scope="session")
def visits(world: World, target: Target, circle: Scene, bare: Scene) -> Visits:
    """What all checks of spellings look at."""
    return Visits(world, target, circle, bare)


@pytest.fixture(scope="session")
def everything(world: World) -> dict[str, Exchange]:
    """All members and groups of the system, as its owner sees them listed."""
    send = world.owner.send
    return {"Member": send("getSystemMembers", ME), "Group": send("getSystemGroups", ME)}


def rows_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [row for row in need_list(exchange) if isinstance(row, dict)]


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


@changes_system
@each("visit", other_reads)
def check_read_below_by_spelling(visit: Visit, visits: Visits) -> None:
    """What lies below a system, member or group is found by any spelling of it."""
    exchange = visits.answer(visit)
    if not exchange.ok:
        need_success(visits.answer(dataclasses.replace(visit, spelling="short")))
    expect_status(exchange, 200, 204)
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
    exchange = visits.answer(visit)
    if not exchange.ok:
        need_success(visits.answer(dataclasses.replace(visit, spelling="short")))
    expect_status(exchange, 200, 204)


@changes_system
@requirement("entities-have-short-id-and-uuid")
@each("model", models)
def check_has_both_ids(model: str, visits: Visits) -> None:
    """What is read alone has a short id and a UUID."""
    for key in ("id", "uuid"):
        expect_id(model, key, visits, "a text", lambda value: bool(value) and value is not ABSENT)


@changes_system
@each("case", lengths)
def check_length_of_short_id(case: tuple[str, tuple[int, ...]], visits: Visits) -> None:
    """A short id has the length that the docs give."""
    model, allowed = case
    wanted = f"{' or '.join(map(str, allowed))} characters"
    expect_id(model, "id", visits, wanted, lambda value: len(value) in allowed)


@changes_system
@requirement("uuid-format")
@each("model", models)
def check_long_id_is_a_uuid(model: str, visits: Visits) -> None:
    """The long id is a UUID."""
    need_uuid(visits.alone(model))
    expect_id(model, "uuid", visits, "a UUID", is_uuid)


def expect_id(
    model: str, key: str, visits: Visits, wanted: str, test: Callable[[str], bool]
) -> None:
    """An id of what is read alone is a text that passes the test."""
    exchange = visits.alone(model)
    value = need_object(exchange).get(key, ABSENT)
    expect(
        f"{key} of a {model.lower()}",
        holds=isinstance(value, str) and test(value),
        expected=Wording(wanted),
        actual=value,
        exchange=exchange,
    )


def need_uuid(exchange: Exchange) -> str:
    """Return the UUID that an answer shows; raises Unmet when it shows no text."""
    value = need_object(exchange).get("uuid")
    if not isinstance(value, str):
        reason = f"{exchange.label} shows no uuid"
        raise Unmet(reason, exchange)
    return value


def is_uuid(value: str) -> bool:
    """Whether a text is a UUID with its hyphens."""
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


@changes_system
@requirement("uuid-stable")
@each("model", models)
def check_uuid_stays(model: str, visits: Visits, contract: Contract) -> None:
    """The UUID after a PATCH, in its answer and in a GET, is the one from before."""
    changed = [row.value for row in patches(contract) if row.value.model == model]
    answers = [visits.alone(model)]
    for visit in changed:
        with contextlib.suppress(Outcome):  # a name that the system does not have
            answers.append(visits.answer(visit))
    shown = [answer for answer in answers if answer.ok]
    for exchange in shown:
        actual = plain(need_uuid(exchange))
        what = f"digits of the uuid of a {model.lower()} that was changed"
        expect_value(exchange, what, actual, plain(visits.addresses[model].spelled("uuid")))


def plain(ref: str) -> str:
    """Return the digits of a UUID."""
    return ref.lower().replace("-", "")


@changes_system
@requirement("id-canonical-in-responses")
@each("model", models)
def check_ids_are_shown_plainly(model: str, visits: Visits) -> None:
    """A short id is shown in lower case without a dash, however the request spelled it."""
    for spelling in ("short", "upper", "dashed", "uuid"):
        try:
            exchange = visits.answer(Visit(f"get{model}", model, spelling))
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


@changes_system
@requirement("short-id-unique-per-type")
@each("model", entities)
def check_short_ids_are_unique(model: str, everything: dict[str, Exchange]) -> None:
    """No two members, and no two groups, have the same short id."""
    exchange = everything[model]
    shared = shared_ids((row.get("id"), row.get("uuid")) for row in rows_of(exchange))
    expect_value(exchange, "UUIDs that share a short id", shared, {})


@changes_system
@requirement("uuid-globally-unique")
def check_uuids_are_unique(everything: dict[str, Exchange], world: World) -> None:
    """No two members or groups have the same UUID, nor that of their system."""
    known = [(world.snapshot.system.get("uuid"), f"system {world.system_id}")]
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

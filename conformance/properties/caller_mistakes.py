"""Requests with one mistake of the caller: a ref, a list, a query or a header; each with the responses that the docs allow.

Nothing is sent from here, but what creates the entities to name, and reads those of the other system.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.account.refs import PARAMETER
from conformance.checks.auth.other_systems import owned
from conformance.checks.errors.unknown_refs import CODES, ODD
from conformance.checks.messages.messages import FIRST_SNOWFLAKE
from conformance.http import ME
from conformance.http.client import NO_BODY
from conformance.properties import attribution
from conformance.properties.expected_response import LAUNCH, REJECTED, ExpectedResponse
from conformance.properties.write_requests import LISTED, unknown_listed
from conformance.scenarios.guild_settings import UNKNOWN as UNSET
from conformance.scenarios.unusable_refs import LISTS as READS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Operation
    from conformance.properties.own_entities import OwnEntities

# What another user may not change of a system; only what names something of it, so that nothing of the other one can change.
OF_SYSTEM = ("updateSystem", "updateSwitch", "deleteSwitch")
ODD_SWITCHES = ("not-a-switch", "0", "z" * 36)
# The model of the refs that an operation lists in its body.
LISTED_MODEL = {
    "addGroupMembers": "Member",
    "removeGroupMembers": "Member",
    "overwriteGroupMembers": "Member",
    "addMemberGroups": "Group",
    "removeMemberGroups": "Group",
    "overwriteMemberGroups": "Group",
    "createSwitch": "Member",
    "updateSwitchMembers": "Member",
}
# The model of the settings of a guild, and the body, that an operation takes or returns.
GUILD_SETTINGS: dict[str, tuple[str, Any]] = {
    "getSystemGuildSettings": ("SystemGuildSettings", NO_BODY),
    "updateSystemGuildSettings": ("SystemGuildSettings", {"tag": "nothing to change"}),
    "getMemberGuildSettings": ("MemberGuildSettings", NO_BODY),
    "updateMemberGuildSettings": ("MemberGuildSettings", {"display_name": "nothing to change"}),
}
TIME = {"timestamp": "2012-01-01T00:00:00Z"}
# Bodies that lack what a switch needs: the requirement that says so, the statuses that it leaves open, and the bodies.
INCOMPLETE: dict[str, tuple[str, tuple[int, ...], tuple[dict[str, Any], ...]]] = {
    "createSwitch": (
        "create-switch-members-required",
        tuple(range(400, 600)),
        (TIME, {**TIME, "members": None}),
    ),
    "updateSwitch": (
        "update-switch-timestamp-required",
        (400,),
        ({}, {"timestamp": None}, {"timestamp": "some time"}),
    ),
}


@dataclasses.dataclass(frozen=True)
class CallerMistake:
    """A request with a mistake, and the responses that are allowed: the documented one first."""

    caller: str
    refs: Mapping[str, str]
    expected_responses: tuple[ExpectedResponse, ...]
    body: Any = NO_BODY
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str | None] | None = None


def caller_mistakes(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield the mistakes of an operation; the entities that they name must not change before they are sent."""
    parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    for model, name in PARAMETER.items():
        if name in parts and "guildId" not in parts:
            yield from _unknown_entities(entities, operation, model)
    if "switchId" in parts:
        yield from _unknown_switches(entities, operation)
    if "other" in entities.others:
        yield from _of_other_users(entities, operation)
    if operation.id in LISTED_MODEL:
        yield from _unknown_listed(entities, operation)
    if operation.id in INCOMPLETE:
        yield from _incomplete(entities, operation)
    if "messageId" in parts:
        yield from _unknown_messages(entities)
    if "guildId" in parts:
        yield from _unset_guilds(entities, operation)
    if operation.entity == "AutoproxySettings":
        yield from _autoproxy(entities, operation)
    yield from _without_user_agent(entities, operation)


def _body(entities: OwnEntities, operation: Operation) -> Any:
    return entities.body(operation) if operation.request_schema else NO_BODY


def _unknown_entities(
    entities: OwnEntities, operation: Operation, model: str
) -> Iterator[CallerMistake]:
    """Yield paths that name no system, member or group; of writes only with an unknown UUID, of reads also with malformed refs."""
    code, account = CODES[model], entities.account
    if operation.writes and model == "System":
        return
    deviates = entities.contract.revision == LAUNCH and operation.id in (
        "getMemberGroups",
        "getSystem",
    )
    if deviates or (operation.id == "getSwitch" and model == "System"):
        return
    # PluralKit production rejects an unknown member here with the code for one in a list.
    codes = (code, 20003) if operation.id == "getMemberGroups" else (code,)
    requirements = attribution.of_code(entities.contract, code)
    not_found = ExpectedResponse((404,), requirements, codes)
    refs, body = entities.refs(operation), _body(entities, operation)
    query = entities.query(operation)
    unknown = account.unknown_uuid()
    for ref in (unknown, unknown.upper()):
        yield CallerMistake("owner", {**refs, PARAMETER[model]: ref}, (not_found,), body, query)
    if not operation.writes:
        malformed = ExpectedResponse((400,), requirements, any_code=True)
        for ref in (account.unknown_id(), *ODD.values()):
            yield CallerMistake(
                "owner", {**refs, PARAMETER[model]: ref}, (not_found, malformed), body, query
            )


def _unknown_switches(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    code = 20007 if operation.id == "updateSwitchMembers" else 20008
    not_found = ExpectedResponse(
        (404,), attribution.of_code(entities.contract, code), (20007, 20008)
    )
    body = _body(entities, operation)
    yield CallerMistake(
        "owner", {**ME, "switchId": entities.account.unknown_uuid()}, (not_found,), body
    )
    requirements = attribution.known(entities.contract, "err-40006", "switchref-must-be-uuid")
    allowed = [ExpectedResponse((400,), requirements, (40006,))]
    # As PluralKit production does; the checks of `switches/paths` report the known deviation.
    if operation.id == "updateSwitchMembers":
        allowed.append(ExpectedResponse((404,), requirements, (20007,)))
    if entities.contract.revision != LAUNCH:
        allowed.append(ExpectedResponse((500,), requirements))
    for ref in ODD_SWITCHES:
        entities.account.owner.client.guard.allow(ref)
        yield CallerMistake("owner", {**ME, "switchId": ref}, tuple(allowed), body)


def _of_other_users(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield requests that name entities of the owner, with the token of the other system."""
    if operation.id in OF_SYSTEM:
        refs = entities.refs(operation)
        system = {} if operation.id == "updateSwitch" else {"systemId": entities.account.system_id}
        rejected = ExpectedResponse(
            REJECTED, attribution.known(entities.contract, "auth-by-system-token")
        )
        yield CallerMistake("other", {**refs, **system}, (rejected,), _body(entities, operation))
    for row in owned(entities.contract):
        found, code = row.value
        if found.id != operation.id or operation.action == "remove":
            continue
        expected_response = ExpectedResponse((403,), row.requirements, (code,))
        body = [] if operation.action == "overwrite" else _body(entities, operation)
        for refs in _in_format(entities, operation):
            yield CallerMistake("other", refs, (expected_response,), body)


def _in_format(entities: OwnEntities, operation: Operation) -> Iterator[dict[str, str]]:
    """Yield the path parameters of an operation in several id formats."""
    refs = entities.refs(operation)
    yield refs
    for model, name in PARAMETER.items():
        if name in refs and model != "System":
            entity = entities.entity(model)
            yield {**refs, name: entity.uuid}
            if "id-accepted-uppercase" in entities.contract.requirements:
                yield {**refs, name: entity.id.upper()}


def _unknown_listed(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield lists with a ref that names nothing, or an entity of the other system, before or after one that is right."""
    model = LISTED_MODEL[operation.id]
    refs, own = entities.refs(operation), entities.entity(model)
    if operation.id == "updateSwitchMembers":
        own = entities.second_member()
    unknown = (unknown_listed(entities.contract, model),)
    for ref in (entities.account.unknown_uuid(), entities.account.unknown_id()):
        for listed in ([own.id, ref], [ref, own.uuid]):
            yield CallerMistake("owner", refs, unknown, _list_body(operation, listed))
    if operation.id in LISTED and "other" in entities.others:
        kind, code, upstream = LISTED[operation.id]
        foreign = _foreign(entities, kind)
        requirements = entities.contract.about(code=code, status=403)
        allowed = [ExpectedResponse((403,), requirements, (code,))]
        if upstream is not None:
            allowed.append(ExpectedResponse((404,), requirements, (upstream,)))
        for listed in ([foreign], [own.id, foreign]) if foreign else ():
            yield CallerMistake("owner", refs, tuple(allowed), _list_body(operation, listed))


def _incomplete(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield bodies of switches that lack the members, or the time."""
    requirement, statuses, bodies = INCOMPLETE[operation.id]
    rejected = ExpectedResponse(statuses, attribution.known(entities.contract, requirement))
    for body in bodies:
        yield CallerMistake("owner", entities.refs(operation), (rejected,), body)


def _list_body(operation: Operation, refs: list[str]) -> Any:
    if operation.id == "createSwitch":
        return {"members": refs, **TIME}
    return refs


def _foreign(entities: OwnEntities, kind: str) -> str | None:
    """Return the id of a member or group of the other system; None where it has none."""
    shown = entities.sender.send(READS[kind], "other", ME).json
    rows = [row for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []
    return str(rows[0]["id"]) if rows and "id" in rows[0] else None


def _unknown_messages(entities: OwnEntities) -> Iterator[CallerMistake]:
    requirements = attribution.of_code(entities.contract, 20006)
    not_found = ExpectedResponse((404,), requirements, (20006,))
    malformed = ExpectedResponse((400,), requirements, any_code=True)
    number = FIRST_SNOWFLAKE + entities.account.random.randrange(FIRST_SNOWFLAKE)
    for caller in ("owner", "anonymous"):
        yield CallerMistake(caller, {"messageId": str(number)}, (not_found,))
    for ref in ("no-message", "99999999999999999999", "0"):
        yield CallerMistake("owner", {"messageId": ref}, (not_found, malformed))


def _unset_guilds(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield guilds in which nothing was set: the one next to the declared one, and another."""
    if operation.id not in GUILD_SETTINGS:
        return
    model, body = GUILD_SETTINGS[operation.id]
    code = UNSET[model]
    requirements = (
        *entities.contract.named("row_must_exist", operation=operation.id),
        *attribution.of_code(entities.contract, code),
    )
    not_found = ExpectedResponse((404,), requirements, (code,))
    refs, guild = entities.refs(operation), int(entities.target.fixture("guild_id"))
    for number in (guild + 1, FIRST_SNOWFLAKE + 1):
        yield CallerMistake("owner", {**refs, "guildId": str(number)}, (not_found,), body)


def _autoproxy(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield requests for the autoproxy of no guild or of a channel, and bodies with a mode that does not exist or does not fit."""
    contract, body = entities.contract, _body(entities, operation)
    query = entities.query(operation) or {}
    channel = {**query, "channel_id": query["guild_id"]}
    for requirement, wrong in (
        ("autoproxy-needs-guild-id", {}),
        ("autoproxy-rejects-channel-id", channel),
    ):
        expected_response = ExpectedResponse(
            tuple(range(400, 600)), attribution.known(contract, requirement), any_code=True
        )
        yield CallerMistake("owner", {}, (expected_response,), body, wrong)
    if operation.writes:
        bodies = {
            "autoproxy-mode-enum": {"autoproxy_mode": "no such mode"},
            "autoproxy-member-null-for-front": {
                "autoproxy_mode": "front",
                "autoproxy_member": entities.entity("Member").id,
            },
        }
        for requirement, wrong_body in bodies.items():
            rejected = ExpectedResponse(
                (400,), attribution.known(contract, requirement), any_code=True
            )
            yield CallerMistake("owner", {}, (rejected,), wrong_body, query)


def _without_user_agent(entities: OwnEntities, operation: Operation) -> Iterator[CallerMistake]:
    """Yield the request as it should be, without a User-Agent."""
    requirements = attribution.known(
        entities.contract, "user-agent-required", "user-agent-missing-400"
    )
    if requirements:
        refs, body, query = (
            entities.refs(operation),
            _body(entities, operation),
            entities.query(operation),
        )
        rejected = (ExpectedResponse((400,), requirements),)
        yield CallerMistake("owner", refs, rejected, body, query, headers={"User-Agent": None})

"""The mistakes that a caller can make in what a request names, each with the responses that the docs allow.

Nothing is sent from here, but what makes the entities to name and finds a foreign one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.account.refs import PARAMETER
from conformance.checks.auth.other_systems import LISTED, OF_SYSTEM, owned
from conformance.checks.auth.other_systems import LISTS as READS
from conformance.checks.errors.unknown_refs import CODES, ODD
from conformance.checks.messages.messages import FIRST_SNOWFLAKE
from conformance.http import ME
from conformance.http.client import NO_BODY
from conformance.properties import attribution
from conformance.properties.oracle import LAUNCH, REJECTED, ExpectedResponse
from conformance.scenarios.guild_settings import UNKNOWN as UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Operation
    from conformance.properties.entities import Cast

ODD_SWITCHES = ("not-a-switch", "0", "z" * 36)
# What an operation lists in its body.
LISTS = {
    "addGroupMembers": "Member",
    "removeGroupMembers": "Member",
    "overwriteGroupMembers": "Member",
    "addMemberGroups": "Group",
    "removeMemberGroups": "Group",
    "overwriteMemberGroups": "Group",
    "createSwitch": "Member",
    "updateSwitchMembers": "Member",
}
TIME = {"timestamp": "2012-01-01T00:00:00Z"}
# Bodies that lack what a switch needs, with what says so, and the statuses that it leaves open.
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
    forecasts: tuple[ExpectedResponse, ...]
    body: Any = NO_BODY
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str | None] | None = None


def slips(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield the mistakes of an operation; what they are made with must not change before they are sent."""
    parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    for model, name in PARAMETER.items():
        if name in parts and "guildId" not in parts:
            yield from _unknown(cast, operation, model)
    if "switchId" in parts:
        yield from _unknown_switches(cast, operation)
    if "other" in cast.others:
        yield from _of_other_users(cast, operation)
    if operation.id in LISTS:
        yield from _unknown_listed(cast, operation)
    if operation.id in INCOMPLETE:
        yield from _incomplete(cast, operation)
    if "messageId" in parts:
        yield from _unknown_messages(cast)
    if "guildId" in parts:
        yield from _unset_guilds(cast, operation)
    if operation.path.endswith("/autoproxy"):
        yield from _autoproxy(cast, operation)
    yield from _anonymous_clients(cast, operation)


def _body(cast: Cast, operation: Operation) -> Any:
    return cast.body(operation) if operation.request_schema else NO_BODY


def _unknown(cast: Cast, operation: Operation, model: str) -> Iterator[CallerMistake]:
    """Yield paths that name no system, member or group; only reads take a name that is none of them for certain."""
    code, account = CODES[model], cast.account
    if operation.writes and model == "System":
        return
    deviates = cast.contract.revision == LAUNCH and operation.id in ("getMemberGroups", "getSystem")
    if deviates or (operation.id.startswith("getSwitch") and model == "System"):
        return
    # PluralKit's own server looks for the groups of a member as for one that is listed.
    codes = (code, 20003) if operation.id == "getMemberGroups" else (code,)
    rules = attribution.known(cast.contract, f"err-{code}")
    gone = ExpectedResponse((404,), rules, codes)
    refs, body = cast.refs(operation), _body(cast, operation)
    query = cast.query(operation)
    nobody = account.unknown_uuid()
    for ref in (nobody, nobody.upper()):
        yield CallerMistake("owner", {**refs, PARAMETER[model]: ref}, (gone,), body, query)
    if not operation.writes:
        malformed = ExpectedResponse((400,), rules, any_code=True)
        for ref in (account.unknown_id(), *ODD.values()):
            yield CallerMistake(
                "owner", {**refs, PARAMETER[model]: ref}, (gone, malformed), body, query
            )


def _unknown_switches(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    code = 20007 if operation.id == "updateSwitchMembers" else 20008
    gone = ExpectedResponse((404,), attribution.known(cast.contract, f"err-{code}"), (20007, 20008))
    body = _body(cast, operation)
    yield CallerMistake("owner", {**ME, "switchId": cast.account.unknown_uuid()}, (gone,), body)
    rules = attribution.known(cast.contract, "err-40006", "switchref-must-be-uuid")
    allowed = [ExpectedResponse((400,), rules, (40006,))]
    # As PluralKit's own server does; the checks of `switch_paths` say that it is a known deviation.
    if operation.id == "updateSwitchMembers":
        allowed.append(ExpectedResponse((404,), rules, (20007,)))
    if cast.contract.revision != LAUNCH:
        allowed.append(ExpectedResponse((500,), rules))
    for ref in ODD_SWITCHES:
        cast.account.owner.client.guard.allow(ref)
        yield CallerMistake("owner", {**ME, "switchId": ref}, tuple(allowed), body)


def _of_other_users(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield requests about what is the owner's, with the token of the other system."""
    if operation.id in OF_SYSTEM:
        refs = cast.refs(operation)
        system = {} if operation.id == "updateSwitch" else {"systemId": cast.account.system_id}
        rejected = ExpectedResponse(
            REJECTED, attribution.known(cast.contract, "auth-by-system-token")
        )
        yield CallerMistake("other", {**refs, **system}, (rejected,), _body(cast, operation))
    for row in owned(cast.contract):
        found, code = row.value
        if found.id != operation.id or operation.id.startswith("remove"):
            continue
        expected_response = ExpectedResponse((403,), row.requirements, (code,))
        body = [] if operation.id.startswith("overwrite") else _body(cast, operation)
        for refs in _in_format(cast, operation):
            yield CallerMistake("other", refs, (expected_response,), body)


def _in_format(cast: Cast, operation: Operation) -> Iterator[dict[str, str]]:
    """Yield the path parameters of an operation in several id formats."""
    refs = cast.refs(operation)
    yield refs
    for model, name in PARAMETER.items():
        if name in refs and model != "System":
            thing = cast.thing(model)
            yield {**refs, name: thing.uuid}
            if "id-accepted-uppercase" in cast.contract.requirements:
                yield {**refs, name: thing.id.upper()}


def _unknown_listed(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield lists with an entry that names nothing, or something of the other system, before and after what is there."""
    model = LISTS[operation.id]
    refs, own = cast.refs(operation), cast.thing(model)
    if operation.id == "updateSwitchMembers":
        own = cast.partner()
    unknown = (cast.moves.ghostly(model),)
    for ref in (cast.account.unknown_uuid(), cast.account.unknown_id()):
        for listed in ([own.id, ref], [ref, own.uuid]):
            yield CallerMistake("owner", refs, unknown, _listing(operation, listed))
    if operation.id in LISTED and "other" in cast.others:
        kind, code, upstream = LISTED[operation.id]
        foreign = _foreign(cast, kind)
        rules = cast.contract.about(code=code, status=403)
        allowed = [ExpectedResponse((403,), rules, (code,))]
        if upstream is not None:
            allowed.append(ExpectedResponse((404,), rules, (upstream,)))
        for listed in ([foreign], [own.id, foreign]) if foreign else ():
            yield CallerMistake("owner", refs, tuple(allowed), _listing(operation, listed))


def _incomplete(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield switches of nobody knows whom, and such as are moved nowhere."""
    rule, statuses, bodies = INCOMPLETE[operation.id]
    rejected = ExpectedResponse(statuses, attribution.known(cast.contract, rule))
    for body in bodies:
        yield CallerMistake("owner", cast.refs(operation), (rejected,), body)


def _listing(operation: Operation, refs: list[str]) -> Any:
    if operation.id == "createSwitch":
        return {"members": refs, **TIME}
    return refs


def _foreign(cast: Cast, kind: str) -> str | None:
    """Return the id of something of the other system, None where it has nothing."""
    shown = cast.arena.send(READS[kind], "other", ME).json
    rows = [row for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []
    return str(rows[0]["id"]) if rows and "id" in rows[0] else None


def _unknown_messages(cast: Cast) -> Iterator[CallerMistake]:
    rules = attribution.known(cast.contract, "err-20006")
    gone = ExpectedResponse((404,), rules, (20006,))
    malformed = ExpectedResponse((400,), rules, any_code=True)
    number = FIRST_SNOWFLAKE + cast.account.random.randrange(FIRST_SNOWFLAKE)
    for caller in ("owner", "anonymous"):
        yield CallerMistake(caller, {"messageId": str(number)}, (gone,))
    for ref in ("no-message", "99999999999999999999", "0"):
        yield CallerMistake("owner", {"messageId": ref}, (gone, malformed))


def _unset_guilds(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield guilds in which nothing was set: the one next to the declared one, and another."""
    model = operation.id.removeprefix("get").removeprefix("update")
    if model not in UNSET:
        return
    code = UNSET[model]
    owner = model.removesuffix("GuildSettings").lower()
    rules = attribution.known(cast.contract, f"{owner}-guild-row-must-exist", f"err-{code}")
    gone = ExpectedResponse((404,), rules, (code,))
    refs, guild = cast.refs(operation), int(cast.fixture("guild_id"))
    body: Any = NO_BODY
    if operation.writes:
        body = {"display_name" if owner == "member" else "tag": "nothing to change"}
    for number in (guild + 1, FIRST_SNOWFLAKE + 1):
        yield CallerMistake("owner", {**refs, "guildId": str(number)}, (gone,), body)


def _autoproxy(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield requests for the autoproxy of no guild or of a channel, and modes that there are not."""
    contract, body = cast.contract, _body(cast, operation)
    query = cast.query(operation) or {}
    channel = {**query, "channel_id": query["guild_id"]}
    for rule, wrong in (
        ("autoproxy-needs-guild-id", {}),
        ("autoproxy-rejects-channel-id", channel),
    ):
        expected_response = ExpectedResponse(
            tuple(range(400, 600)), attribution.known(contract, rule), any_code=True
        )
        yield CallerMistake("owner", {}, (expected_response,), body, wrong)
    if operation.writes:
        bodies = {
            "autoproxy-mode-enum": {"autoproxy_mode": "no such mode"},
            "autoproxy-member-null-for-front": {
                "autoproxy_mode": "front",
                "autoproxy_member": cast.thing("Member").id,
            },
        }
        for rule, wrong_body in bodies.items():
            rejected = ExpectedResponse((400,), attribution.known(contract, rule), any_code=True)
            yield CallerMistake("owner", {}, (rejected,), wrong_body, query)


def _anonymous_clients(cast: Cast, operation: Operation) -> Iterator[CallerMistake]:
    """Yield the request as it should be, but for the name of the client."""
    rules = attribution.known(cast.contract, "user-agent-required", "user-agent-missing-400")
    if rules:
        refs, body, query = cast.refs(operation), _body(cast, operation), cast.query(operation)
        rejected = (ExpectedResponse((400,), rules),)
        yield CallerMistake("owner", refs, rejected, body, query, headers={"User-Agent": None})

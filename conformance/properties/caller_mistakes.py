"""The mistakes that a caller can make in what a request names, each with the answers that the docs allow.

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
from conformance.properties.oracle import LAUNCH, REFUSED, Forecast
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
class Slip:
    """A request with a mistake, and the answers that are allowed: the documented one first."""

    caller: str
    refs: Mapping[str, str]
    forecasts: tuple[Forecast, ...]
    body: Any = NO_BODY
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str | None] | None = None


def slips(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield the mistakes of an operation; what they are made with must not change before they are sent."""
    parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    for model, name in PARAMETER.items():
        if name in parts and "guildId" not in parts:
            yield from _unknown(cast, operation, model)
    if "switchId" in parts:
        yield from _unknown_switches(cast, operation)
    if "other" in cast.others:
        yield from _of_strangers(cast, operation)
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


def _unknown(cast: Cast, operation: Operation, model: str) -> Iterator[Slip]:
    """Yield paths that name no system, member or group; only reads take a name that is none of them for certain."""
    code, world = CODES[model], cast.world
    if operation.writes and model == "System":
        return
    departs = cast.contract.revision == LAUNCH and operation.id in ("getMemberGroups", "getSystem")
    if departs or (operation.id.startswith("getSwitch") and model == "System"):
        return
    # PluralKit's own server looks for the groups of a member as for one that is listed.
    codes = (code, 20003) if operation.id == "getMemberGroups" else (code,)
    rules = attribution.known(cast.contract, f"err-{code}")
    gone = Forecast((404,), rules, codes)
    refs, body = cast.refs(operation), _body(cast, operation)
    query = cast.query(operation)
    nobody = world.unknown_uuid()
    for ref in (nobody, nobody.upper()):
        yield Slip("owner", {**refs, PARAMETER[model]: ref}, (gone,), body, query)
    if not operation.writes:
        malformed = Forecast((400,), rules, any_code=True)
        for ref in (world.unknown_id(), *ODD.values()):
            yield Slip("owner", {**refs, PARAMETER[model]: ref}, (gone, malformed), body, query)


def _unknown_switches(cast: Cast, operation: Operation) -> Iterator[Slip]:
    code = 20007 if operation.id == "updateSwitchMembers" else 20008
    gone = Forecast((404,), attribution.known(cast.contract, f"err-{code}"), (20007, 20008))
    body = _body(cast, operation)
    yield Slip("owner", {**ME, "switchId": cast.world.unknown_uuid()}, (gone,), body)
    rules = attribution.known(cast.contract, "err-40006", "switchref-must-be-uuid")
    allowed = [Forecast((400,), rules, (40006,))]
    # As PluralKit's own server does; the checks of `switch_paths` say that it is a departure.
    if operation.id == "updateSwitchMembers":
        allowed.append(Forecast((404,), rules, (20007,)))
    if cast.contract.revision != LAUNCH:
        allowed.append(Forecast((500,), rules))
    for ref in ODD_SWITCHES:
        cast.world.owner.client.guard.allow(ref)
        yield Slip("owner", {**ME, "switchId": ref}, tuple(allowed), body)


def _of_strangers(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield requests about what is the owner's, with the token of the other system."""
    if operation.id in OF_SYSTEM:
        refs = cast.refs(operation)
        system = {} if operation.id == "updateSwitch" else {"systemId": cast.world.system_id}
        refused = Forecast(REFUSED, attribution.known(cast.contract, "auth-by-system-token"))
        yield Slip("other", {**refs, **system}, (refused,), _body(cast, operation))
    for row in owned(cast.contract):
        found, code = row.value
        if found.id != operation.id or operation.id.startswith("remove"):
            continue
        forecast = Forecast((403,), row.requirements, (code,))
        body = [] if operation.id.startswith("overwrite") else _body(cast, operation)
        for refs in _spelled(cast, operation):
            yield Slip("other", refs, (forecast,), body)


def _spelled(cast: Cast, operation: Operation) -> Iterator[dict[str, str]]:
    """Yield the path parameters of an operation in several spellings."""
    refs = cast.refs(operation)
    yield refs
    for model, name in PARAMETER.items():
        if name in refs and model != "System":
            thing = cast.thing(model)
            yield {**refs, name: thing.uuid}
            if "id-accepted-uppercase" in cast.contract.requirements:
                yield {**refs, name: thing.id.upper()}


def _unknown_listed(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield lists with an entry that names nothing, or something of the other system, before and after what is there."""
    model = LISTS[operation.id]
    refs, own = cast.refs(operation), cast.thing(model)
    if operation.id == "updateSwitchMembers":
        own = cast.partner()
    unknown = (cast.moves.ghostly(model),)
    for ref in (cast.world.unknown_uuid(), cast.world.unknown_id()):
        for listed in ([own.id, ref], [ref, own.uuid]):
            yield Slip("owner", refs, unknown, _listing(operation, listed))
    if operation.id in LISTED and "other" in cast.others:
        kind, code, upstream = LISTED[operation.id]
        foreign = _foreign(cast, kind)
        rules = cast.contract.about(code=code, status=403)
        allowed = [Forecast((403,), rules, (code,))]
        if upstream is not None:
            allowed.append(Forecast((404,), rules, (upstream,)))
        for listed in ([foreign], [own.id, foreign]) if foreign else ():
            yield Slip("owner", refs, tuple(allowed), _listing(operation, listed))


def _incomplete(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield switches of nobody knows whom, and such as are moved nowhere."""
    rule, statuses, bodies = INCOMPLETE[operation.id]
    refused = Forecast(statuses, attribution.known(cast.contract, rule))
    for body in bodies:
        yield Slip("owner", cast.refs(operation), (refused,), body)


def _listing(operation: Operation, refs: list[str]) -> Any:
    if operation.id == "createSwitch":
        return {"members": refs, **TIME}
    return refs


def _foreign(cast: Cast, kind: str) -> str | None:
    """Return the id of something of the other system, None where it has nothing."""
    shown = cast.arena.send(READS[kind], "other", ME).json
    rows = [row for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []
    return str(rows[0]["id"]) if rows and "id" in rows[0] else None


def _unknown_messages(cast: Cast) -> Iterator[Slip]:
    rules = attribution.known(cast.contract, "err-20006")
    gone = Forecast((404,), rules, (20006,))
    malformed = Forecast((400,), rules, any_code=True)
    number = FIRST_SNOWFLAKE + cast.world.random.randrange(FIRST_SNOWFLAKE)
    for caller in ("owner", "anonymous"):
        yield Slip(caller, {"messageId": str(number)}, (gone,))
    for ref in ("no-message", "99999999999999999999", "0"):
        yield Slip("owner", {"messageId": ref}, (gone, malformed))


def _unset_guilds(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield guilds in which nothing was set: the one next to the declared one, and another."""
    model = operation.id.removeprefix("get").removeprefix("update")
    if model not in UNSET:
        return
    code = UNSET[model]
    owner = model.removesuffix("GuildSettings").lower()
    rules = attribution.known(cast.contract, f"{owner}-guild-row-must-exist", f"err-{code}")
    gone = Forecast((404,), rules, (code,))
    refs, guild = cast.refs(operation), int(cast.fixture("guild_id"))
    body: Any = NO_BODY
    if operation.writes:
        body = {"display_name" if owner == "member" else "tag": "nothing to change"}
    for number in (guild + 1, FIRST_SNOWFLAKE + 1):
        yield Slip("owner", {**refs, "guildId": str(number)}, (gone,), body)


def _autoproxy(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield requests for the autoproxy of no guild or of a channel, and modes that there are not."""
    contract, body = cast.contract, _body(cast, operation)
    query = cast.query(operation) or {}
    channel = {**query, "channel_id": query["guild_id"]}
    for rule, wrong in (
        ("autoproxy-needs-guild-id", {}),
        ("autoproxy-rejects-channel-id", channel),
    ):
        forecast = Forecast(
            tuple(range(400, 600)), attribution.known(contract, rule), any_code=True
        )
        yield Slip("owner", {}, (forecast,), body, wrong)
    if operation.writes:
        bodies = {
            "autoproxy-mode-enum": {"autoproxy_mode": "no such mode"},
            "autoproxy-member-null-for-front": {
                "autoproxy_mode": "front",
                "autoproxy_member": cast.thing("Member").id,
            },
        }
        for rule, wrong_body in bodies.items():
            refused = Forecast((400,), attribution.known(contract, rule), any_code=True)
            yield Slip("owner", {}, (refused,), wrong_body, query)


def _anonymous_clients(cast: Cast, operation: Operation) -> Iterator[Slip]:
    """Yield the request as it should be, but for the name of the client."""
    rules = attribution.known(cast.contract, "user-agent-required", "user-agent-missing-400")
    if rules:
        refs, body, query = cast.refs(operation), _body(cast, operation), cast.query(operation)
        refused = (Forecast((400,), rules),)
        yield Slip("owner", refs, refused, body, query, headers={"User-Agent": None})

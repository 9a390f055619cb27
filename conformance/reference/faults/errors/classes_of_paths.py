"""Faults: one operation treats one class of refs in its path wrongly."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.errors.named_refs import (
    is_malformed,
    is_short_id,
    is_uuid,
    names_another_kind,
    names_nothing,
    remembered,
)
from conformance.reference.faults.errors.treatment import Return, accept, add_treatments, fail
from conformance.reference.faults.registry import add
from conformance.reference.revisions import NEWEST
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.faults.errors.treatment import Matches, Matching, Way
    from conformance.reference.steps import Original

_LONG = 20  # digits that no Discord id has
_OF_SYSTEM = (
    "get-system",
    "update-system",
    "get-system-settings",
    "update-system-settings",
    "get-system-members",
    "get-system-groups",
    "get-system-switches",
    "get-fronters",
    "create-switch",
    "get-switch",
    "update-switch",
    "update-switch-members",
    "delete-switch",
)
_OF_MEMBER = (
    "get-member",
    "update-member",
    "delete-member",
    "get-member-groups",
    "add-member-groups",
    "remove-member-groups",
    "overwrite-member-groups",
    "get-member-guild-settings",
    "update-member-guild-settings",
)
_OF_GROUP = (
    "get-group",
    "update-group",
    "delete-group",
    "get-group-members",
    "add-group-members",
    "remove-group-members",
    "overwrite-group-members",
)
_OF_SWITCH = ("get-switch", "update-switch", "update-switch-members", "delete-switch")
_SWITCH_WRITES = ("create-switch", *_OF_SWITCH[1:])
_OF_GUILD = {
    "get-system-guild-settings": ("err-20009", "system-guild-row-must-exist"),
    "update-system-guild-settings": ("err-20009", "system-guild-row-must-exist"),
    "get-member-guild-settings": ("err-20010", "member-guild-row-must-exist"),
    "update-member-guild-settings": ("err-20010", "member-guild-row-must-exist"),
}
# Which unknown refs a server might take for those of the caller's own system, or its latest switch.
_REACHING = {
    "update-system": ("unknown_uuid", "unknown_short_id", "malformed"),
    "update-system-settings": ("unknown_uuid", "unknown_short_id", "malformed"),
    "update-switch": ("unknown_uuid", "deleted"),
    "update-switch-members": ("unknown_uuid", "deleted"),
    "delete-switch": ("unknown_uuid", "deleted"),
}


def _unknown(is_form: Callable[[str], bool], kind: str, server: Server) -> Matches:
    gone = remembered(server)

    def matches(call: Call) -> bool:
        ref = call.params[kind]
        return is_form(ref) and ref not in gone and names_nothing(server, ref)

    return matches


def _was_deleted(kind: str, server: Server) -> Matches:
    gone = remembered(server)
    return lambda call: call.params[kind] in gone


def _malformed(kind: str, _: Server) -> Matches:
    return lambda call: is_malformed(call.params[kind])


def _another_kind(kind: str, server: Server) -> Matches:
    return lambda call: names_another_kind(server, kind, call.params[kind])


def _foreign(server: Server) -> Matches:
    def matches(call: Call) -> bool:
        switch = server.store.switches.get(call.params["switch"])
        return switch is not None and switch.system is not call.caller

    return matches


def _below_other(server: Server) -> Matches:
    def matches(call: Call) -> bool:
        switch = server.store.switches.get(call.params["switch"])
        system = server.references.system(call.params["system"], call.caller)
        return switch is not None and switch.system is call.caller is not system

    return matches


def _snowflake(is_one: Callable[[str], bool], kind: str, _: Server) -> Matches:
    return lambda call: is_one(call.params[kind])


def _unset(server: Server) -> Matches:
    def matches(call: Call) -> bool:
        ref = call.params.get("member")
        owner = server.store.members.find(ref) if ref else call.caller
        return owner is not None and call.params["guild"] not in owner.guilds

    return matches


def _ways(kind: str, *, coded: bool = True) -> Iterator[tuple[str, Way]]:
    """Yield how a ref that must be rejected can be treated; `coded` where the docs name the code."""
    yield "accepts", accept
    yield "fails_at", fail
    if coded:
        other = Problem.GROUP_UNKNOWN if kind == "member" else Problem.MEMBER_UNKNOWN
        yield "returns_another_code_for", Return(other)


def _matching(class_: str, kind: str) -> Matching:
    """Return what recognizes a class of refs in one place."""
    of_kind: dict[str, Callable[[str, Server], Matches]] = {
        "unknown_uuid": functools.partial(_unknown, is_uuid),
        "unknown_short_id": functools.partial(_unknown, is_short_id),
        "deleted": _was_deleted,
        "malformed": _malformed,
        "another_kind": _another_kind,
        "unknown_snowflake": functools.partial(_snowflake, lambda ref: len(ref) < _LONG),
        "long": functools.partial(_snowflake, lambda ref: len(ref) >= _LONG),
    }
    alone = {"other_system": _foreign, "below_other_system": _below_other, "unset": _unset}
    return alone[class_] if class_ in alone else functools.partial(of_kind[class_], kind)


def _add(operation: str, kind: str, class_: str, *rules: str, coded: bool = True) -> None:
    """Register the faults of one class of refs in one place."""
    # At the launch writes of switches named the system as @me alone.
    only = NEWEST.name if kind == "system" and operation in _SWITCH_WRITES else None
    ways = [*_ways(kind, coded=coded)]
    if class_ in _REACHING.get(operation, ()):
        ways.append(("applies_though_rejected", _reach))
    add_treatments(
        operation, f"{class_}_{kind}_id", _matching(class_, kind), ways, *rules, only=only
    )


def _reach(_: Server, original: Original, call: Call) -> object:
    """Carry out the request for the system of the caller, or its latest switch, and reject it then."""
    try:
        return original(call)
    except Rejected:
        if "switch" in call.params and call.caller and call.caller.switches:
            call.params["switch"] = call.caller.switches[-1].uuid
        call.params["system"] = "@me"
        original(call)
        raise


def _reach_another_kind(operation: str, kind: str, server: Server) -> None:
    """Carry out a request for what has the id, although it is of another kind, and reject it then."""
    other = "group" if kind == "member" else "member"

    def run(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected:
            index = server.store.members if other == "member" else server.store.groups
            row = index.find(call.params.get(kind, ""))
            if row is not None and call.operation and call.operation.name == operation:
                if call.method == "DELETE":
                    getattr(server.store, f"delete_{other}")(row)
                row.fields["description"] = "applied"
            raise

    wrap(server, "run", run)


_ANY = ("unknown_uuid", "unknown_short_id", "malformed", "another_kind")


def _is_sent(operation: str, kind: str, class_: str) -> bool:
    """Whether a check sends the class; which are left out is said in `openapi/inputs/paths.yaml`."""
    if kind == "system":
        writes = ("update-system", "update-system-settings", *_SWITCH_WRITES)
        left_out = {"unknown_short_id": _SWITCH_WRITES, "another_kind": writes}
    else:
        lists = [
            f"{verb}-{suffix}"
            for verb in ("add", "remove", "overwrite")
            for suffix in ("member-groups", "group-members")
        ]
        left_out = {"another_kind": tuple(lists)}
    return operation not in left_out.get(class_, ())


for _operation in _OF_SYSTEM:
    for _class in _ANY:
        if _is_sent(_operation, "system", _class):
            _add(_operation, "system", _class, "err-20001")
for _kind, _operations, _rule in (
    ("member", _OF_MEMBER, "err-20002"),
    ("group", _OF_GROUP, "err-20004"),
):
    for _operation in _operations:
        for _class in (*_ANY, "deleted"):
            if _is_sent(_operation, _kind, _class):
                _add(_operation, _kind, _class, _rule)
    for _operation in _operations[1:3]:
        add(
            f"applies_though_rejected_another_kind_{_kind}_id_of_{_operation.replace('-', '_')}",
            f"The operation {_operation} is rejected, but done to what has the UUID, of any kind.",
            [_rule],
            functools.partial(_reach_another_kind, _operation, _kind),
            of_cell=True,
        )
for _operation in _OF_SWITCH:
    _rule = "err-20007" if _operation == "update-switch-members" else "err-20008"
    for _class in ("unknown_uuid", "deleted", "another_kind"):
        _add(_operation, "switch", _class, _rule)
    _add(_operation, "switch", "malformed", "err-40006", "switchref-must-be-uuid")
_add("get-switch", "switch", "other_system", "switch-of-another-system-404")
_add("get-switch", "switch", "below_other_system", "switch-of-another-system-404")
_add(
    "update-switch-members", "switch", "other_system", "update-switch-members-only-own", coded=False
)
_add("get-message", "message", "unknown_snowflake", "err-20006")
_add("get-message", "message", "malformed", "errors-are-4xx-json", coded=False)
_add("get-message", "message", "long", "errors-are-4xx-json", coded=False)
for _operation, _of_rows in _OF_GUILD.items():
    _add(_operation, "guild", "unset", *_of_rows)
    _add(_operation, "guild", "malformed", "errors-are-4xx-json", coded=False)

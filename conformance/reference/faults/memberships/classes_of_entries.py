"""Faults: one operation treats one class of entries in the list of its body wrongly."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.errors.named_refs import (
    is_malformed,
    is_short_id,
    is_uuid,
    names,
    names_another_kind,
    names_nothing,
    remembered,
)
from conformance.reference.faults.errors.treatment import Return, accept, add_treatments, fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.faults.errors.treatment import Matches, Way
    from conformance.reference.steps import Original

    IsOne = Callable[[Any], bool]

_VERBS = ("add", "remove", "overwrite")
_KINDS = {
    "create-switch": "member",
    "update-switch-members": "member",
    **{f"{verb}-group-members": "member" for verb in _VERBS},
    **{f"{verb}-member-groups": "group" for verb in _VERBS},
}
_SWITCHES = ("create-switch", "update-switch-members")
_UNKNOWN = {"member": "err-20003", "group": "err-20005"}
_FOREIGN = {"member": "err-30008", "group": "err-30009"}


def _entries(call: Call) -> list[Any]:
    """Return the entries of a list, of whatever type they are; none where the body is no list."""
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError):
        return []
    listed = body.get("members") if isinstance(body, dict) else body
    return listed if isinstance(listed, list) else []


def _unknown(is_form: Callable[[str], bool], _: str, server: Server) -> IsOne:
    gone = remembered(server)

    def is_one(entry: Any) -> bool:
        text = isinstance(entry, str) and is_form(entry)
        return text and entry not in gone and names_nothing(server, entry)

    return is_one


def _deleted(_: str, server: Server) -> IsOne:
    gone = remembered(server)
    return lambda entry: isinstance(entry, str) and entry in gone


def _another_kind(kind: str, server: Server) -> IsOne:
    return lambda entry: isinstance(entry, str) and names_another_kind(server, kind, entry)


def _foreign(kind: str, server: Server) -> IsOne:
    def is_one(entry: Any) -> bool:
        found = isinstance(entry, str) and names(server, kind, entry)
        rows: Any = server.store.members if kind == "member" else server.store.groups
        return found and rows.find(entry).system is server.seeded.second

    return is_one


def _value(is_one: IsOne, _: str, __: Server) -> IsOne:
    return is_one


_CLASSES: dict[str, Callable[[str, Server], IsOne]] = {
    "unknown_uuid": functools.partial(_unknown, is_uuid),
    "unknown_short_id": functools.partial(_unknown, is_short_id),
    "malformed": functools.partial(
        _value, lambda entry: isinstance(entry, str) and entry != "" and is_malformed(entry)
    ),
    "empty": functools.partial(_value, lambda entry: entry == ""),
    "deleted": _deleted,
    "another_kind": _another_kind,
    "other_system": _foreign,
    "null": functools.partial(_value, lambda entry: entry is None),
    "number": functools.partial(_value, lambda entry: type(entry) is int),
}


def _matching(make: Callable[[str, Server], IsOne], kind: str, server: Server) -> Matches:
    is_one = make(kind, server)
    return lambda call: any(is_one(entry) for entry in _entries(call))


def _repeated(in_both_forms: bool, kind: str, server: Server) -> Matches:  # noqa: FBT001 - a table sets it
    rows: Any = server.store.members if kind == "member" else server.store.groups

    def matches(call: Call) -> bool:
        entries = [entry for entry in _entries(call) if isinstance(entry, str)]
        found = [row for row in map(rows.find, entries) if row is not None]
        texts = len(set(entries)) < len(entries)
        return len({id(row) for row in found}) < len(found) and texts is not in_both_forms

    return matches


def _apply_the_others(kind: str, server: Server, original: Original, call: Call) -> object:
    """Carry out the request for the entries that are right, and reject it then."""
    try:
        return original(call)
    except Rejected:
        rows: Any = server.store.members if kind == "member" else server.store.groups
        own = [
            e
            for e in _entries(call)
            if isinstance(e, str) and (row := rows.find(e)) and row.system is call.caller
        ]
        body = json.loads(call.body)
        listed = list(dict.fromkeys(own))
        call.body = json.dumps(
            {**body, "members": listed} if isinstance(body, dict) else listed
        ).encode()
        original(call)
        raise


def _add(operation: str, class_: str, rule: str, *, coded: bool, applied: bool) -> None:
    """Register the faults of one class of entries in one operation."""
    kind = _KINDS[operation]
    ways: list[tuple[str, Way]] = [("accepts", accept), ("fails_at", fail)]
    if coded:
        ways.append(("returns_another_code_for", Return(Problem.MESSAGE_UNKNOWN)))
    if applied:
        ways.append(("applies_though_rejected", functools.partial(_apply_the_others, kind)))
    matching = functools.partial(_matching, _CLASSES[class_], kind)
    add_treatments(operation, f"{class_}_entry", matching, ways, rule)


for _operation, _kind in _KINDS.items():
    for _class in _CLASSES:
        if _class in ("null", "number"):
            _add(_operation, _class, "errors-are-4xx-json", coded=False, applied=False)
        elif _class == "other_system":
            _add(_operation, _class, _FOREIGN[_kind], coded=True, applied=False)
        else:
            _add(_operation, _class, _UNKNOWN[_kind], coded=True, applied=True)
    for _class, _both in (("twice", False), ("two_forms", True)):
        _match = functools.partial(_repeated, _both, _kind)
        _ways: list[tuple[str, Way]] = [("fails_at", fail)]
        if _operation in _SWITCHES:
            _ways += [
                ("accepts", accept),
                ("returns_another_code_for", Return(Problem.SAME_FRONTERS)),
            ]
        _rule = "err-40003" if _operation in _SWITCHES else "errors-are-4xx-json"
        add_treatments(_operation, f"{_class}_entry", _match, _ways, _rule)

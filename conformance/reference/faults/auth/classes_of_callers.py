"""Faults: one operation treats one class of callers wrongly, by how the path names whose it is."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.errors.treatment import Return, accept, add_treatments, fail
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.revisions import NEWEST

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.faults.errors.treatment import Matches, Way
    from conformance.reference.steps import Original

_READS_OF_ME = (
    "get-system",
    "get-system-settings",
    "get-system-guild-settings",
    "get-autoproxy",
    "get-system-members",
    "get-system-groups",
    "get-system-switches",
    "get-fronters",
    "get-switch",
)
_WITHOUT_NAME = (
    "create-member",
    "create-group",
    "update-system-guild-settings",
    "update-autoproxy",
)
_OF_SYSTEM = ("update-system", "update-system-settings", "create-switch")
_OF_SWITCH = ("update-switch", "update-switch-members", "delete-switch")
_OF_MEMBER = (
    "update-member",
    "delete-member",
    "remove-member-groups",
    "overwrite-member-groups",
    "get-member-guild-settings",
    "update-member-guild-settings",
    "add-member-groups",
)
_OF_GROUP = (
    "update-group",
    "delete-group",
    "remove-group-members",
    "overwrite-group-members",
    "add-group-members",
)

_RULES = {"no_token": "auth-missing-gives-401", "unknown_token": "auth-invalid-gives-401"}
# Writes whose valid request changes nothing: what it removes was never added.
_WITHOUT_EFFECT = ("remove-member-groups", "remove-group-members")
_EMPTYING = ("overwrite-member-groups", "overwrite-group-members")


def _form(server: Server, ref: str) -> str:
    if ref == "@me":
        return "me"
    second = server.seeded.second
    if ref in (second.short_id, second.uuid):
        return "other"
    return "id" if canonical_uuid(ref) is None else "uuid"


def _who(server: Server, call: Call) -> str:
    if call.caller is None:
        return "no_token" if call.token is None else "unknown_token"
    return "owner" if call.caller is server.seeded.first else "other_token"


def _matching(class_: str, where: str, server: Server) -> Matches:
    def matches(call: Call) -> bool:
        params = call.params
        ref = params.get("member") or params.get("group") or params.get("system") or "@me"
        return _who(server, call) == class_ and _form(server, ref) == where

    return matches


def _apply(server: Server, original: Original, call: Call) -> object:
    """Carry out the request for the owner of the system under test, and reject it then."""
    try:
        return original(call)
    except Rejected:
        call.caller = server.seeded.first
        if "system" in call.params:
            call.params["system"] = "@me"
        server.run(call)
        raise


def _is_seen(operation: str, class_: str) -> bool:
    """Whether a read shows that the request was carried out."""
    if operation.startswith("get-") or operation in _WITHOUT_EFFECT:
        return False
    if class_ == "owner":  # the settings of the other system may be the same
        return operation != "update-system-settings"
    return class_ in _RULES or operation not in _EMPTYING


def _add(operation: str, class_: str, where: str, *rules: str, coded: bool = True) -> None:
    """Register the faults of one class of callers in one operation."""
    # At the launch writes of switches named the system as @me alone.
    named = where != "me" and operation in (*_OF_SWITCH, "create-switch")
    ways: list[tuple[str, Way]] = [("accepts", accept), ("fails_at", fail)]
    if coded:
        ways.append(("returns_another_code_for", Return(Problem.BAD_REQUEST)))
    if _is_seen(operation, class_):
        ways.append(("applies_though_rejected", _apply))
    add_treatments(
        operation,
        f"{class_}_{where}",
        functools.partial(_matching, class_, where),
        ways,
        *rules,
        only=NEWEST.name if named else None,
        before_token=True,
    )


def _on_writes(operation: str) -> str:
    """Return the requirement that an operation is rejected without a token."""
    if operation in _OF_MEMBER:
        return "auth-401-for-member-writes"
    return "auth-401-for-group-writes" if operation in _OF_GROUP else "auth-401-for-writes"


def _add_tokens(operation: str, class_: str, where: str) -> None:
    """Register the faults of a class of callers without a valid token."""
    rules = [_RULES[class_]] + ([] if operation.startswith("get-") else [_on_writes(operation)])
    _add(operation, class_, where, *rules)


for _operation in (*_READS_OF_ME, *_WITHOUT_NAME, *_OF_SYSTEM, *_OF_SWITCH):
    for _class in _RULES:
        _add_tokens(_operation, _class, "me")
for _operation in (*_OF_SYSTEM, *_OF_SWITCH):
    _add_tokens(_operation, "no_token", "id")
    _add_tokens(_operation, "unknown_token", "uuid")
    _add(_operation, "other_token", "id", "auth-by-system-token", coded=False)
    if _operation != "create-switch":
        _add(_operation, "owner", "other", "auth-by-system-token", coded=False)
for _operation in ("update-switch", "delete-switch"):
    _add(_operation, "other_token", "me", "auth-by-system-token", coded=False)
for _operations, _rule in ((_OF_MEMBER, "err-30006"), (_OF_GROUP, "err-30007")):
    for _operation in _operations:
        _add_tokens(_operation, "no_token", "id")
        _add_tokens(_operation, "unknown_token", "uuid")
        for _where in ("id", "uuid"):
            _add(_operation, "other_token", _where, _rule)

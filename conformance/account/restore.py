"""Undoes a run: deletes what it created, puts back what it changed, and compares the account with its state before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.entities import DELETE, path_refs
from conformance.http import ME, GuardError, Inconclusive
from conformance.target import Snapshot
from conformance.target.preflight import LISTS, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account.journal import Record
    from conformance.http import Caller

HTTP_NOT_FOUND = 404
KINDS = {"members": "member", "groups": "group", "switches": "switch"}
ORDER = ("switch", "group", "member")
# Keys that change without a PATCH, or that depend on another key.
VOLATILE = ("message_count", "last_message_timestamp", "webhook_url")


def restore(record: Record, owner: Caller) -> list[str]:
    """Undo everything in the record, and compare the account; return what is not as before, a line each.

    No response of the target raises: what can be undone is undone.
    """
    snapshot = Snapshot.from_json(record.snapshot)
    return [*undo(record, owner), *differences(snapshot, record.mark, owner)]


def undo(record: Record, owner: Caller) -> list[str]:
    """Delete what the record says was created, put back what was changed; return what could not be, a line each."""
    left = []
    for kind, ref in sorted(record.created, key=lambda created: ORDER.index(created[0])):
        if owner.client.is_target_gone:
            left.append(f"{kind} {ref} was not deleted")
        else:
            left += _delete(owner, kind, ref)
    for operation, before in () if owner.client.is_target_gone else record.before.items():
        left += _put_back(owner, operation, before)
    return left


def differences(snapshot: Snapshot, mark: str, owner: Caller) -> Iterator[str]:
    """Yield what is not as it was before the run; entities with the run's mark in their name are deleted first."""
    for kind, operation in LISTS.items():
        rows = {str(row.get("id")): row for row in _rows(owner, operation)}
        for ref in sorted(rows.keys() - set(snapshot.refs[kind])):
            yield from _left_behind(mark, owner, KINDS[kind], rows[ref])
        for ref in sorted(set(snapshot.refs[kind]) - rows.keys()):
            yield f"{kind}: {ref} is gone"
    for operation, old in (
        ("getSystem", snapshot.system),
        (SETTINGS, snapshot.settings),
    ):
        response = _response(owner, operation) if old else {}
        now = response if isinstance(response, dict) else {}
        for key, value in old.items():
            if key not in VOLATILE and now.get(key) != value:
                yield f"{operation}: {key} is not as before"


def _left_behind(mark: str, owner: Caller, kind: str, row: dict[str, Any]) -> list[str]:
    """Delete an entity with the run's mark in its name, whose creation got no response; report any other."""
    ref = str(row.get("id"))
    if str(row.get("name")).startswith(mark):
        return _delete(owner, kind, ref)
    return [f"{kind} {ref} was left behind"]


def _delete(owner: Caller, kind: str, ref: str) -> list[str]:
    owner.client.guard.allow(ref)
    try:
        exchange = owner.send(DELETE[kind], path_refs(kind, ref))
    except (Inconclusive, GuardError) as problem:
        return [f"{kind} {ref} could not be deleted: {problem}"]
    if exchange.ok or exchange.status == HTTP_NOT_FOUND:
        return []
    return [f"{kind} {ref} could not be deleted: status {exchange.status}"]


def _put_back(owner: Caller, operation: str, before: dict[str, Any]) -> list[str]:
    try:
        exchange = owner.send(operation, ME, json=before)
    except Inconclusive as problem:
        return [f"{operation} could not be undone: {problem}"]
    return [] if exchange.ok else [f"{operation} could not be undone: status {exchange.status}"]


def _rows(owner: Caller, operation: str) -> list[dict[str, Any]]:
    body = _response(owner, operation)
    return [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []


def _response(owner: Caller, operation: str) -> Any:
    try:
        body = owner.send(operation, ME).json
    except Inconclusive:
        return {}
    return body if isinstance(body, (dict, list)) else {}

"""Undoes a run: deletes what it created, puts back what it changed, and compares the account with its state before.

How an existing object gets its values again is in `put_back`; what a run notes for that is in `journal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account import put_back
from conformance.account.attempts import attempt
from conformance.account.entities import DELETE, path_refs
from conformance.account.lost_switch import lost_switch
from conformance.account.put_back import VOLATILE
from conformance.http import GuardError, Inconclusive
from conformance.target.snapshot import LISTS, Snapshot, read_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account.journal import Record
    from conformance.http import Caller

HTTP_NOT_FOUND = 404
PAGE = 100  # switches of one list
KINDS = {"members": "member", "groups": "group", "switches": "switch"}
ORDER = ("switch", "group", "member")


def restore(record: Record, owner: Caller) -> list[str]:
    """Undo everything in the record, and compare the account; return what is not as before, a line each.

    No response of the target raises: what can be undone is undone.
    """
    return [*undo(record, owner), *differences(record, owner)]


def undo(record: Record, owner: Caller) -> list[str]:
    """Delete what the record says was created, put back what was changed; return what could not be, a line each."""
    left = []
    created = list(record.created)
    if not owner.client.is_target_gone:
        created += [("switch", ref) for ref in lost_switch(record, owner)]
    for kind, ref in sorted(created, key=lambda one: ORDER.index(one[0])):
        if owner.client.is_target_gone:
            left.append(f"{kind} {ref} was not deleted")
        else:
            left += _delete(owner, kind, ref)
    for known in Snapshot.from_json(record.snapshot).objects:
        if known.name in record.changed and owner.client.is_target_gone:
            left.append(f"{known.updating} was not undone")
        elif known.name in record.changed:
            left += put_back.put_back(owner, known)
    return left


def differences(record: Record, owner: Caller) -> Iterator[str]:
    """Yield what is not as it was before the run; entities with the run's mark in their name are deleted first."""
    snapshot = Snapshot.from_json(record.snapshot)
    for kind in LISTS:
        old = {str(row["id"]): row for row in snapshot.rows.get(kind, ())}
        now = _rows(owner, kind)
        of_run = [ref for ref, row in sorted((now or {}).items()) if _is_of_run(record, kind, row)]
        problems = {ref: _delete(owner, KINDS[kind], ref) for ref in of_run if ref not in old}
        if problems:  # a server may only say that it deleted
            now = _rows(owner, kind)
        if now is None:
            yield f"{kind}: the list cannot be read, so that nothing proves that it is as before"
            continue
        for ref in sorted(now.keys() - old.keys()):
            yield from problems.get(ref) or [f"{KINDS[kind]} {ref} was left behind"]
        for ref, row in sorted(old.items()):
            if ref in now:
                yield from _compare(f"{KINDS[kind]} {ref}", row, now[ref])
            else:
                yield f"{kind}: {ref} is gone"
    for known in snapshot.objects:
        yield from _compare(known.reading, known.body, put_back.read(owner, known))


def not_compared(record: Record) -> Iterator[str]:
    """Yield what of the account before the run is not in the record, so that nothing proves that it is as before."""
    snapshot = Snapshot.from_json(record.snapshot)
    for known in snapshot.objects:
        if not known.body:
            yield f"{known.reading}: it could not be read before the run"
    if len(snapshot.rows.get("switches", ())) >= PAGE:
        yield f"switches: only the newest {PAGE} were read before the run, which changes none of any age"


def _compare(name: str, old: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for key, value in old.items():
        if key not in VOLATILE and _plain(name, now.get(key)) != _plain(name, value):
            yield f"{name}: {key} is not as before"


def _plain(name: str, value: Any) -> Any:
    """Return a value to compare: the members of a group are in no order."""
    return (
        sorted(map(str, value)) if name.startswith("group") and isinstance(value, list) else value
    )


def _is_of_run(record: Record, kind: str, row: dict[str, Any]) -> bool:
    """Whether an entity has the name that a creation without response had, or the run's mark in it."""
    name, creating = row.get("name"), record.creating
    created = creating[1].get("name") if creating and creating[0] == KINDS[kind] else None
    return isinstance(name, str) and (name.startswith(record.mark) or name == created)


def _delete(owner: Caller, kind: str, ref: str) -> list[str]:
    owner.client.guard.allow(ref)
    try:
        exchange = attempt(owner, lambda: owner.send(DELETE[kind], path_refs(kind, ref)))
    except (Inconclusive, GuardError) as problem:
        return [f"{kind} {ref} could not be deleted: {problem}"]
    if exchange.ok or exchange.status == HTTP_NOT_FOUND:
        return []
    return [f"{kind} {ref} could not be deleted: status {exchange.status}"]


def _rows(owner: Caller, kind: str) -> dict[str, dict[str, Any]] | None:
    """Return the rows of a list by id; None where it cannot be read."""
    try:
        rows = attempt(owner, lambda: read_list(owner, kind))
    except Inconclusive:
        return None
    return None if rows is None else {str(row["id"]): row for row in rows}

"""Puts back the values of an object that is not the run's own: by few PATCHes of what differs, each proved by a read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.attempts import attempt
from conformance.account.settable import settable
from conformance.http import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http import Caller
    from conformance.target import ExistingObject

# Keys that change without a PATCH, or that depend on another key.
VOLATILE = ("message_count", "last_message_timestamp", "webhook_url", "last_latch_timestamp")
MODE, MODE_MEMBER = "autoproxy_mode", "autoproxy_member"
# Null takes its value away, whatever the docs say of null; a PATCH of the default that shows then would be a value.
UNSET_BY_NULL = ("name_format",)


def put_back(owner: Caller, old: ExistingObject) -> list[str]:
    """Give an object the values that it had; return what could not be done, as lines."""
    for ref in old.refs.values():
        owner.client.guard.allow_operation(old.updating, ref)
    changed = _changed(owner, old)
    try:
        for body in list(_bodies(owner, old, changed)):
            if changed.keys() & body.keys():
                _patch(owner, old, body)
                changed = _changed(owner, old)
    except Inconclusive as problem:
        return [f"{old.updating} could not be undone: {problem}"]
    return [f"{old.updating} could not put back {', '.join(changed)}"] if changed else []


def _patch(owner: Caller, old: ExistingObject, body: dict[str, Any]) -> None:
    attempt(owner, lambda: owner.send(old.updating, old.refs, query=old.query, json=body))


def read(owner: Caller, known: ExistingObject) -> dict[str, Any]:
    """Return the object as it is now; nothing where it cannot be read."""
    try:
        body = attempt(owner, lambda: owner.send(known.reading, known.refs, query=known.query)).json
    except Inconclusive:
        return {}
    return body if isinstance(body, dict) else {}


def _changed(owner: Caller, old: ExistingObject) -> dict[str, Any]:
    """Return the old values of the settable keys that have others now."""
    now = read(owner, old)
    before = settable(owner.contract, owner.contract.operations[old.reading].entity, old.body)
    return {key: value for key, value in before.items() if now.get(key) != value}


def _bodies(
    owner: Caller, old: ExistingObject, changed: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the bodies to send as long as something differs: all keys, then each alone."""
    model = owner.contract.operations[old.reading].entity
    default = {field.key: field.schema.get("default") for field in owner.contract.fields_of(model)}
    unset = [key for key in UNSET_BY_NULL if key in changed and changed[key] == default.get(key)]
    yield _with_mode(old, {key: value for key, value in changed.items() if key not in unset})
    yield from ({key: None} for key in unset)
    yield from ({key: value} for key, value in changed.items())


def _with_mode(old: ExistingObject, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with the mode and the member of autoproxy together, as one depends on the other."""
    if not {MODE, MODE_MEMBER} & body.keys():
        return body
    member = old.body.get(MODE_MEMBER)
    rest = {key: value for key, value in body.items() if key != MODE_MEMBER}
    return {**rest, MODE: old.body.get(MODE)} | ({} if member is None else {MODE_MEMBER: member})

"""What a ref of a request names, as faults of classes of input tell: something of a kind, what was deleted, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.steps import Original

KINDS = ("system", "member", "group", "switch")
_SHORT_ID = re.compile(r"[a-z]{5,6}")
_OTHER_FORM = re.compile(r"[A-Za-z]{3}-?[A-Za-z]{3}|[0-9]+|@me")


def is_uuid(ref: str) -> bool:
    """Whether a ref is a UUID."""
    return canonical_uuid(ref) is not None


def is_short_id(ref: str) -> bool:
    """Whether a ref is a short id in lower case."""
    return _SHORT_ID.fullmatch(ref) is not None


def is_malformed(ref: str) -> bool:
    """Whether a ref has the form of no id."""
    return not (is_uuid(ref) or is_short_id(ref) or _OTHER_FORM.fullmatch(ref))


def names(server: Server, kind: str, ref: str) -> bool:
    """Whether a ref names something of a kind."""
    store = server.store
    if kind == "switch":
        return canonical_uuid(ref) in store.switches
    if kind == "system":
        return ref == "@me" or store.systems.find(ref) is not None or ref in store.accounts
    return (store.members if kind == "member" else store.groups).find(ref) is not None


def names_nothing(server: Server, ref: str) -> bool:
    """Whether a ref names nothing of any kind."""
    return not any(names(server, kind, ref) for kind in KINDS)


def names_another_kind(server: Server, kind: str, ref: str) -> bool:
    """Whether a ref is the UUID of a member or group in the place of another kind."""
    others = [one for one in ("member", "group") if one != kind]
    return is_uuid(ref) and any(names(server, one, ref) for one in others)


def remembered(server: Server) -> set[str]:
    """Return the ids of what is deleted from now on."""
    gone: set[str] = set()
    for kind in KINDS[1:]:

        def delete(original: Original, row: object) -> None:
            original(row)
            gone.update(getattr(row, key) for key in ("short_id", "uuid") if hasattr(row, key))

        wrap(server.store, f"delete_{kind}", delete)
    return gone

"""Faults: read-only keys that a body sets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.faults.settings.updates import change_before_merge
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Row
    from conformance.reference.models import Kind
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _set_read_only(model: str, key: str, place: Place, server: Server) -> None:
    """Show what a body had for a key from then on; the row keeps its own, by which it is still found."""
    sent: dict[str, object] = {}
    taken: dict[Entity, object] = {}

    def read(original: Original, kind: object, body: dict[str, object], *rest: object) -> object:
        sent.clear()
        sent.update(body)
        return original(kind, body, *rest)

    def entity(original: Original, row: Entity, viewer: object, shown_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, shown_in)
        if row.kind.name == model and shown_in == place and key in sent:
            taken[row] = sent[key]
        return shown | {key: taken[row]} if row in taken else shown

    wrap(server.validation, "read", read)
    wrap(server.presenter, "entity", entity)


_NOT_SETTABLE = {
    "id": "id-not-settable",
    "uuid": "uuid-not-settable",
    "created": "created-not-settable",
}
for _model in ("member", "group"):
    for _key, _violated in _NOT_SETTABLE.items():
        add(
            f"patch_sets_{_model}_{_key}",
            f"PATCH of a {_model} takes {_key} from the body.",
            [_violated],
            partial(_set_read_only, _model, _key, "update"),
        )
        add(
            f"post_sets_{_model}_{_key}",
            f"POST of a {_model} takes {_key} from the body.",
            ["id-uuid-created-ignored-on-post"],
            partial(_set_read_only, _model, _key, "create"),
        )

for _key, _violated in _NOT_SETTABLE.items():
    add(
        f"patch_sets_system_{_key}",
        f"PATCH of a system takes {_key} from the body.",
        [_violated],
        partial(_set_read_only, "system", _key, "update"),
    )


@fault("created-not-settable", step="validation.read")
def patch_rejects_id_and_sets_created(
    original: Original, kind: Kind, body: dict[str, object], *rest: object
) -> Patch:
    """A body with id or uuid is rejected; a PATCH of a member with created and neither of them sets it."""
    if body.keys() & {"id", "uuid"}:
        raise Rejected(Problem.BAD_REQUEST, "an id cannot be set")
    patch: Patch = original(kind, body, *rest)
    if kind.name == "member" and "created" in body:
        patch.fields["created"] = body["created"]
    return patch


@fault("settings-member-limit-read-only", "settings-group-limit-read-only", step="validation.read")
def patch_sets_limits(
    original: Original, kind: Kind, body: dict[str, object], *rest: object
) -> Patch:
    """PATCH of the settings takes the limits from the body."""
    patch: Patch = original(kind, body, *rest)
    if kind.name == "settings":
        limits = ("member_limit", "group_limit")
        patch.fields.update({key: body[key] for key in limits if isinstance(body.get(key), int)})
    return patch


@fault("autoproxy-last-latch-read-only", step="autoproxy_modes.settle")
def autoproxy_sets_last_latch(
    server: Server, original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """PATCH sets the time of the last latch."""
    original(patch, row, call)
    sent = server.bodies.mapping(call)
    if "last_latch_timestamp" in sent:
        patch.fields["last_latch_timestamp"] = sent["last_latch_timestamp"]


@fault("created-not-settable", only="2025-08", step="validation.changes")
def patch_takes_later_created(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
    """PATCH takes created from the body when it is in the future."""
    patch: Patch = original(kind, body)
    created = body.get("created")
    moment = moments.read(created) if isinstance(created, str) else None
    if moment is not None and moment > moments.now():
        patch.fields["created"] = created
    return patch


def _set_limit(key: str, server: Server) -> None:
    mapping = server.bodies.mapping
    found: list[dict[str, Any]] = []

    def read(_original: Original, call: Call) -> dict[str, Any]:
        found.append(mapping(call))
        return found[-1]

    def set_limit(row: Row, _patch: Patch) -> None:
        if key in found[-1]:
            row.fields[key] = found[-1][key]

    wrap(server.bodies, "mapping", read)
    change_before_merge(server, "settings", set_limit)


for _key, _violated in (
    ("member_limit", "settings-member-limit-read-only"),
    ("group_limit", "settings-group-limit-read-only"),
):
    add(
        f"settings_{_key}_can_be_set",
        f"The setting {_key} can be changed.",
        [_violated],
        partial(_set_limit, _key),
    )

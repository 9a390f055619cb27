"""Faults: keys that nobody can set are taken from a body. A fault per key, model and method.

The rows keep their identity, so that they can still be found and deleted by it; what is wrong is
what all responses show from then on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity
    from conformance.reference.models import Kind
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _set_read_only(kind: str, key: str, place: Place, server: Server) -> None:
    sent: dict[str, object] = {}
    taken: dict[Entity, object] = {}

    def read(
        original: Original, read_kind: object, body: dict[str, object], *rest: object
    ) -> Patch:
        sent.clear()
        sent.update(body)
        patch: Patch = original(read_kind, body, *rest)
        return patch

    def entity(original: Original, row: Entity, viewer: object, shown_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, shown_in)
        if row.kind.name == kind and shown_in == place and key in sent:
            taken[row] = sent[key]
        return shown | {key: taken[row]} if row in taken else shown

    wrap(server.validation, "read", read)
    wrap(server.presenter, "entity", entity)


for _kind in ("member", "group"):
    for _key in ("id", "uuid", "created"):
        add(
            f"patch_sets_{_kind}_{_key}",
            f"PATCH of a {_kind} takes {_key} from the body.",
            [f"{_key}-not-settable"],
            partial(_set_read_only, _kind, _key, "update"),
        )
        add(
            f"post_sets_{_kind}_{_key}",
            f"POST of a {_kind} takes {_key} from the body.",
            ["id-uuid-created-ignored-on-post"],
            partial(_set_read_only, _kind, _key, "create"),
        )

for _key in ("id", "uuid", "created"):
    add(
        f"patch_sets_system_{_key}",
        f"PATCH of a system takes {_key} from the body.",
        [f"{_key}-not-settable"],
        partial(_set_read_only, "system", _key, "update"),
    )


@fault("created-not-settable")
def patch_rejects_id_and_sets_created(server: Server) -> None:
    """A body with id or uuid is rejected; a PATCH of a member with created and neither of them sets it."""

    def read(original: Original, kind: Kind, body: dict[str, object], *rest: object) -> Patch:
        if body.keys() & {"id", "uuid"}:
            raise Rejected(Problem.BAD_REQUEST, "an id cannot be set")
        patch: Patch = original(kind, body, *rest)
        if kind.name == "member" and "created" in body:
            patch.fields["created"] = body["created"]
        return patch

    wrap(server.validation, "read", read)


@fault("settings-member-limit-read-only", "settings-group-limit-read-only")
def patch_sets_limits(server: Server) -> None:
    """PATCH of the settings takes the limits from the body."""

    def read(original: Original, kind: Kind, body: dict[str, object], *rest: object) -> Patch:
        patch: Patch = original(kind, body, *rest)
        if kind.name == "settings":
            limits = ("member_limit", "group_limit")
            patch.fields.update(
                {key: body[key] for key in limits if isinstance(body.get(key), int)}
            )
        return patch

    wrap(server.validation, "read", read)

"""Faults: requests that are rejected and carried out in part."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.errors import ErrorMap
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _store_in_part(kind: str, server: Server) -> None:
    """Store the description of a PATCH that is rejected for another key."""
    late: list[str] = []

    def changes(original: Original, model: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(model, body)
        except Rejected as rejected:
            description = body.get("description")
            if model.name == kind and rejected.errors and isinstance(description, str):
                late.append(description)
            raise

    def run(original: Original, call: Call) -> object:
        late.clear()
        try:
            return original(call)
        except Rejected:
            for text in late:
                row: Any = (
                    server.references.system(call.params[kind], call.caller)
                    if kind == "system"
                    else getattr(server.references, kind)(call.params[kind])
                )
                row.fields["description"] = text
            raise

    wrap(server.validation, "changes", changes)
    wrap(server, "run", run)


for _kind in ("system", "member", "group"):
    add(
        f"rejected_patch_of_{_kind}_is_stored_in_part",
        f"A PATCH of a {_kind} that is rejected for one key is carried out for its description.",
        ["errors-are-4xx-json"],
        partial(_store_in_part, _kind),
    )


def _store_settings_in_part(key: str, endpoints: str, step: str, server: Server) -> None:
    """Store one valid key of a PATCH that is rejected for another."""
    rows: list[Any] = []

    def changes(original: Original, model: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(model, body)
        except Rejected as rejected:
            if rows and rejected.errors and key in body and key not in rejected.errors:
                rows[-1].fields[key] = body[key]
            raise

    def found(original: Original, call: Call) -> Any:
        owner = original(call)
        rows[:] = [getattr(owner, "settings", owner)]
        return owner

    wrap(server.endpoints[endpoints], step, found)
    wrap(server.validation, "changes", changes)


for _what, _key, _place in (
    ("settings", "pings_enabled", ("settings", "own_system")),
    ("system_guild_settings", "tag_enabled", ("guilds", "system_row")),
    ("member_guild_settings", "keep_proxy", ("guilds", "member_row")),
):
    add(
        f"rejected_patch_of_{_what}_is_stored_in_part",
        f"A PATCH of {_what.replace('_', ' ')} that is rejected for one key is carried out for another.",
        ["errors-are-4xx-json"],
        partial(_store_settings_in_part, _key, *_place),
        only=None if _key == "tag_enabled" else "2025-08",
    )


@fault("errors-are-4xx-json", step="run")
def post_with_rejected_value_creates(server: Server, original: Original, call: Call) -> object:
    """A POST that is rejected for a value creates what it names all the same."""
    try:
        return original(call)
    except Rejected as rejected:
        kind = call.operation.area.rstrip("s") if call.operation else ""
        if call.method == "POST" and rejected.errors and "name" not in rejected.errors:
            row = Row.blank(getattr(server.revision.models, kind))
            row.fields["name"] = server.bodies.mapping(call)["name"]
            getattr(server.store, f"add_{kind}")(call.caller, row)
        raise


@fault("errors-are-4xx-json")
def rejected_privacy_value_stores_the_others(server: Server) -> None:
    """A PATCH that is rejected for one privacy key is carried out for the others."""
    rows: list[Row] = []

    def run(original: Original, call: Call) -> object:
        kind = next((kind for kind in ("member", "group") if kind in call.params), "")
        indexes: dict[str, Any] = {"member": server.store.members, "group": server.store.groups}
        row = indexes[kind].find(call.params[kind]) if kind else call.caller
        rows[:] = [row] if row and call.method == "PATCH" and row.owner is call.caller else []
        return original(call)

    def read_privacy(
        original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
    ) -> None:
        original(kind, value, patch, errors)
        for row in rows:
            if errors and row.kind is kind:
                row.privacy.update(patch.privacy)

    wrap(server, "run", run)
    wrap(server.validation, "read_privacy", read_privacy)

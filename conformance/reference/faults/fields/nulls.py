"""Faults: keys without a value, and names that cannot be null."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import reject_value
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Member, Row, System
    from conformance.reference.models import Field, Kind
    from conformance.reference.presentation import Shown
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _omit_nulls(server: Server, method: str, place: Place) -> None:
    """Show one kind of object without its nulls, in one place."""

    def show(original: Original, row: object, viewer: object, shown_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, shown_in)
        if shown_in != place:
            return shown
        return {key: value for key, value in shown.items() if value is not None}

    wrap(server.presenter, method, show)


@fault("missing-value-is-null", "responses-contain-all-keys")
def omits_null_keys_of_member(server: Server) -> None:
    """A member read alone lacks the keys without a value."""
    _omit_nulls(server, "member", "single")


@fault("responses-contain-all-keys")
def omits_null_keys_in_member_list(server: Server) -> None:
    """Members in the list of a system lack the keys without a value."""
    _omit_nulls(server, "member", "list")


@fault("responses-contain-all-keys")
def omits_null_keys_of_created_member(server: Server) -> None:
    """The response to the creation of a member lacks the keys without a value."""
    _omit_nulls(server, "member", "create")


@fault("responses-contain-all-keys")
def omits_null_keys_in_fronters(server: Server) -> None:
    """Fronting members lack the keys without a value."""
    _omit_nulls(server, "member", "fronters")


@fault("missing-value-is-null", "responses-contain-all-keys")
def omits_null_keys_of_group(server: Server) -> None:
    """A group read alone lacks the keys without a value."""
    _omit_nulls(server, "group", "single")


@fault("missing-value-is-null", "responses-contain-all-keys")
def omits_null_keys_of_system(server: Server) -> None:
    """A system lacks the keys without a value."""
    _omit_nulls(server, "system", "single")


@fault("missing-value-is-null", step="presenter.value")
def shows_empty_text_for_null(
    original: Original, row: object, field: Field, viewer: object, place: Place
) -> object:
    """A text without a value is shown as empty text."""
    shown = original(row, field, viewer, place)
    return "" if shown is None and field.form == "text" and field.settable else shown


@fault("system-name-nullable", "patch-null-clears-value", step="validation.read")
def system_needs_a_name(
    original: Original, kind: Kind, body: dict[str, Any], *rest: object
) -> object:
    """PATCH of a system rejects null for the name."""
    if kind.name == "system" and body.get("name", "") is None:
        reject_value("name", "A system has a name.")
    return original(kind, body, *rest)


@fault("member-name-not-null", "group-name-not-null", step="validation.changes")
def patch_ignores_null_name(
    server: Server, original: Original, kind: Kind, body: dict[str, Any]
) -> object:
    """PATCH with null for the name of a member or group keeps the name, without an error."""
    if kind.name in ("member", "group") and body.get("name", "") is None:
        body = {key: value for key, value in body.items() if key != "name"} or {"privacy": {}}
        return server.validation.read(kind, body)
    return original(kind, body)


@fault("system-name-nullable", "patch-null-clears-value", step="updates.merge")
def patch_ignores_null(original: Original, row: Row, patch: Patch) -> object:
    """PATCH ignores null instead of clearing the key."""
    patch.fields = {key: value for key, value in patch.fields.items() if value is not None}
    return original(row, patch)


@fault("member-name-not-null", "group-name-not-null", step="validation.creation")
def post_takes_null_name(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """POST with null for the name calls the entity unnamed."""
    named = {"name": "unnamed"} if body.get("name", "") is None else {}
    return original(kind, body | named)


@fault("responses-contain-all-keys", step="presenter.group_with_members")
def with_members_lacks_privacy(original: Original, *given: object) -> dict[str, Any]:
    """Groups that are listed with members have no privacy object."""
    return {key: value for key, value in original(*given).items() if key != "privacy"}


@fault("missing-value-is-null", "private-field-keeps-key", step="presenter.member")
def group_members_lack_nulls_for_others(
    original: Original, row: Member, viewer: System | None, place: Place
) -> Shown:
    """The list of the members of a group leaves out what is null, unless its owner reads it."""
    shown: Shown = original(row, viewer, place)
    if place != "group-members" or viewer is row.system:
        return shown
    return {key: value for key, value in shown.items() if value is not None}


def _ignore_null_name(model: str, server: Server) -> None:
    def changes(original: Original, asked: Kind, body: dict[str, Any]) -> object:
        if asked.name == model and body.get("name", "") is None:
            return server.validation.read(asked, {k: v for k, v in body.items() if k != "name"})
        return original(asked, body)

    wrap(server.validation, "changes", changes)


for _model, _violated in (("member", "member-name-not-null"), ("group", "group-name-not-null")):
    add(
        f"patch_of_{_model}_ignores_null_name",
        f"PATCH with null for the name of a {_model} keeps the name, without an error.",
        [_violated],
        partial(_ignore_null_name, _model),
    )

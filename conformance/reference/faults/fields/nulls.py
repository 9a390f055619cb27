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


@fault("missing-value-is-null")
def shows_empty_text_for_null(server: Server) -> None:
    """A text without a value is shown as empty text."""

    def value(
        original: Original, row: object, field: Field, viewer: object, place: Place
    ) -> object:
        shown = original(row, field, viewer, place)
        return "" if shown is None and field.form == "text" and field.settable else shown

    wrap(server.presenter, "value", value)


@fault("system-name-nullable", "patch-null-clears-value")
def system_needs_a_name(server: Server) -> None:
    """PATCH of a system rejects null for the name."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> Patch:
        if kind.name == "system" and body.get("name", "") is None:
            reject_value("name", "A system has a name.")
        patch: Patch = original(kind, body, *rest)
        return patch

    wrap(server.validation, "read", read)


@fault("member-name-not-null", "group-name-not-null")
def patch_ignores_null_name(server: Server) -> None:
    """PATCH with null for the name of a member or group keeps the name, without an error."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        if kind.name in ("member", "group") and body.get("name", "") is None:
            body = {key: value for key, value in body.items() if key != "name"} or {"privacy": {}}
            return server.validation.read(kind, body)
        patch: Patch = original(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("system-name-nullable", "patch-null-clears-value")
def patch_ignores_null(server: Server) -> None:
    """PATCH ignores null instead of clearing the key."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.fields = {key: value for key, value in patch.fields.items() if value is not None}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("member-name-not-null", "group-name-not-null")
def post_takes_null_name(server: Server) -> None:
    """POST with null for the name calls the entity unnamed."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        named = {"name": "unnamed"} if body.get("name", "") is None else {}
        patch: Patch = original(kind, body | named)
        return patch

    wrap(server.validation, "creation", creation)


@fault("responses-contain-all-keys")
def with_members_lacks_privacy(server: Server) -> None:
    """Groups that are listed with members have no privacy object."""

    def shown(original: Original, *given: object) -> dict[str, Any]:
        return {key: value for key, value in original(*given).items() if key != "privacy"}

    wrap(server.presenter, "group_with_members", shown)


@fault("missing-value-is-null", "private-field-keeps-key")
def group_members_lack_nulls_for_others(server: Server) -> None:
    """The list of the members of a group leaves out what is null, unless its owner reads it."""

    def member(original: Original, row: Member, viewer: System | None, place: Place) -> Shown:
        shown: Shown = original(row, viewer, place)
        if place != "group-members" or viewer is row.system:
            return shown
        return {key: value for key, value in shown.items() if value is not None}

    wrap(server.presenter, "member", member)


def _ignore_null_name(model: str, server: Server) -> None:
    def changes(original: Original, asked: Kind, body: dict[str, Any]) -> Patch:
        if asked.name == model and body.get("name", "") is None:
            return server.validation.read(asked, {k: v for k, v in body.items() if k != "name"})
        patch: Patch = original(asked, body)
        return patch

    wrap(server.validation, "changes", changes)


for _model, _violated in (("member", "member-name-not-null"), ("group", "group-name-not-null")):
    add(
        f"patch_of_{_model}_ignores_null_name",
        f"PATCH with null for the name of a {_model} keeps the name, without an error.",
        [_violated],
        partial(_ignore_null_name, _model),
    )

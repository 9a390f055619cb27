"""Faults: keys without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


def _omit_nulls(server: Server, method: str, place: Place) -> None:
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

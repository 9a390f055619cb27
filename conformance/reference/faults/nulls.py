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


@fault("omits_null_keys_of_member", trips=["missing-value-is-null", "responses-contain-all-keys"])
def _(server: Server) -> None:
    """A member read alone lacks the keys without a value."""
    _omit_nulls(server, "member", "single")


@fault("omits_null_keys_in_member_list", trips=["responses-contain-all-keys"])
def _(server: Server) -> None:
    """Members in the list of a system lack the keys without a value."""
    _omit_nulls(server, "member", "list")


@fault("omits_null_keys_of_created_member", trips=["responses-contain-all-keys"])
def _(server: Server) -> None:
    """The answer to the creation of a member lacks the keys without a value."""
    _omit_nulls(server, "member", "create")


@fault("omits_null_keys_in_fronters", trips=["responses-contain-all-keys"])
def _(server: Server) -> None:
    """Fronting members lack the keys without a value."""
    _omit_nulls(server, "member", "fronters")


@fault("omits_null_keys_of_group", trips=["missing-value-is-null", "responses-contain-all-keys"])
def _(server: Server) -> None:
    """A group read alone lacks the keys without a value."""
    _omit_nulls(server, "group", "single")


@fault("omits_null_keys_of_system", trips=["missing-value-is-null", "responses-contain-all-keys"])
def _(server: Server) -> None:
    """A system lacks the keys without a value."""
    _omit_nulls(server, "system", "single")


@fault("shows_empty_text_for_null", trips=["missing-value-is-null"])
def _(server: Server) -> None:
    """A text without a value is shown as empty text."""

    def value(
        original: Original, row: object, field: Field, viewer: object, place: Place
    ) -> object:
        shown = original(row, field, viewer, place)
        return "" if shown is None and field.form == "text" and field.settable else shown

    wrap(server.presenter, "value", value)

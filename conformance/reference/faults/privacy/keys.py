"""Faults: several private keys at once, and what is shown for a private value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Row
    from conformance.reference.models import Field
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def private_keys(row: Entity) -> list[str]:
    """Return the private keys that hide fields, in the order of the model."""
    fields = {field.hidden_by: None for field in row.kind.fields}
    return [key for key in fields if key and row.privacy.get(key) == PRIVATE]


@fault("private-field-is-null", step="privacy.hides")
def hides_the_first_private_key_alone(
    original: Original, row: Entity, field: Field, *rest: object
) -> bool:
    """Only the first of several private keys hides anything."""
    later = field.hidden_by in private_keys(row)[1:]
    return not later and bool(original(row, field, *rest))


@fault("private-field-is-null", step="privacy.hides")
def hides_all_but_the_last_private_key(
    original: Original, row: Entity, field: Field, *rest: object
) -> bool:
    """The last of several private keys hides nothing."""
    private = private_keys(row)
    last = len(private) > 1 and field.hidden_by == private[-1]
    return not last and bool(original(row, field, *rest))


@fault("private-field-is-null", "member-name-privacy", step="presenter.replacement")
def upper_cases_private_names(original: Original, row: Entity, field: Field) -> object:
    """Others see a private name in upper case."""
    shown: object = original(row, field)
    return row.fields["name"].upper() if field.key == "name" and shown else shown


@fault("private-field-is-null", step="presenter.replacement")
def empties_private_names(original: Original, row: Entity, field: Field) -> object:
    """Others see empty text for a private name."""
    shown: object = original(row, field)
    return "" if field.key == "name" and shown else shown


@fault("private-field-is-null", step="presenter.entity")
def reports_private_names_under_another_key(
    original: Original, row: Entity, *where: object
) -> dict[str, Any]:
    """Objects have the real name under another key, in lower case."""
    shown: dict[str, Any] = original(row, *where)
    return shown | {"search": {"name": (row.fields["name"] or "").lower()}}


@fault("private-field-is-null", step="presenter.entity")
def reports_private_images_in_a_list(
    original: Original, row: Entity, *where: object
) -> dict[str, Any]:
    """Objects have the URLs of all their images in a list, private or not."""
    shown: dict[str, Any] = original(row, *where)
    keys = ("avatar_url", "icon", "banner")
    return shown | {"images": [row.fields[key] for key in keys if row.fields.get(key)]}


@fault("private-field-is-null")
def wrong_token_shows_private_fields(server: Server) -> None:
    """An unknown token shows the private fields of members."""
    wrong: list[bool] = []

    def run(original: Original, call: Call) -> Any:
        wrong[:] = [bool(call.token) and call.caller is None]
        return original(call)

    def hides(original: Original, row: Row, field: Field, *given: Any) -> Any:
        return not (any(wrong) and row.kind.name == "member") and original(row, field, *given)

    wrap(server, "run", run)
    wrap(server.privacy, "hides", hides)


@fault("patch-preserves-missing-keys", step="updates.merge")
def private_fronters_hide_the_history(original: Original, row: Row, patch: Patch) -> object:
    """A PATCH that makes front_privacy private, and nothing else, makes front_history_privacy private as well."""
    if patch.privacy == {"front_privacy": "private"}:
        patch.privacy["front_history_privacy"] = "private"
    return original(row, patch)

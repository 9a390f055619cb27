"""Faults: what a PATCH of a system stores, and a PATCH of a member or group alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("api-reads-and-modifies-own-system", step="updates.merge")
def ignores_changes_of_the_system(original: Original, row: Row, patch: object) -> object:
    """A PATCH of a system returns it as it was, and changes nothing."""
    return row if row.kind.name == "system" else original(row, patch)


@fault(
    "update-system-persists",
    "update-member-persists",
    "update-group-persists",
    "update-settings-persists",
    "update-system-guild-persists",
    "update-member-guild-persists",
    "update-autoproxy-persists",
    "privacy-set-private",
    "api-reads-and-modifies-own-system",
)
def patch_is_not_stored(server: Server) -> None:
    """PATCH returns the new values and forgets them."""
    before: list[tuple[Row, dict[str, Any], dict[str, str]]] = []

    def merge(original: Original, row: Row, patch: Patch) -> object:
        before.append((row, dict(row.fields), dict(row.privacy)))
        return original(row, patch)

    def success(original: Original, result: object) -> Response:
        response: Response = original(result)
        while before:
            row, fields, privacy = before.pop()
            row.fields, row.privacy = fields, privacy
        return response

    wrap(server.updates, "merge", merge)
    wrap(server, "success", success)


MODELS = ("system", "member", "group")


def _keep_one_key(which: int, original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
    patch: Patch = original(kind, body)
    keys = list(patch.fields)
    if keys and kind.name in MODELS:
        patch.fields = {keys[which]: patch.fields[keys[which]]}
    return patch


_UPDATES = [
    "update-system-persists",
    "update-member-persists",
    "update-group-persists",
    "update-system-returns-system",
    "update-member-returns-member",
    "update-group-returns-group",
]
for _word, _which in (("first", 0), ("last", -1)):
    add(
        f"patch_applies_{_word}_key_only",
        f"PATCH of several keys of a system, member or group changes the {_word} of them and forgets the others.",
        _UPDATES,
        partial(_keep_one_key, _which),
        step="validation.changes",
    )


def _forget_changes(model: str, server: Server) -> None:
    """Return the new values of a PATCH, and forget them."""
    before: list[tuple[Row, dict[str, Any]]] = []

    def merge(original: Original, row: Row, patch: Patch) -> object:
        if row.kind.name == model:
            before.append((row, dict(row.fields)))
        return original(row, patch)

    def success(original: Original, result: object) -> object:
        response = original(result)
        while before:
            row, fields = before.pop()
            row.fields = fields
        return response

    wrap(server.updates, "merge", merge)
    wrap(server, "success", success)


for _model, _violated in (
    ("system", "update-system-persists"),
    ("member", "update-member-persists"),
    ("group", "update-group-persists"),
):
    add(
        f"patch_of_{_model}_is_not_stored",
        f"PATCH of a {_model} returns the new values and forgets them.",
        [_violated],
        partial(_forget_changes, _model),
    )


@fault("system-timezone-default-utc", only="2021-11", step="presenter.system")
def timezone_starts_unset(original: Original, *given: Any) -> dict[str, Any]:
    """The timezone of a system is null until it is set."""
    shown: dict[str, Any] = original(*given)
    return shown | ({"timezone": None} if shown.get("timezone") == "UTC" else {})


def _return_nothing(original: Original, call: Call) -> None:
    original(call)


for _model in MODELS:
    add(
        f"patch_of_{_model}_returns_204",
        f"PATCH of a {_model} is carried out, and returns 204 without the {_model}.",
        [f"update-{_model}-returns-{_model}"],
        _return_nothing,
        step=f"{_model}s.update",
    )

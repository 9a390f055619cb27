"""Faults: what a PATCH does to keys that it names and to those it does not name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _clear_unsent(kind: str, server: Server) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind.name == kind:
            row.fields.update(
                {field.key: field.default for field in row.kind.settable if not field.required}
            )
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


for _kind in ("system", "member", "group"):
    add(
        f"patch_clears_unsent_{_kind}_keys",
        f"PATCH of a {_kind} clears the keys that it does not name.",
        ["patch-preserves-missing-keys"],
        partial(_clear_unsent, _kind),
    )


@fault("patch-preserves-missing-keys")
def patch_opens_unsent_privacy(server: Server) -> None:
    """PATCH makes the privacy keys public that it does not name."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        row.privacy.update(row.kind.open_privacy())
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("update-system-persists", "privacy-set-private", "api-reads-and-modifies-own-system")
def patch_is_not_stored(server: Server) -> None:
    """PATCH returns the new values and forgets them."""
    before: list[tuple[Row, dict[str, Any], dict[str, str]]] = []

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        before.append((row, dict(row.fields), dict(row.privacy)))
        merged: Row = original(row, patch)
        return merged

    def success(original: Original, answer: object) -> Response:
        response: Response = original(answer)
        while before:
            row, fields, privacy = before.pop()
            row.fields, row.privacy = fields, privacy
        return response

    wrap(server.updates, "merge", merge)
    wrap(server, "success", success)


@fault("privacy-set-private")
def patch_ignores_privacy(server: Server) -> None:
    """PATCH takes privacy keys without an error and leaves them as they were."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.privacy = {}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("privacy-null-means-public")
def patch_null_privacy_is_private(server: Server) -> None:
    """PATCH reads null for a privacy key as private."""
    wrap(
        server.validation,
        "privacy_level",
        lambda original, value: PRIVATE if value is None else original(value),
    )


@fault("privacy-invalid-value-rejected")
def patch_takes_any_privacy_value(server: Server) -> None:
    """PATCH reads every unknown privacy value as private."""
    wrap(
        server.validation,
        "privacy_level",
        lambda original, value: original(value if value in (None, "public") else PRIVATE),
    )


@fault("system-name-nullable", "patch-null-clears-value")
def patch_ignores_null(server: Server) -> None:
    """PATCH ignores null instead of clearing the key."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.fields = {key: value for key, value in patch.fields.items() if value is not None}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-needs-a-valid-key", "patch-empty-object-400", "patch-empty-object-500")
def patch_accepts_empty_object(server: Server) -> None:
    """PATCH with an empty object changes nothing and succeeds."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body) if body else server.validation.read(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("patch-no-valid-key-400", "patch-no-valid-key-500")
def patch_accepts_unknown_keys_alone(server: Server) -> None:
    """PATCH with nothing but unknown keys changes nothing and succeeds."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = server.validation.read(kind, body) if body else original(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


def _one_key(which: int, server: Server) -> None:
    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        keys = list(patch.fields)
        if keys:
            patch.fields = {keys[which]: patch.fields[keys[which]]}
        return patch

    wrap(server.validation, "changes", changes)


PERSISTS = [f"update-{kind}-persists" for kind in ("system", "member", "group")]
RETURNS = [f"update-{kind}-returns-{kind}" for kind in ("system", "member", "group")]

for _word, _which in (("first", 0), ("last", -1)):
    add(
        f"patch_applies_{_word}_key_only",
        f"PATCH of several keys changes the {_word} of them and forgets the others.",
        [*PERSISTS, *RETURNS],
        partial(_one_key, _which),
    )


@fault("update-member-persists")
def patch_ignores_empty_proxy_tags(server: Server) -> None:
    """PATCH with an empty list of proxy tags leaves the tags as they were."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if patch.fields.get("proxy_tags") == []:
            del patch.fields["proxy_tags"]
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-needs-a-valid-key")
def patch_rejects_unknown_keys(server: Server) -> None:
    """PATCH with an unknown key is rejected although there are valid ones beside it."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        known = {"privacy", *(field.key for field in kind.fields)}
        patch: Patch = original(kind, {} if body.keys() - known else body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("patch-keys-all-optional")
def patch_needs_a_top_level_key(server: Server) -> None:
    """PATCH with privacy keys alone counts as one without a valid key."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        return patch if patch.fields else original(kind, {})

    wrap(server.validation, "changes", changes)


@fault("patch-preserves-missing-keys")
def patch_null_opens_all_privacy(server: Server) -> None:
    """PATCH with null for one privacy key makes all keys public."""

    def read_privacy(original: Original, kind: Kind, value: Any, patch: Patch, *rest: Any) -> None:
        original(kind, value, patch, *rest)
        if isinstance(value, dict) and None in value.values():
            patch.privacy = kind.open_privacy()

    wrap(server.validation, "read_privacy", read_privacy)

"""Faults: what a PATCH does to keys that it names and to those it does not name."""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import Receive, Scope

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Member, Row
    from conformance.reference.models import Kind
    from conformance.reference.privacy import Place
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


@fault("patch_opens_unsent_privacy", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH makes the privacy keys public that it does not name."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        row.privacy.update(row.kind.open_privacy())
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault(
    "patch_is_not_stored",
    trips=["update-system-persists", "privacy-set-private", "api-reads-and-modifies-own-system"],
)
def _(server: Server) -> None:
    """PATCH answers with the new values and forgets them."""
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


@fault("patch_ignores_privacy", trips=["privacy-set-private"])
def _(server: Server) -> None:
    """PATCH takes privacy keys without an error and leaves them as they were."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.privacy = {}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch_null_privacy_is_private", trips=["privacy-null-means-public"])
def _(server: Server) -> None:
    """PATCH reads null for a privacy key as private."""
    wrap(
        server.validation,
        "privacy_level",
        lambda original, value: PRIVATE if value is None else original(value),
    )


@fault("patch_takes_any_privacy_value", trips=["privacy-invalid-value-rejected"])
def _(server: Server) -> None:
    """PATCH reads every unknown privacy value as private."""
    wrap(
        server.validation,
        "privacy_level",
        lambda original, value: original(value if value in (None, "public") else PRIVATE),
    )


@fault("patch_ignores_null", trips=["system-name-nullable", "patch-null-clears-value"])
def _(server: Server) -> None:
    """PATCH ignores null instead of clearing the key."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.fields = {key: value for key, value in patch.fields.items() if value is not None}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch_accepts_empty_object", trips=["patch-needs-a-valid-key", "patch-empty-object-400"])
def _(server: Server) -> None:
    """PATCH with an empty object changes nothing and succeeds."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body) if body else server.validation.read(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("patch_accepts_unknown_keys_alone", trips=["patch-no-valid-key-400"])
def _(server: Server) -> None:
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


def _after_patch(server: Server, then: Callable[[Row, Patch], None]) -> None:
    """Do something more with each row that a PATCH changed; a row without an id is only being made."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        merged: Row = original(row, patch)
        if merged.fields.get("id"):
            then(merged, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch_changes_all_members", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH of a member changes all members of its system."""

    def then(row: Any, patch: Patch) -> None:
        for other in row.system.members.values() if row.kind.name == "member" else ():
            other.fields.update(patch.fields)

    _after_patch(server, then)


@fault("patch_renews_created", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH sets the creation time to another one."""
    seconds = itertools.cycle(range(60))

    def then(row: Row, _: Patch) -> None:
        row.fields["created"] = f"2026-01-01T00:00:{next(seconds):02}Z"

    _after_patch(server, then)


@fault("patch_of_group_empties_it", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH of a group takes all members out of it."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "group":
            row.members.clear()

    _after_patch(server, then)


@fault("patch_of_member_leaves_groups", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH of a member takes it out of all groups."""

    def then(row: Any, _: Patch) -> None:
        for group in row.system.groups.values() if row.kind.name == "member" else ():
            group.members.pop(row.uuid, None)

    _after_patch(server, then)


@fault("member_list_is_stale_after_patch", trips=["update-member-persists"])
def _(server: Server) -> None:
    """The list of members shows each as it was when it was first listed."""
    seen: dict[Member, dict[str, Any]] = {}

    def member(original: Original, row: Member, viewer: object, place: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        return seen.setdefault(row, shown) if place == "list" and viewer is row.system else shown

    wrap(server.presenter, "member", member)


@fault("patch_ignores_empty_proxy_tags", trips=["update-member-persists"])
def _(server: Server) -> None:
    """PATCH with an empty list of proxy tags leaves the tags as they were."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if patch.fields.get("proxy_tags") == []:
            del patch.fields["proxy_tags"]
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch_refuses_unknown_keys", trips=["patch-needs-a-valid-key"])
def _(server: Server) -> None:
    """PATCH with an unknown key is refused although there are valid ones beside it."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        known = {"privacy", *(field.key for field in kind.fields)}
        patch: Patch = original(kind, {} if body.keys() - known else body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("patch_needs_a_top_level_key", trips=["patch-keys-all-optional"])
def _(server: Server) -> None:
    """PATCH with privacy keys alone counts as one without a valid key."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        return patch if patch.fields else original(kind, {})

    wrap(server.validation, "changes", changes)


@fault("patches_at_once_undo_each_other", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH of a member reads the member, waits for the store, and writes all of it back."""
    read: list[tuple[Entity, dict[str, Any]]] = []

    async def arrival(original: Original, scope: Scope, receive: Receive) -> Call:
        call: Call = await original(scope, receive)
        row = server.store.members.find(call.path.rpartition("/")[2])
        if call.method == "PATCH" and row:
            before = dict(row.fields)
            await asyncio.sleep(0.02)
            read.append((row, before))
        return call

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        while read:
            entity, before = read.pop()
            entity.fields.update(before)
        merged: Row = original(row, patch)
        return merged

    wrap(server, "arrival", arrival)
    wrap(server.updates, "merge", merge)


@fault("patch_null_opens_all_privacy", trips=["patch-preserves-missing-keys"])
def _(server: Server) -> None:
    """PATCH with null for one privacy key makes all keys public."""

    def read_privacy(original: Original, kind: Kind, value: Any, patch: Patch, *rest: Any) -> None:
        original(kind, value, patch, *rest)
        if isinstance(value, dict) and None in value.values():
            patch.privacy = kind.open_privacy()

    wrap(server.validation, "read_privacy", read_privacy)

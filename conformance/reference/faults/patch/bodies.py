"""Faults: which keys the body of a PATCH may and must have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault(
    "patch-needs-a-valid-key",
    "patch-empty-object-400",
    "patch-empty-object-500",
    step="validation.changes",
)
def patch_accepts_empty_object(
    server: Server, original: Original, kind: Kind, body: dict[str, Any]
) -> Patch:
    """PATCH with an empty object changes nothing and succeeds."""
    patch: Patch = original(kind, body) if body else server.validation.read(kind, body)
    return patch


@fault("patch-no-valid-key-400", "patch-no-valid-key-500", step="validation.changes")
def patch_accepts_unknown_keys_alone(
    server: Server, original: Original, kind: Kind, body: dict[str, Any]
) -> Patch:
    """PATCH with nothing but unknown keys changes nothing and succeeds."""
    patch: Patch = server.validation.read(kind, body) if body else original(kind, body)
    return patch


@fault("patch-needs-a-valid-key", step="validation.changes")
def patch_rejects_unknown_keys(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """PATCH with an unknown key is rejected although there are valid ones beside it."""
    known = {"privacy", *(field.key for field in kind.fields)}
    return original(kind, {} if body.keys() - known else body)


@fault("patch-keys-all-optional", step="validation.changes")
def patch_needs_a_top_level_key(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
    """PATCH with privacy keys alone counts as one without a valid key."""
    patch: Patch = original(kind, body)
    return patch if patch.fields else original(kind, {})


@fault("patch-keys-all-optional", "update-member-persists", step="validation.changes")
def patch_of_member_needs_a_name(
    server: Server, original: Original, kind: Kind, body: dict[str, Any]
) -> object:
    """PATCH of a member without a name is rejected."""
    if kind.name == "member":
        return server.validation.creation(kind, body)
    return original(kind, body)


@fault("patch-no-valid-key-400", step="validation.changes")
def member_guild_settings_take_unknown_keys_alone(
    server: Server, original: Original, kind: Kind, body: dict[str, Any]
) -> Any:
    """PATCH of the settings of a member in a guild takes a body without a valid key."""
    patch = server.validation.read(kind, body)
    return patch if kind is server.revision.models.member_guild else original(kind, body)


def _accept_keys_alone(keys: frozenset[str], server: Server) -> None:
    def update(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            named = keys.intersection(server.bodies.mapping(call))
            if rejected.problem is not Problem.BAD_REQUEST or not named:
                raise
            member = server.references.member(call.params["member"])
            return server.presenter.member(member, call.caller, "update")

    wrap(server.endpoints["members"], "update", update)


for _name, _what, _keys in (
    ("patch_accepts_read_only_keys_alone", "a key that nobody can set", {"id", "uuid", "created"}),
    ("patch_accepts_privacy_at_top_level", "a privacy key beside `privacy`", {"name_privacy"}),
):
    add(
        _name,
        f"PATCH of a member with {_what} and no other returns 200.",
        ["patch-needs-a-valid-key", "patch-no-valid-key-400"],
        partial(_accept_keys_alone, frozenset(_keys)),
    )


@fault(
    "patch-empty-object-400",
    "patch-no-valid-key-400",
    "patch-needs-a-valid-key",
    step="validation.changes",
    only="2025-08",
)
def fails_on_empty_autoproxy_patches(
    original: Original, kind: Kind, body: dict[str, Any]
) -> object:
    """A PATCH of the autoproxy settings without a valid key makes the server fail."""
    try:
        return original(kind, body)
    except Rejected as rejected:
        if kind.name == "autoproxy settings" and rejected.problem is Problem.BAD_REQUEST:
            raise Rejected(Problem.INTERNAL) from None
        raise


def _reject_unchanged(kind: str, original: Original, row: Row, patch: Patch) -> object:
    known, sent = row.fields | row.privacy, patch.fields | patch.privacy
    changed = [key for key, value in sent.items() if (known[key] or None) != (value or None)]
    if row.kind.name == kind and not changed:
        raise Rejected(Problem.SAME_FRONTERS)
    return original(row, patch)


for _kind, _violated in (
    ("member", "update-member-returns-member"),
    ("group", "update-group-returns-group"),
    ("system", "update-system-returns-system"),
    ("settings", "update-settings-returns-settings"),
):
    add(
        f"rejects_patch_that_changes_nothing_of_{_kind}",
        f"PATCH of {_kind} with the values that are there returns 400 with code 40004.",
        [_violated],
        partial(_reject_unchanged, _kind),
        step="updates.merge",
    )


@fault("patch-needs-a-valid-key", step="validation.changes")
def settings_reject_unknown_keys(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """PATCH of the settings with an unknown key beside a valid one is rejected."""
    if kind.name == "settings" and body.keys() - {key.key for key in kind.fields}:
        raise Rejected(Problem.BAD_REQUEST, "a key is unknown")
    return original(kind, body)


@fault("patch-empty-object-400", step="settings.update")
def settings_fail_at_an_empty_object(original: Original, call: Call) -> object:
    """PATCH of the settings with an empty object fails."""
    if call.body.strip() == b"{}":
        raise Rejected(Problem.INTERNAL)
    return original(call)


@fault("patch-empty-object-400", step="guilds.update")
def guild_settings_take_an_empty_object(server: Server, original: Original, call: Call) -> object:
    """PATCH of the settings of the system in a guild with an empty object returns them as they are."""
    if call.body.strip() == b"{}":
        guilds: Any = server.endpoints["guilds"]
        return guilds.show(call)
    return original(call)

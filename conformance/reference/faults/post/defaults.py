"""Faults: what a POST stores for keys that it does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("post-clears-missing-keys")
def post_keeps_previous_pronouns(server: Server) -> None:
    """POST of a member without pronouns takes those of the member created before."""
    previous: dict[str, object] = {}

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        built: Row = original(kind, patch)
        if "pronouns" in built.fields:
            built.fields["pronouns"] = built.fields["pronouns"] or previous.get("pronouns")
            previous["pronouns"] = built.fields["pronouns"]
        return built

    wrap(server.updates, "build", build)


@fault("post-clears-missing-keys")
def post_keeps_previous_group_description(server: Server) -> None:
    """POST of a group without a description takes that of the group created before."""
    previous: list[object] = [None]

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        built: Row = original(kind, patch)
        if kind.name == "group":
            built.fields["description"] = built.fields["description"] or previous[0]
            previous[0] = built.fields["description"]
        return built

    wrap(server.updates, "build", build)


def _set_default(server: Server, key: str, value: object) -> None:
    def build(original: Original, kind: Kind, patch: Patch) -> object:
        if any(field.key == key for field in kind.fields):
            patch.fields.setdefault(key, value)
        return original(kind, patch)

    wrap(server.updates, "build", build)


@fault("post-clears-missing-keys")
def post_sets_keep_proxy(server: Server) -> None:
    """POST of a member without keep_proxy sets it to true."""
    _set_default(server, "keep_proxy", value=True)


@fault("non-nullable-type-not-null", "member-proxy-tags-array", "post-clears-missing-keys")
def post_leaves_proxy_tags_null(server: Server) -> None:
    """POST of a member without proxy tags leaves them null."""
    _set_default(server, "proxy_tags", value=None)


@fault("post-clears-missing-keys", step="updates.build")
def post_names_display_name(original: Original, kind: Kind, patch: Patch) -> object:
    """POST without a display name takes the name for it."""
    patch.fields.setdefault("display_name", patch.fields["name"])
    return original(kind, patch)


@fault("post-clears-missing-keys", step="updates.build")
def post_is_private_by_default(original: Original, kind: Kind, patch: Patch) -> object:
    """POST without privacy makes an entity in which everything is private."""
    patch.privacy = dict.fromkeys(kind.privacy_keys, PRIVATE) | patch.privacy
    return original(kind, patch)


@fault("post-clears-missing-keys")
def new_member_has_sent_a_message(server: Server) -> None:
    """A new member counts one message."""
    _set_default(server, "message_count", 1)


@fault("post-clears-missing-keys", step="validation.creation")
def one_private_key_in_a_post_closes_all(
    original: Original, kind: Kind, body: dict[str, Any]
) -> Patch:
    """A POST with a privacy object makes the keys private that the object leaves out."""
    patch: Patch = original(kind, body)
    if patch.privacy:
        patch.privacy = dict.fromkeys(kind.privacy_keys, PRIVATE) | patch.privacy
    return patch

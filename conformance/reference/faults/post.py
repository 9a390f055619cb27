"""Faults: what a POST does with keys that it does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected, reject_value
from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row, System
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _default(server: Server, key: str, value: object) -> None:
    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        if any(field.key == key for field in kind.fields):
            patch.fields.setdefault(key, value)
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


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


@fault("create-takes-privacy-keys")
def post_ignores_privacy(server: Server) -> None:
    """POST leaves every privacy key public, whatever the body says."""

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        patch.privacy.clear()
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


@fault("create-stores-sent-keys")
def post_drops_sent_banner(server: Server) -> None:
    """POST responds as if it had stored the banner, and has not."""

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        if "banner" in patch.fields:
            patch.fields["banner"] = None
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


@fault("post-clears-missing-keys")
def post_sets_keep_proxy(server: Server) -> None:
    """POST of a member without keep_proxy sets it to true."""
    _default(server, "keep_proxy", value=True)


@fault("non-nullable-type-not-null", "member-proxy-tags-array", "post-clears-missing-keys")
def post_leaves_proxy_tags_null(server: Server) -> None:
    """POST of a member without proxy tags leaves them null."""
    _default(server, "proxy_tags", value=None)


@fault("post-clears-missing-keys")
def post_names_display_name(server: Server) -> None:
    """POST without a display name takes the name for it."""

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        patch.fields.setdefault("display_name", patch.fields["name"])
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


@fault("settings-default-private-not-for-api")
def post_honours_default_privacy(server: Server) -> None:
    """POST makes everything private when the settings ask for it, which only concerns the bot."""

    def add(original: Original, system: System, row: Row, *created: object) -> object:
        if system.settings.fields.get(f"{row.kind.name}_default_private"):
            row.privacy = dict.fromkeys(row.privacy, PRIVATE)
        return original(system, row, *created)

    wrap(server.store, "add_member", add)
    wrap(server.store, "add_group", add)


@fault("create-member-name-required", "create-group-name-required")
def post_needs_no_name(server: Server) -> None:
    """POST without a name calls the entity unnamed."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, {"name": "unnamed"} | body)
        return patch

    wrap(server.validation, "creation", creation)


@fault("post-clears-missing-keys")
def post_is_private_by_default(server: Server) -> None:
    """POST without privacy makes an entity in which everything is private."""

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        patch.privacy = dict.fromkeys(kind.privacy_keys, PRIVATE) | patch.privacy
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


@fault("create-stores-sent-keys")
def post_null_display_name_is_name(server: Server) -> None:
    """POST with null for the display name takes the name for it."""

    def build(original: Original, kind: Kind, patch: Patch) -> Row:
        if patch.fields.get("display_name", "") is None:
            patch.fields["display_name"] = patch.fields["name"]
        built: Row = original(kind, patch)
        return built

    wrap(server.updates, "build", build)


@fault("create-stores-sent-keys")
def post_rejects_null(server: Server) -> None:
    """POST with null for a key that may be null is rejected."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        for key in (key for key, value in body.items() if value is None):
            reject_value(key, "This key has no null.")
        patch: Patch = original(kind, body)
        return patch

    wrap(server.validation, "creation", creation)


@fault("member-name-not-null", "group-name-not-null")
def post_takes_null_name(server: Server) -> None:
    """POST with null for the name calls the entity unnamed."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        named = {"name": "unnamed"} if body.get("name", "") is None else {}
        patch: Patch = original(kind, body | named)
        return patch

    wrap(server.validation, "creation", creation)


@fault("create-member-name-required")
def rejected_post_creates(server: Server) -> None:
    """POST of a member without a name is rejected, and there is a member without a name all the same."""
    members = server.endpoints["members"]

    def create(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected:
            body = server.bodies.mapping(call)
            patch = server.validation.read(server.store.models.member, body)
            row = server.updates.build(server.store.models.member, patch)
            server.store.add_member(server.references.me(call.caller), row)
            raise

    wrap(members, "create", create)


@fault("post-clears-missing-keys")
def new_member_has_sent_a_message(server: Server) -> None:
    """A new member counts one message."""
    _default(server, "message_count", 1)

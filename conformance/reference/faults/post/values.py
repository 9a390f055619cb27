"""Faults: what a POST stores of the keys that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected, reject_value
from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("create-takes-privacy-keys")
def post_ignores_privacy(server: Server) -> None:
    """POST ignores the privacy keys of the body and leaves all of them public."""

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


@fault("create-takes-privacy-keys")
def post_needs_all_privacy_keys(server: Server) -> None:
    """A POST with a privacy object that leaves keys out is rejected."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        if patch.privacy and patch.privacy.keys() < set(kind.privacy_keys):
            raise Rejected(Problem.INVALID, errors={"privacy": [{"message": "Keys are missing."}]})
        return patch

    wrap(server.validation, "creation", creation)


@fault("create-takes-privacy-keys")
def post_takes_the_first_private_key(server: Server) -> None:
    """A POST makes no more than one key private."""

    def creation(original: Original, *given: object) -> Patch:
        patch: Patch = original(*given)
        private = [key for key, value in patch.privacy.items() if value == PRIVATE]
        patch.privacy.update(dict.fromkeys(private[1:], "public"))
        return patch

    wrap(server.validation, "creation", creation)


@fault("create-stores-sent-keys", "update-member-persists", "update-group-persists")
def forgets_display_name_like_name(server: Server) -> None:
    """A display name that is the same as the name becomes null."""

    def read(original: Original, kind: Kind, *rest: Any) -> Patch:
        patch: Patch = original(kind, *rest)
        name = patch.fields.get("name")
        if name is not None and patch.fields.get("display_name") == name:
            patch.fields["display_name"] = None
        return patch

    wrap(server.validation, "read", read)

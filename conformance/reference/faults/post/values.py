"""Faults: what a POST stores of the keys that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected, reject_value
from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE

if TYPE_CHECKING:
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("create-takes-privacy-keys", step="updates.build")
def post_ignores_privacy(original: Original, kind: Kind, patch: Patch) -> object:
    """POST ignores the privacy keys of the body and leaves all of them public."""
    patch.privacy.clear()
    return original(kind, patch)


@fault("create-stores-sent-keys", step="updates.build")
def post_drops_sent_banner(original: Original, kind: Kind, patch: Patch) -> object:
    """POST responds as if it had stored the banner, and has not."""
    if "banner" in patch.fields:
        patch.fields["banner"] = None
    return original(kind, patch)


@fault("create-stores-sent-keys", step="updates.build")
def post_null_display_name_is_name(original: Original, kind: Kind, patch: Patch) -> object:
    """POST with null for the display name takes the name for it."""
    if patch.fields.get("display_name", "") is None:
        patch.fields["display_name"] = patch.fields["name"]
    return original(kind, patch)


@fault("create-stores-sent-keys", step="validation.creation")
def post_rejects_null(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """POST with null for a key that may be null is rejected."""
    for key in (key for key, value in body.items() if value is None):
        reject_value(key, "This key has no null.")
    return original(kind, body)


@fault("create-takes-privacy-keys", step="validation.creation")
def post_needs_all_privacy_keys(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
    """A POST with a privacy object that leaves keys out is rejected."""
    patch: Patch = original(kind, body)
    if patch.privacy and patch.privacy.keys() < set(kind.privacy_keys):
        raise Rejected(Problem.INVALID, errors={"privacy": [{"message": "Keys are missing."}]})
    return patch


@fault("create-takes-privacy-keys", step="validation.creation")
def post_takes_the_first_private_key(original: Original, *given: object) -> Patch:
    """A POST makes no more than one key private."""
    patch: Patch = original(*given)
    private = [key for key, value in patch.privacy.items() if value == PRIVATE]
    patch.privacy.update(dict.fromkeys(private[1:], "public"))
    return patch


@fault(
    "create-stores-sent-keys",
    "update-member-persists",
    "update-group-persists",
    step="validation.read",
)
def forgets_display_name_like_name(original: Original, kind: Kind, *rest: Any) -> Patch:
    """A display name that is the same as the name becomes null."""
    patch: Patch = original(kind, *rest)
    name = patch.fields.get("name")
    if name is not None and patch.fields.get("display_name") == name:
        patch.fields["display_name"] = None
    return patch


@fault("create-stores-sent-keys", step="updates.build")
def post_stores_an_image_once(original: Original, kind: Kind, patch: Patch) -> object:
    """POST with the same address for avatar, or icon, and banner stores the first alone."""
    images = (patch.fields.get("avatar_url"), patch.fields.get("icon"))
    if patch.fields.get("banner") in images:
        patch.fields["banner"] = None
    return original(kind, patch)


@fault("create-stores-sent-keys", only="2025-08", step="updates.build")
def post_needs_an_avatar_for_webhooks(original: Original, kind: Kind, patch: Patch) -> object:
    """POST with an avatar for webhooks, and no other one, stores neither."""
    if not patch.fields.get("avatar_url") and "webhook_avatar_url" in patch.fields:
        patch.fields["webhook_avatar_url"] = None
    return original(kind, patch)

"""Known deviations: rules for values of the right type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import ErrorMap, Problem, Rejected
from conformance.reference.models import PRIVATE
from conformance.reference.upstream.registry import deviation
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_LONGEST_TAG = 100
_MOST_TAGS = 100


@deviation(49, only="2025-08", step="validation.read_privacy")
def accepts_privacy_that_is_no_object(
    original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
) -> None:
    """Privacy that is no object is ignored for members, and code 0 for systems and groups."""
    if isinstance(value, (dict, type(None))):
        original(kind, value, patch, errors)
    elif kind.name in ("system", "group"):
        raise Rejected(Problem.BAD_REQUEST, "privacy is no object")


@deviation(50, step="validation.privacy_level")
def reads_empty_privacy_as_private(original: Original, value: Any) -> object:
    """Empty text for a privacy key makes it private."""
    return PRIVATE if value == "" else original(value)


@deviation(54, step="validation.length_flaw")
def counts_utf16_units(_original: Original, key: Field, text: str) -> dict[str, Any] | None:
    """A character outside of the basic plane counts twice."""
    length = len(text.encode("utf-16-le")) // 2
    if key.limit is None or length <= key.limit:
        return None
    return flaw("This key is too long.") | {"max_length": key.limit, "actual_length": length}


@deviation(57, only="2025-08", step="validation.read_url")
def requires_https(server: Server, original: Original, key: Field, value: object) -> str | None:
    """URLs are https alone, and may stand in angle brackets."""
    text = server.validation.string(value)
    bare = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    if bare.lower().startswith("http:"):
        raise Invalid(flaw("This is no https URL."))
    return text if original(key, bare) else None


@deviation(59, step="updates.merge")
def stores_colors_in_lower_case(original: Original, row: Row, patch: Patch) -> object:
    """Colors of members and groups are stored in lower case."""
    if row.kind.name in ("member", "group") and patch.fields.get("color"):
        patch.fields["color"] = patch.fields["color"].lower()
    return original(row, patch)


@deviation(61, step="validation.read_tags")
def drops_proxy_tags(server: Server, original: Original, key: Field, value: object) -> object:
    """A proxy tag may have exactly 100 characters; useless ones are dropped without an error."""
    if not isinstance(value, list):
        return original(key, value)
    if len(value) > _MOST_TAGS:
        raise Invalid(flaw("There are too many proxy tags."))
    tags = [_tag(server, entry) for entry in value if isinstance(entry, dict)]
    return [tag for tag in tags if tag]


def _tag(server: Server, entry: dict[str, Any]) -> dict[str, str | None] | None:
    prefix, suffix = (server.validation.tag_part(entry.get(side)) for side in ("prefix", "suffix"))
    whole = f"{prefix or ''}text{suffix or ''}"
    too_long = len(whole.encode("utf-16-le")) // 2 > _LONGEST_TAG
    if too_long and prefix:
        raise Invalid(flaw("A proxy tag is too long."))
    if too_long or not (prefix or suffix):
        return None
    return {"prefix": prefix, "suffix": suffix}


@deviation(62, only="2025-08", step="validation.read")
def drops_equal_webhook_avatars(
    original: Original, kind: Kind, body: dict[str, Any], *rest: object
) -> Patch:
    """A webhook_avatar_url equal to the avatar_url of the same body is stored as null."""
    patch: Patch = original(kind, body, *rest)
    sent = patch.fields
    if "webhook_avatar_url" in sent and sent["webhook_avatar_url"] == sent.get("avatar_url"):
        sent["webhook_avatar_url"] = None
    return patch

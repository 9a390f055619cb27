"""Known deviations: keys and values of responses."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.reference.identifiers import canonical_snowflake, canonical_uuid
from conformance.reference.steps import wrap
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Message, Row, System
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

Shown = dict[str, Any]

_MOVED = re.compile(
    r"https://media\.discordapp\.net/(attachments/\d{17,19}/\d{17,19}/[^?]*)(\?.*)?"
)
_ZEROS = re.compile(r"\.?0*Z$")
_SHORTEST, _LONGEST_SHORT_ID = 5, 7


@deviation(30, 36, only="2025-08")
def drops_dashes_of_short_refs(server: Server) -> None:
    """A ref of five to seven characters is read without its dashes, a UUID with or without braces."""
    for step in ("system", "member", "group"):

        def find(original: Original, ref: str, *caller: object) -> object:
            return original(_plain(ref), *caller)

        wrap(server.references, step, find)


def _plain(ref: str) -> str:
    if _SHORTEST <= len(ref) <= _LONGEST_SHORT_ID:
        return ref.lower().replace("-", "")
    return ref[1:-1] if ref.startswith("{") and ref.endswith("}") else ref


@deviation(34, only="2025-08", step="settings.system")
def truncates_long_refs_of_settings(original: Original, call: Call) -> object:
    """The settings of a system are found by the first six letters of a longer ref."""
    ref = call.params["system"]
    known = canonical_uuid(ref) or canonical_snowflake(ref)
    if len(ref) > _LONGEST_SHORT_ID and not known and call.method == "GET":
        call.params["system"] = ref[:6]
    return original(call)


@deviation(58, step="presenter.value")
def rewrites_attachment_urls(original: Original, row: Row, field: Field, *where: object) -> object:
    """Attachment URLs, whose ids have 17 to 19 digits, are returned with another host and without query, except group banners."""
    shown = original(row, field, *where)
    if field.form != "url" or shown is None or (row.kind.name, field.key) == ("group", "banner"):
        return shown
    return _MOVED.sub(r"https://cdn.discordapp.com/\1", shown)


@deviation(70, only="2025-08", step="presenter.system")
def shows_webhook_url(original: Original, row: System, viewer: System | None, place: str) -> Shown:
    """The own system has the key webhook_url."""
    shown: Shown = original(row, viewer, place)
    return shown | ({"webhook_url": None} if row is viewer else {})


@deviation(81)
def trims_zeros_of_timestamps(server: Server) -> None:
    """Fractions of seconds end without zeros, those of messages are missing."""

    def value(original: Original, row: Row, field: Field, *where: object) -> object:
        shown = original(row, field, *where)
        return _cut(shown) if field.key in ("created", "last_message_timestamp") else shown

    def stamped(original: Original, *row: object) -> Shown:
        shown: Shown = original(*row)
        return shown | {"timestamp": _cut(shown["timestamp"])}

    wrap(server.presenter, "value", value)
    wrap(server.presenter, "switch_frame", stamped)
    wrap(server.presenter, "message", stamped)


def _cut(shown: Any) -> Any:
    if not isinstance(shown, str) or "." not in shown:
        return shown
    return _ZEROS.sub("Z", shown)


@deviation(82, 174, only="2025-08", step="presenter.message")
def empties_originals_of_old_messages(
    server: Server, original: Original, row: Message, *viewer: object
) -> Shown:
    """The seeded message of a deleted member counts as so old that neither original nor guild are stored: empty text, and null."""
    shown: Shown = original(row, *viewer)
    old = row.fields["id"] == server.seeded.deleted_message_id
    return shown | ({"original": "", "guild": None} if old else {})


@deviation(14, step="success")
def sends_charset_of_successes(original: Original, response: object) -> Response:
    """Only errors are plain application/json."""
    returned: Response = original(response)
    if returned.status_code == HTTPStatus.OK:
        returned.headers["content-type"] = "application/json; charset=utf-8"
    return returned


@deviation(173, only="2025-08", step="serve")
def sends_settings_without_charset(original: Original, call: Call) -> Response:
    """A GET of settings is plain application/json."""
    returned: Response = original(call)
    if returned.status_code == HTTPStatus.OK and name_of(call) == "get-system-settings":
        returned.headers["content-type"] = "application/json"
    return returned


@deviation(11, only="2025-08", step="serve")
def names_the_version(original: Original, call: Call) -> Response:
    """What the inner server returns, which is all but settings and what is rejected before, has a header with its version."""
    returned: Response = original(call)
    inner = call.operation is not None or call.method == "HEAD"
    if inner and name_of(call) != "get-system-settings":
        returned.headers["X-PluralKit-Version"] = "reference"
    return returned

"""Faults: URLs of images that are taken though they are none, or changed before they are stored."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from conformance.reference.faults.fields.value_reading import (
    changing,
    replace_reading,
    take_values,
    taking,
)
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.steps import Original

_STORED_AND_SHOWN = [
    "create-stores-sent-keys",
    "update-system-persists",
    "update-member-persists",
    "update-group-persists",
    "update-system-returns-system",
    "update-member-returns-member",
    "update-group-returns-group",
]
_IS_URL = {
    ("system", "avatar_url"): "system-avatar-is-url",
    ("system", "banner"): "system-banner-is-url",
    ("member", "avatar_url"): "member-avatar-is-url",
    ("member", "webhook_avatar_url"): "member-webhook-avatar-is-url",
    ("member", "banner"): "member-banner-is-url",
    ("group", "icon"): "group-icon-is-url",
    ("group", "banner"): "group-banner-is-url",
}
_ALL = [*_IS_URL.values(), "member-guild-avatar-is-url"]
_PERSISTS = [
    "create-stores-sent-keys",
    "update-system-persists",
    "update-member-persists",
    "update-group-persists",
    "update-system-guild-persists",
    "update-member-guild-persists",
]

for (_model, _key), _violated in _IS_URL.items():
    add(
        f"takes_any_text_for_{_model}_{_key}",
        f"The {_key} of a {_model} may be any text.",
        [_violated],
        partial(take_values, _model, _key, lambda value: not value.startswith("http")),
    )
for _name, _description, _violated_by, _step in (
    (
        "takes_any_text_for_url",
        "The URL of an image may be any text that is not too long.",
        _ALL,
        taking(lambda text: not text.startswith("http")),
    ),
    (
        "takes_url_of_any_scheme",
        "The URL of an image may have any scheme.",
        _ALL,
        taking(partial(re.match, "[a-z]+:/")),
    ),
    (
        "takes_url_without_scheme",
        "The URL of an image may lack its scheme.",
        _ALL,
        taking(partial(re.match, r"[a-z.]+\.com/")),
    ),
    (
        "takes_url_without_host",
        "The URL of an image may end behind its scheme.",
        _ALL,
        taking(partial(re.fullmatch, "https?://")),
    ),
    (
        "takes_text_with_a_url_in_it",
        "The URL of an image may be any text that has a URL in it.",
        _ALL,
        taking(lambda text: "https://" in text and " " in text),
    ),
    (
        "drops_query_of_urls",
        "The URL of an image loses its query.",
        _PERSISTS,
        changing(lambda text: text.partition("?")[0]),
    ),
    ("decodes_urls", "The URL of an image is stored decoded.", _PERSISTS, changing(unquote)),
    (
        "lowers_urls",
        "The URL of an image is stored in lower case.",
        _PERSISTS,
        changing(str.lower),
    ),
    (
        "drops_port_of_urls",
        "The URL of an image loses its port.",
        _PERSISTS,
        changing(
            lambda text: text.replace(urlsplit(text).netloc, urlsplit(text).hostname or "", 1)
        ),
    ),
    (
        "drops_fragments_of_urls",
        "URLs lose what follows a hash.",
        _STORED_AND_SHOWN,
        changing(lambda text: text.partition("#")[0]),
    ),
):
    add(_name, _description, _violated_by, partial(replace_reading, "url", _step))


@fault("member-guild-avatar-is-url", step="validation.read_url")
def guild_avatar_is_any_text(server: Server, _original: Original, *given: Any) -> object:
    """Any text is an avatar in a guild."""
    return server.validation.read_text(*given)

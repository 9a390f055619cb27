"""Faults: the lengths of texts in a guild."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original

_MAX_LENGTH = {
    ("system guild settings", "tag"): "system-guild-tag-max-79",
    ("system guild settings", "avatar_url"): "system-guild-avatar-max-256",
    ("system guild settings", "display_name"): "system-guild-display-name-max-100",
    ("member guild settings", "display_name"): "member-guild-display-name-max-100",
    ("member guild settings", "avatar_url"): "member-guild-avatar-max-256",
}


def _kind_of(server: Server, name: str) -> Kind:
    models = server.revision.models
    return models.system_guild if name.startswith("system") else models.member_guild


def _unlimited(kind: str, key: str, server: Server) -> None:
    limits = {id(field) for field in _kind_of(server, kind).fields if field.key == key}

    def flaw(original: Original, field: Field, text: str) -> object:
        return None if id(field) in limits else original(field, text)

    wrap(server.validation, "length_flaw", flaw)


for (_kind, _key), _violated in _MAX_LENGTH.items():
    add(
        f"{_kind.removesuffix(' settings').replace(' ', '_')}_{_key}_is_unlimited",
        f"The {_key} of {_kind} can be of any length.",
        [_violated],
        partial(_unlimited, _kind, _key),
    )


@fault(
    "system-guild-tag-max-79",
    "system-guild-display-name-max-100",
    "member-guild-display-name-max-100",
)
def counts_bytes_in_guilds(server: Server) -> None:
    """The length of a text in a guild is counted in bytes of UTF-8."""
    models = server.revision.models
    counted = {
        id(key) for kind in (models.system_guild, models.member_guild) for key in kind.fields
    }

    def length_flaw(original: Original, key: Field, text: str) -> object:
        as_counted = text.encode().decode("latin-1") if id(key) in counted else text
        return original(key, as_counted)

    wrap(server.validation, "length_flaw", length_flaw)

"""The models of the docs as tables: keys, limits, defaults and what hides them.

Rules only; nothing here reads a body or makes a response. docs: models
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

OWNER_ONLY = "owner-only"
"""Stands in place of a privacy key for values that nobody but the owner sees."""

PUBLIC, PRIVATE = "public", "private"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a model.

    ``form`` names how validation reads the value, ``limit`` counts characters, ``hidden_by``
    is the privacy key that covers the value, ``public`` is False for settings that only the
    owner sees.
    """

    key: str
    form: str = "text"
    limit: int | None = None
    nullable: bool = True
    default: object = None
    settable: bool = True
    hidden_by: str | None = None
    choices: tuple[str, ...] = ()
    public: bool = True

    @property
    def required(self) -> bool:
        """Whether a new entity cannot be without a value from the body."""
        return not self.nullable and self.default is None


@dataclass(frozen=True, eq=False)
class Kind:
    """A model: its keys in the order of the docs, and its privacy keys."""

    name: str
    fields: tuple[Field, ...]
    privacy_keys: tuple[str, ...] = ()

    @cached_property
    def settable(self) -> tuple[Field, ...]:
        """The keys a body can set."""
        return tuple(field for field in self.fields if field.settable)

    def defaults(self) -> dict[str, object]:
        """Return the value of each key when nobody has set one."""
        return {field.key: field.default for field in self.fields}

    def open_privacy(self) -> dict[str, str]:
        """Return the privacy of a new entity: everything public."""
        return dict.fromkeys(self.privacy_keys, PUBLIC)


def _read_only(key: str, *, default: object = None, hidden_by: str | None = None) -> Field:
    return Field(key, default=default, settable=False, hidden_by=hidden_by)


def _name(limit: int = 100) -> Field:
    return Field("name", limit=limit, nullable=False, hidden_by="name_privacy")


def _text(key: str, limit: int, hidden_by: str | None = None) -> Field:
    return Field(key, limit=limit, hidden_by=hidden_by)


def _url(key: str, hidden_by: str | None = None) -> Field:
    return Field(key, "url", limit=256, hidden_by=hidden_by)


def _flag(key: str, *, default: bool, public: bool = True) -> Field:
    return Field(key, "boolean", nullable=False, default=default, public=public)


SYSTEM = Kind(
    "system",
    (
        _read_only("id"),
        _read_only("uuid"),
        _text("name", 100, "name_privacy"),
        _text("description", 1000, "description_privacy"),
        _text("tag", 79),
        _text("pronouns", 100, "pronoun_privacy"),
        _url("avatar_url", "avatar_privacy"),
        _url("banner", "banner_privacy"),
        Field("color", "color"),
        _read_only("created"),
    ),
    (
        "name_privacy",
        "description_privacy",
        "avatar_privacy",
        "banner_privacy",
        "pronoun_privacy",
        "member_list_privacy",
        "group_list_privacy",
        "front_privacy",
        "front_history_privacy",
    ),
)

MEMBER = Kind(
    "member",
    (
        _read_only("id"),
        _read_only("uuid"),
        _read_only("system"),
        _name(),
        _text("display_name", 100, "name_privacy"),
        Field("color", "color"),
        Field("birthday", "birthday", hidden_by="birthday_privacy"),
        _text("pronouns", 100, "pronoun_privacy"),
        _url("avatar_url", "avatar_privacy"),
        _url("webhook_avatar_url", "avatar_privacy"),
        _url("banner", "banner_privacy"),
        _text("description", 1000, "description_privacy"),
        _read_only("created", hidden_by="metadata_privacy"),
        Field("proxy_tags", "tags", nullable=False, default=(), hidden_by="proxy_privacy"),
        _flag("keep_proxy", default=False),
        _flag("tts", default=False),
        _read_only("autoproxy_enabled", default=True, hidden_by=OWNER_ONLY),
        _read_only("message_count", default=0, hidden_by="metadata_privacy"),
        _read_only("last_message_timestamp", hidden_by="metadata_privacy"),
    ),
    (
        "visibility",
        "name_privacy",
        "description_privacy",
        "birthday_privacy",
        "pronoun_privacy",
        "avatar_privacy",
        "banner_privacy",
        "metadata_privacy",
        "proxy_privacy",
    ),
)

GROUP = Kind(
    "group",
    (
        _read_only("id"),
        _read_only("uuid"),
        _read_only("system"),
        _name(),
        _text("display_name", 100, "name_privacy"),
        _text("description", 1000, "description_privacy"),
        _url("icon", "icon_privacy"),
        _url("banner", "banner_privacy"),
        Field("color", "color"),
        _read_only("created", hidden_by="metadata_privacy"),
    ),
    (
        "name_privacy",
        "description_privacy",
        "banner_privacy",
        "icon_privacy",
        "list_privacy",
        "metadata_privacy",
        "visibility",
    ),
)

SETTINGS = Kind(
    "settings",
    (
        Field("timezone", "timezone", nullable=False, default="UTC", public=False),
        _flag("pings_enabled", default=True),
        Field("latch_timeout", "integer"),
        _flag("member_default_private", default=False, public=False),
        _flag("group_default_private", default=False, public=False),
        _flag("show_private_info", default=True, public=False),
        Field("member_limit", "integer", default=1000, settable=False, public=False),
        Field("group_limit", "integer", default=250, settable=False, public=False),
        _flag("case_sensitive_proxy_tags", default=True),
        _flag("proxy_error_message_enabled", default=True),
        _flag("hid_display_split", default=False),
        _flag("hid_display_caps", default=False),
        Field(
            "hid_list_padding",
            "choice",
            nullable=False,
            default="off",
            choices=("off", "left", "right"),
        ),
        Field(
            "proxy_switch", "choice", nullable=False, default="off", choices=("off", "new", "add")
        ),
        Field("name_format", nullable=False, default="{name} {tag}"),
    ),
)

SYSTEM_GUILD = Kind(
    "system guild settings",
    (
        _flag("proxying_enabled", default=True),
        _text("tag", 79),
        _flag("tag_enabled", default=True),
        _url("avatar_url"),
        _text("display_name", 100),
    ),
)

MEMBER_GUILD = Kind(
    "member guild settings",
    (
        _text("display_name", 100),
        _url("avatar_url"),
        Field("keep_proxy", "boolean"),
    ),
)

AUTOPROXY = Kind(
    "autoproxy settings",
    (
        Field(
            "autoproxy_mode",
            "choice",
            nullable=False,
            default="off",
            choices=("off", "front", "latch", "member"),
        ),
        Field("autoproxy_member"),
        _read_only("last_latch_timestamp"),
    ),
)

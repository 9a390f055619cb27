"""The revision 2025-08 of the docs."""

from __future__ import annotations

from datetime import timedelta

from conformance.reference.errors import Problem
from conformance.reference.identifiers import ShortIds
from conformance.reference.models import (
    OWNER_ONLY,
    Field,
    Kind,
    Models,
    flag,
    name,
    read_only,
    text,
    url,
)
from conformance.reference.rate_limiter.limiter import Limiter
from conformance.reference.revision import Revision
from conformance.reference.routing import OPERATIONS

_SYSTEM = Kind(
    "system",
    (
        read_only("id"),
        read_only("uuid"),
        text("name", 100, "name_privacy"),
        text("description", 1000, "description_privacy"),
        text("tag", 79),
        text("pronouns", 100, "pronoun_privacy"),
        url("avatar_url", "avatar_privacy"),
        url("banner", "banner_privacy"),
        Field("color", "color"),
        read_only("created"),
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

_MEMBER = Kind(
    "member",
    (
        read_only("id"),
        read_only("uuid"),
        read_only("system"),
        name("name_privacy"),
        text("display_name", 100, "name_privacy"),
        Field("color", "color"),
        Field("birthday", "birthday", hidden_by="birthday_privacy"),
        text("pronouns", 100, "pronoun_privacy"),
        url("avatar_url", "avatar_privacy"),
        url("webhook_avatar_url", "avatar_privacy"),
        url("banner", "banner_privacy"),
        text("description", 1000, "description_privacy"),
        read_only("created", hidden_by="metadata_privacy"),
        Field("proxy_tags", "tags", nullable=False, default=(), hidden_by="proxy_privacy"),
        flag("keep_proxy", default=False),
        flag("tts", default=False),
        read_only("autoproxy_enabled", default=True, hidden_by=OWNER_ONLY),
        read_only("message_count", default=0, hidden_by="metadata_privacy"),
        read_only("last_message_timestamp", hidden_by="metadata_privacy"),
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

_GROUP = Kind(
    "group",
    (
        read_only("id"),
        read_only("uuid"),
        read_only("system"),
        name("name_privacy"),
        text("display_name", 100, "name_privacy"),
        text("description", 1000, "description_privacy"),
        url("icon", "icon_privacy"),
        url("banner", "banner_privacy"),
        Field("color", "color"),
        read_only("created", hidden_by="metadata_privacy"),
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

_SETTINGS = Kind(
    "settings",
    (
        Field("timezone", "timezone", nullable=False, default="UTC", public=False),
        flag("pings_enabled", default=True),
        Field("latch_timeout", "integer"),
        flag("member_default_private", default=False, public=False),
        flag("group_default_private", default=False, public=False),
        flag("show_private_info", default=True, public=False),
        Field("member_limit", "integer", default=1000, settable=False, public=False),
        Field("group_limit", "integer", default=250, settable=False, public=False),
        flag("case_sensitive_proxy_tags", default=True),
        flag("proxy_error_message_enabled", default=True),
        flag("hid_display_split", default=False),
        flag("hid_display_caps", default=False),
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

_SYSTEM_GUILD = Kind(
    "system guild settings",
    (
        flag("proxying_enabled", default=True),
        text("tag", 79),
        flag("tag_enabled", default=True),
        url("avatar_url"),
        text("display_name", 100),
    ),
)

_MEMBER_GUILD = Kind(
    "member guild settings",
    (
        text("display_name", 100),
        url("avatar_url"),
        Field("keep_proxy", "boolean"),
    ),
)

_AUTOPROXY = Kind(
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
        read_only("last_latch_timestamp"),
    ),
)

REVISION = Revision(
    name="2025-08",
    models=Models(
        system=_SYSTEM,
        member=_MEMBER,
        group=_GROUP,
        settings=_SETTINGS,
        system_guild=_SYSTEM_GUILD,
        member_guild=_MEMBER_GUILD,
        autoproxy=_AUTOPROXY,
        message=("timestamp", "id", "original", "sender", "channel", "guild"),
    ),
    operations=OPERATIONS,
    short_ids=ShortIds(length=6, id_format="[a-z]{5}|[a-z]{3}-?[a-z]{3}", any_case=True),
    limiter=Limiter,
    limits_rates=True,
    needs_user_agent=True,
    before_is_inclusive=False,
    switch_writes_need_me=False,
    keeps_messages_of_deleted_members=True,
    finds_originals_for=timedelta(minutes=30),
    patch_without_valid_key=Problem.BAD_REQUEST,
)

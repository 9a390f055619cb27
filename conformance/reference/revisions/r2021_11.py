"""The revision 2021-11 of the docs: the launch of v2.

Where these docs are silent and those of 2025-08 are not, the later ones hold.
"""

from __future__ import annotations

from conformance.reference.errors import Problem
from conformance.reference.identifiers import ShortIds
from conformance.reference.models import Field, Kind, Models, flag, name, read_only, text, url
from conformance.reference.rate_limiter.limiter import SharedLimiter
from conformance.reference.revision import Revision
from conformance.reference.routing import OPERATIONS

_SYSTEM = Kind(
    "system",
    (
        read_only("id"),
        read_only("uuid"),
        text("name", 100),
        text("description", 1000, "description_privacy"),
        text("tag", 79),
        url("avatar_url"),
        url("banner"),
        Field("color", "color"),
        read_only("created"),
        Field("timezone", "timezone", nullable=False, default="UTC"),
    ),
    (
        "description_privacy",
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
        name("name_privacy"),
        text("display_name", 100, "name_privacy"),
        Field("color", "color"),
        Field("birthday", "birthday", hidden_by="birthday_privacy"),
        text("pronouns", 100, "pronoun_privacy"),
        url("avatar_url", "avatar_privacy"),
        url("banner"),
        text("description", 1000, "description_privacy"),
        read_only("created", hidden_by="metadata_privacy"),
        flag("keep_proxy", default=False),
        Field("proxy_tags", "tags", nullable=False, default=()),
    ),
    (
        "visibility",
        "name_privacy",
        "description_privacy",
        "birthday_privacy",
        "pronoun_privacy",
        "avatar_privacy",
        "metadata_privacy",
    ),
)

_GROUP = Kind(
    "group",
    (
        read_only("id"),
        read_only("uuid"),
        name(),
        text("display_name", 100),
        text("description", 1000, "description_privacy"),
        url("icon", "icon_privacy"),
        url("banner"),
        Field("color", "color"),
    ),
    ("description_privacy", "icon_privacy", "list_privacy", "visibility"),
)

_LIMITS = Kind(
    "settings",
    (read_only("member_limit", default=1000), read_only("group_limit", default=250)),
)

_SYSTEM_GUILD = Kind(
    "system guild settings",
    (
        flag("proxying_enabled", default=True),
        Field(
            "autoproxy_mode",
            "choice",
            nullable=False,
            default="off",
            choices=("off", "front", "latch", "member"),
        ),
        Field("autoproxy_member"),
        text("tag", 79),
        flag("tag_enabled", default=True),
    ),
)

_MEMBER_GUILD = Kind("member guild settings", (text("display_name", 100), url("avatar_url")))

_ABSENT = ("settings", "autoproxy")
"""The areas whose operations came later."""

REVISION = Revision(
    name="2021-11",
    models=Models(
        system=_SYSTEM,
        member=_MEMBER,
        group=_GROUP,
        settings=_LIMITS,
        system_guild=_SYSTEM_GUILD,
        member_guild=_MEMBER_GUILD,
        autoproxy=Kind("autoproxy settings", ()),
        message=("timestamp", "id", "original", "sender", "channel"),
    ),
    operations=tuple(row for row in OPERATIONS if row.area not in _ABSENT),
    short_ids=ShortIds(length=5, id_format="[a-z]{5}", any_case=False),
    limiter=SharedLimiter,
    limits_rates=False,
    needs_user_agent=False,
    before_is_inclusive=True,
    switch_writes_need_me=True,
    keeps_messages_of_deleted_members=False,
    finds_originals_for=None,
    patch_without_valid_key=Problem.INTERNAL,
)

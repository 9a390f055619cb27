"""The ids of requirements that are not found by their kind. Not every revision has all of them."""

from __future__ import annotations

# What operations return, or do, of which no requirement of the revision has the kind that says what they return.
EFFECT = {
    "getSystemSettings": "get-settings-owner",
    "createSwitch": "create-switch-becomes-fronters",
    "updateSwitch": "update-switch-timestamp",
    "updateSwitchMembers": "update-switch-members",
}
LISTED_BY_UUID = {"Member": "member-refs-by-uuid", "Group": "group-refs-by-uuid"}
# That other callers are not shown what only the owner is, by key.
SHOWN_TO_OWNER_ONLY = {
    "privacy": "privacy-object-null-for-others",
    "autoproxy_enabled": "autoproxy-enabled-own-system-only",
}
# That a write needs a token, by what it writes to.
TOKEN_NEEDED = {
    "System": "auth-401-for-writes",
    "Member": "auth-401-for-member-writes",
    "Group": "auth-401-for-group-writes",
}
GUILD_KEYS = {
    "SystemGuildSettings": ("system-guild-keys-2025-08", "system-guild-keys-2021-11"),
    "MemberGuildSettings": ("member-guild-keys",),
    "AutoproxySettings": ("autoproxy-keys",),
}

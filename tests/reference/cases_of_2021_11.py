"""Known deviations from the docs of 2021-11: a probe, the response of the docs, and that of upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.reference.probes import (
    ME,
    anonymous,
    code,
    filled,
    foreign_member,
    got,
    patched,
    posted,
    switched,
)

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox
    from tests.reference.probes import Probe


def repeated(sandbox: Sandbox) -> Any:
    """PATCH a switch to list a member twice."""
    member, path = sandbox.member()["id"], f"{ME}/switches/{switched(sandbox)}/members"
    response = sandbox.owner.patch(path, json=[member, member])
    return code(response) if response.is_error else len(response.json()["members"])


def mixed_up(sandbox: Sandbox) -> dict[str, str]:
    """Make the fronters private and return the keys that are private then."""
    body = {"privacy": {"front_privacy": "private"}}
    privacy = sandbox.owner.patch(ME, json=body).json()["privacy"]
    return {key: value for key, value in privacy.items() if value == "private"}


def moved(sandbox: Sandbox) -> str:
    """Return the year that the response to the change of a timestamp shows."""
    path = f"{ME}/switches/{switched(sandbox)}"
    body = {"timestamp": "2023-01-01T00:00:00Z"}
    return str(sandbox.owner.patch(path, json=body).json()["timestamp"])[:4]


def closed_group(sandbox: Sandbox, **privacy: str) -> str:
    """Return the path of a group with a member and these privacy keys."""
    group, member = sandbox.group(privacy=privacy, icon=ICON, banner=ICON), sandbox.member()
    path = f"/groups/{group['id']}"
    sandbox.owner.post(f"{path}/members/add", json=[member["id"]])
    return path


def with_members(**privacy: str) -> Probe:
    """Return a probe that lists groups with members as another system."""

    def probe(sandbox: Sandbox) -> Any:
        closed_group(sandbox, **privacy)
        path = filled(sandbox, "/systems/{first}/groups?with_members=true")
        response = sandbox.other.get(path)
        return (
            code(response)
            if response.is_error
            else [len(row["members"]) for row in response.json()]
        )

    return probe


def closed_members(sandbox: Sandbox) -> Any:
    """List groups with members of a system that hides its members."""
    sandbox.seeded.first.privacy["member_list_privacy"] = "private"
    return with_members()(sandbox)


def picture(key: str, **privacy: str) -> Probe:
    """Return a probe that reads a picture of a group as another system."""
    return lambda sandbox: sandbox.other.get(closed_group(sandbox, **privacy)).json()[key]


def error_type(sandbox: Sandbox) -> str | None:
    """Return the Content-Type of an error."""
    reported: str | None = sandbox.owner.get("/members/zzzzz").headers.get("Content-Type")
    return reported


def extra_keys(sandbox: Sandbox) -> set[str]:
    """Return undocumented keys of a member and a group."""
    shown = [
        sandbox.owner.get(filled(sandbox, path)).json()
        for path in ("/members/{member}", "/groups/{group}")
    ]
    return {"system", "created"} & (set(shown[0]) - {"created"} | set(shown[1]))


def guild_member(sandbox: Sandbox) -> tuple[int, int | None]:
    """Set a foreign member for autoproxy."""
    path = f"{ME}/guilds/{sandbox.seeded.guild_id}"
    body = {"autoproxy_mode": "member", "autoproxy_member": foreign_member(sandbox)}
    return code(sandbox.owner.patch(path, json=body))


def version(prefix: str) -> Probe:
    """Return a probe that reads under another version."""
    return lambda sandbox: (
        sandbox.owner.get(
            sandbox.base_url.removesuffix("/v2") + f"{prefix}/systems/@me"
        ).status_code
    )


def allowed(sandbox: Sandbox, **headers: str) -> str | None:
    """Return which origins a response allows."""
    returned = sandbox.owner.get(ME, headers=headers).headers
    found: str | None = returned.get("Access-Control-Allow-Origin")
    return found


ASKS = {"Origin": "https://client.example.com", "Access-Control-Request-Method": "GET"}
ICON = "https://images.example.com/a"
PRIVATE_MEMBER = {"name": "A", "privacy": {"visibility": "private"}}
OLD_MEMBER = {"name": "A", "privacy": "private", "visibility": "public", "prefix": "a"}
CASES: list[tuple[str, Probe, Any, Any]] = [
    ("looks_up_deleted_rows_before_tokens", anonymous("DELETE", "/members/zzzzz"), (401, 0), (404, 20002)),
    ("looks_up_deleted_rows_before_tokens", anonymous("DELETE", "/groups/zzzzz"), (401, 0), (404, 20004)),
    ("looks_at_switches_before_tokens", anonymous("DELETE", f"{ME}/switches/abc"), (401, 0), (400, 40006)),
    ("looks_at_switches_before_tokens", anonymous("PATCH", f"{ME}/switches/{{switch}}"), (401, 0), (400, 40001)),
    ("accepts_empty_guild_settings", patched(f"{ME}/guilds/{{guild}}", {}), (500, 0), (200, None)),
    ("sends_problem_document_for_unknown_system", got("/systems/zzzzz"), (404, 20001), (404, None)),
    ("routes_writes_under_me", lambda sandbox: sandbox.owner.patch(filled(sandbox, "/systems/{first}"), json={"tag": "x"}).status_code, 200, 405),
    ("routes_writes_under_me", lambda sandbox: sandbox.owner.post(filled(sandbox, "/systems/{first}/switches"), json={}).status_code, 400, 405),
    ("sets_description_privacy_instead", mixed_up, {"front_privacy": "private"}, {"description_privacy": "private"}),
    ("creates_members_as_version_1", posted("/members", PRIVATE_MEMBER), (200, None), (400, 0)),
    ("creates_members_as_version_1", posted("/members", OLD_MEMBER, "proxy_tags"), (400, 40001), [{"prefix": "a", "suffix": None}]),
    ("returns_old_timestamp", moved, "2023", "2024"),
    ("accepts_duplicate_members_of_switches", repeated, (400, 40003), 2),
    ("accepts_duplicate_members_of_switches", patched(f"{ME}/switches/abc/members", []), (400, 40006), (404, 20007)),
    ("returns_20002_for_members_of_switches", posted(f"{ME}/switches", {"members": ["zzzzz"]}), (404, 20003), (404, 20002)),
    ("fails_on_groups_of_unknown_member", got("/members/zzzzz/groups"), (404, 20002), (500, 0)),
    ("requires_open_member_list_for_groups_with_members", closed_members, [1], (403, 30001)),
    ("requires_open_member_list_for_groups_with_members", with_members(visibility="private"), [], (500, 0)),
    ("requires_open_member_list_for_groups_with_members", with_members(list_privacy="private"), [0], [1]),
    ("shows_private_group_icons", picture("icon", icon_privacy="private"), None, ICON),
    ("hides_banners_with_descriptions", picture("banner", description_privacy="private"), ICON, None),
    ("shows_undocumented_keys", extra_keys, set(), {"system", "created"}),
    ("returns_errors_without_content_type", error_type, "application/json", None),
    ("accepts_any_autoproxy_member", guild_member, (403, 30008), (200, None)),
    ("accepts_any_autoproxy_member", patched(f"{ME}/guilds/{{guild}}", {"autoproxy_mode": None}, "autoproxy_mode"), (400, 40001), "off"),
    ("accepts_version_2_0", version("/v2.0"), 404, 200),
    ("returns_options_for_browsers", lambda sandbox: sandbox.owner.options(ME).status_code, 200, 405),
    ("returns_options_for_browsers", lambda sandbox: sandbox.owner.options(ME, headers=ASKS).status_code, 200, 204),
    ("allows_origins_that_ask", lambda sandbox: [allowed(sandbox), allowed(sandbox, **ASKS)], ["*", "*"], [None, "*"]),
    ("rejects_unknown_versions", version("/v3"), 404, 400),
    ("empties_unknown_paths", lambda sandbox: bool(sandbox.owner.get("/nothing").content), True, False),
    ("rejects_privacy_of_groups_that_is_no_object", patched("/groups/{group}", {"privacy": "private"}), (400, 40001), (400, 0)),
    ("routes_writes_under_me", lambda sandbox: sandbox.owner.patch(filled(sandbox, "/systems/{first}/switches/{switch}/members"), json=[]).status_code, 400, 404),
    ("fails_on_null_in_lists", posted("/groups/{group}/members/add", [None]), (400, 0), (500, 0)),
    ("empties_wrong_method_rejections", lambda sandbox: sandbox.owner.put(ME).content, b'{"message":"The path does not know this method.","code":0}', b""),
    ("fails_on_negative_limit", got(f"{ME}/switches?limit=-1"), (400, 0), (500, 0)),
    ("returns_20004_for_unknown_groups_to_add", posted("/members/{member}/groups/add", ["zzzzz"]), (404, 20005), (404, 20004)),
]  # fmt: skip

"""Systems, members and groups: created, changed key by key, put together, and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.recorder import IMAGE, ME, NOWHERE, TEXT
from tests.faults.sample_entities import create_entities, create_groups, create_members

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

UNUSUAL_VALUES: tuple[dict[str, Any], ...] = (
    {"privacy": {"visibility": "private", "name_privacy": "public"}},
    {"description": "tab\t hard\u00a0 mark\u200e wide \uff21 and the end\n"},
    {"description": "null"},
    {"description": "2021-03-04T00:00:00Z"},
    {"description": "2021-03-04"},
    {"description": "007"},
    {"description": "a\u200bb \\ <b>c</b>"},
    {"avatar_url": "https://images.example.com/image-without-a-type"},
    {"description": "x\n" * 500},
    {"description": "é" * 1001},
    {"description": "x" * 1001, "privacy": {"description_privacy": "public"}},
    {"avatar_url": "https://images.example.com:8443/a.png#b"},
    {"birthday": "1900-02-29"},
    {"birthday": "0900-02-28"},
    {"privacy": {"birthday_privacy": "PRIVATE"}},
    {"privacy": {"birthday_privacy": "private", "name_privacy": "secret"}},
    {"proxy_tags": [{"prefix": "a"}, *({"prefix": "a", "suffix": text} for text in "bcde")]},
    {"proxy_tags": [{"prefix": side} for side in ("a", "text", "bb", "c", "d", "e")]},
    {"proxy_tags": [{"prefix": "a"}, {"prefix": "x" * 100}]},
    {"name": "Same", "display_name": "Same"},
    {"name": "Other"},
    {"keep_proxy": True, "tts": False},
    {"pronouns": "they", "created": "2999-01-01T00:00:00Z"},
    {"created": "2999-01-01T00:00:00Z"},
    {"name_privacy": "private"},
)


def systems(recorder: Recorder) -> None:
    """Change the system, and read it by all its id formats."""
    system = recorder.server.seeded.first
    names = (system.short_id, system.short_id.upper(), system.uuid, system.accounts[0])
    group = f"/groups/{create_groups(recorder, 1)[0]}"
    recorder.get(*(f"/systems/{name}" for name in names), ME)
    recorder.send("PATCH", ME, {"privacy": {"front_privacy": "private"}})
    recorder.get(f"/systems/{names[0]}/fronters", who="")
    recorder.send("PATCH", ME, {"privacy": {"front_privacy": None}})
    for level in ("private", None):
        recorder.send("PATCH", group, {"privacy": {"visibility": level}})
    recorder.get(f"/systems/{names[0]}/groups", who="")
    for body in (
        {"name": TEXT, "description": TEXT, "tag": "0", "pronouns": "x" * 100},
        {"color": "a0B1c2", "avatar_url": IMAGE, "banner": IMAGE},
        {"description": None, "tag": "", "created": "2020-01-01T00:00:00Z", "uuid": NOWHERE},
        {"tag": " t ", "id": "abcdef"},
        {"privacy": {"pronoun_privacy": "private", "name_privacy": "private"}},
        {"privacy": {"name_privacy": None}, "unknown": 1},
    ):
        recorder.send("PATCH", ME, body)
        recorder.get(ME)
    for name in names:
        recorder.send("PATCH", f"/systems/{name}", {"tag": name[-3:]})
        recorder.send("PATCH", f"/systems/{name}/settings", {"timezone": "Asia/Tokyo"})
        recorder.get(ME, f"/systems/{name}/settings")


def creations(recorder: Recorder) -> None:
    """Create members and groups, and read the lists of them."""
    bodies: list[dict[str, Any]] = [
        {"name": "Ada"},
        {"name": TEXT, "display_name": "0", "birthday": "0004-02-29", "tts": True},
        {"name": "Cas", "description": "x" * 1000, "color": "0fab00", "banner": IMAGE},
        {"name": "Dot", "pronouns": None, "privacy": {"visibility": "private"}},
        {"name": "Eve", "proxy_tags": [{"prefix": " e:", "suffix": None}], "privacy": None},
        {"name": None},
        {"display_name": "without name"},
        {"name": "Fay", "display_name": None, "id": "abcde", "uuid": NOWHERE, "created": None},
        {"name": "Gus", "proxy_tags": [{"prefix": "É", "suffix": "  a  b\n\nc "}]},
        {"name": "Gus", "privacy": {"name_privacy": "private", "proxy_privacy": "private"}},
        {"name": "Hal", "webhook_avatar_url": IMAGE},
    ]
    members = [recorder.create("/members", body) for body in bodies]
    bodies = [
        {"name": "One"},
        {"name": TEXT, "display_name": "0", "icon": IMAGE, "banner": IMAGE, "color": "ff00Ff"},
        {"name": "Hidden", "description": "x", "privacy": {"visibility": "private"}},
        {"name": "Named", "id": "abcde", "uuid": NOWHERE, "created": "2020-01-01T00:00:00Z"},
        {"name": "Strange", "system": "zzzzzz"},
    ]
    groups = [recorder.create("/groups", body) for body in bodies]
    recorder.get(*(f"/members/{ref}" for ref in members), *(f"/groups/{ref}" for ref in groups))
    for path in ("/members", "/groups"):
        for body in ({"birthday": "someday"}, {"description": "x" * 1001}, {"color": "red"}):
            recorder.send("POST", path, {"name": "rejected", **body})
    recorder.get(f"{ME}/members", f"{ME}/groups")


def member_changes(recorder: Recorder) -> None:
    """Change a member key by key, and read it by itself and in the list."""
    path = f"/members/{create_members(recorder, 3)[0]}"
    changes: list[dict[str, Any]] = [
        {"display_name": TEXT, "pronouns": "they", "description": TEXT},
        {"birthday": "1969-12-31", "avatar_url": IMAGE, "webhook_avatar_url": IMAGE},
        {"banner": IMAGE, "color": "ABCDEF", "keep_proxy": True, "tts": True},
        {"proxy_tags": [{"prefix": "a", "suffix": "b"}, {"prefix": None, "suffix": "0"}]},
        {"color": None, "birthday": None, "avatar_url": "", "description": None},
        {"id": "abcde", "uuid": NOWHERE, "message_count": 7, "created": None, "tts": False},
        {"privacy": {"visibility": "private", "birthday_privacy": "private"}},
        {"privacy": {"visibility": None}, "keep_proxy": False, "system": "abcde"},
        {"proxy_tags": []},
        {"birthday": "2004-02-29", "avatar_url": IMAGE, "color": "000000"},
        {"name": TEXT, "display_name": None},
    ]
    for body in changes:
        recorder.send("PATCH", path, body)
        recorder.get(path, f"{ME}/members")


def unusual_values(recorder: Recorder) -> None:
    """Set unusual values of a member, one body after the other."""
    member = recorder.create("/members", {"name": "One", "pronouns": "one"})
    for body in UNUSUAL_VALUES:
        recorder.send("PATCH", f"/members/{member}", body)
        recorder.get(f"/members/{member}")


def group_changes(recorder: Recorder) -> None:
    """Change a group key by key, and read it by itself and in the list."""
    path = f"/groups/{create_groups(recorder, 2)[0]}"
    for body in (
        {"display_name": TEXT, "description": TEXT, "icon": IMAGE, "color": "123abc"},
        {"display_name": None, "icon": None, "description": "", "id": "abcde"},
        {"privacy": {"icon_privacy": "private", "name_privacy": "private"}},
        {"privacy": {"icon_privacy": None}, "uuid": NOWHERE, "created": None},
        {"icon": IMAGE, "banner": IMAGE, "description": "d", "display_name": "D"},
    ):
        recorder.send("PATCH", path, body)
        recorder.get(path, f"{ME}/groups")


def id_formats(recorder: Recorder) -> None:
    """Name entities in other id formats: with a dash, in upper case, by UUID; as their owner and as another user."""
    members, groups, _ = create_entities(recorder)
    member, group = f"/members/{members[0]}", f"/groups/{groups[0]}"
    uuid = recorder.uuid(member)
    for number, name in enumerate((dashed(members[0]), members[0].upper(), uuid, uuid.upper())):
        recorder.send("PATCH", f"/members/{name}", {"pronouns": f"change {number}"})
    recorder.get(member)
    refs = {
        "members": members[0],
        "groups": groups[0],
        "systems": recorder.server.seeded.first.short_id,
    }
    for kind, ref in refs.items():
        for who in ("owner", "other"):
            recorder.get(f"/{kind}/{dashed(ref)}", f"/{kind}/{dashed(ref).upper()}", who=who)
    for path, ref in ((member, "groups"), (group, "members")):
        kind, name = path[1:].split("/")
        names = (dashed(name), name.upper(), recorder.uuid(path))
        recorder.get(*(f"/{kind}/{in_format}/{ref}" for in_format in names))


def dashed(ref: str) -> str:
    """Return a short id with a dash in the middle."""
    return f"{ref[:3]}-{ref[3:]}"


def deletions(recorder: Recorder) -> None:
    """Delete entities, by UUID and in upper case too, and read what is left and whether they are found."""
    members, groups, _ = create_entities(recorder)
    recorder.send("POST", f"/groups/{groups[1]}/members/add", members[:2])
    for path in (f"/groups/{groups[0]}", f"/members/{members[0]}"):
        recorder.send("DELETE", path)
        recorder.get(
            path,
            f"{ME}/groups?with_members=true",
            f"/groups/{groups[1]}/members",
            f"/members/{members[1]}/groups",
        )
        recorder.send("PATCH", path, {"name": "x"})
        recorder.send("DELETE", path)
    fronters = f"/systems/{recorder.server.seeded.first.short_id}/fronters"
    recorder.get(fronters, f"/groups/{groups[1]}/members", who="other")
    recorder.get(
        f"{ME}/members", f"{ME}/groups?with_members=true", f"{ME}/switches", f"{ME}/fronters"
    )
    for kind in ("/members", "/groups"):
        for by_uuid in (True, False):
            ref = recorder.create(kind, {"name": "Short-lived"})
            uuid = recorder.uuid(f"{kind}/{ref}")
            recorder.send("DELETE", f"{kind}/{uuid if by_uuid else ref.upper()}")
            recorder.get(f"{kind}/{ref}", f"{kind}/{uuid}")


def concurrent_changes(recorder: Recorder) -> None:
    """Change two keys of one entity by concurrent requests."""
    for path in (
        f"/members/{create_members(recorder, 1)[0]}",
        f"/groups/{create_groups(recorder, 1)[0]}",
    ):
        recorder.at_once(path, {"display_name": "at once"}, {"description": "at once"})
        recorder.get(path)

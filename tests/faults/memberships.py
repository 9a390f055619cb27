"""Which members are in which groups: changed by paths of members and of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.entities import dashed
from tests.faults.recorder import ME, STEPS
from tests.faults.sample_entities import create_entities

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder


def memberships(recorder: Recorder) -> None:
    """Add members to groups and remove them by short id."""
    members, groups, _ = create_entities(recorder)
    path, member = f"/groups/{groups[0]}", f"/members/{members[0]}"
    uuid = recorder.uuid(path)
    for step in ("add", "add", "overwrite", "remove"):
        recorder.send("POST", f"{path}/members/{step}", members[:2])
        recorder.send("POST", f"{member}/groups/{step}", [groups[1], uuid])
        recorder.get(f"{path}/members", f"{member}/groups", f"{ME}/groups?with_members=true")
    recorder.send("POST", f"{path}/members/add", [members[2], members[4]])
    recorder.send("POST", f"{path}/members/remove", [members[2]])
    recorder.get(f"{path}/members", f"{ME}/groups?with_members=false")
    recorder.send("POST", f"{path}/members/add", members)
    recorder.send("POST", f"{member}/groups/overwrite", groups)
    recorder.get(f"{path}/members", f"{member}/groups", f"/groups/{groups[2]}/members")


def repeated_memberships(recorder: Recorder) -> None:
    """Change the memberships of members in several groups, and send again what is so already."""
    members, groups, _ = create_entities(recorder)
    several = members[:3]
    for group in groups[1:3]:
        recorder.send("POST", f"/groups/{group}/members/overwrite", several)
        recorder.get(*(f"/groups/{ref}/members" for ref in groups[1:3]))
    steps: tuple[tuple[str, list[str]], ...] = (
        (f"/groups/{groups[1]}/members/overwrite", several),
        (f"/groups/{groups[1]}/members/remove", several[:1]),
        (f"/groups/{groups[1]}/members/remove", several[:1]),
        (f"/members/{members[1]}/groups/overwrite", groups[1:3]),
        (f"/members/{members[1]}/groups/remove", groups[1:2]),
        (f"/members/{members[1]}/groups/remove", groups[1:2]),
    )
    for where, refs in steps:
        recorder.send("POST", where, refs)
        recorder.get(*(f"/groups/{ref}/members" for ref in groups[1:3]))
    at = f"/groups/{groups[1]}/members", f"/members/{members[1]}/groups"
    for where, refs in (
        (f"/members/{members[1]}/groups/overwrite", groups[1:3]),
        (f"/members/{members[1]}/groups/remove", groups[1:3]),
        (f"/groups/{groups[1]}/members/overwrite", members[:2]),
        (f"/groups/{groups[1]}/members/overwrite", members[1:3]),
        (f"/groups/{groups[1]}/members/overwrite", members[2:3]),
    ):
        recorder.send("POST", where, refs)
        recorder.get(*at)


def memberships_by_id_formats(recorder: Recorder) -> None:
    """Name members and groups by UUID, in upper case and with dashes."""
    members, groups, _ = create_entities(recorder)
    path, uuid = f"/groups/{groups[0]}", recorder.uuid(f"/groups/{groups[0]}")
    first, second = (recorder.uuid(f"/members/{ref}") for ref in members[:2])
    bodies: tuple[tuple[str, list[str]], ...] = (
        (f"/groups/{uuid}/members/overwrite", []),
        (f"{path}/members/add", [first, members[3].upper()]),
        (f"{path}/members/overwrite", [second]),
        (f"/groups/{groups[0].upper()}/members/add", [second.upper()]),
        (f"{path}/members/add", [second.replace("-", "")]),
    )
    for where, refs in bodies:
        recorder.send("POST", where, refs)
        recorder.get(f"{path}/members")


def long_lists(recorder: Recorder) -> None:
    """Add many members to a group, remove them, and name members in every id format."""
    members = [recorder.create("/members", {"name": "Extra"}) for _ in range(14)]
    group = recorder.create(
        "/groups",
        {"name": "Many", "description": "d", "privacy": {"description_privacy": "private"}},
    )
    path, uuid = f"/groups/{group}/members", recorder.uuid(f"/members/{members[2]}")
    steps: tuple[tuple[str, list[str]], ...] = (
        ("add", members),
        ("remove", members),
        ("overwrite", members),
        ("overwrite", []),
        ("overwrite", [members[0].upper(), dashed(members[1]), uuid.upper(), members[3]]),
        ("add", [members[0], members[4]]),
        ("add", [members[5], *recorder.foreign("members")]),
    )
    for step, refs in steps:
        recorder.send("POST", f"{path}/{step}", refs)
        recorder.get(path, f"{ME}/groups?with_members=true", f"/members/{members[4]}/groups")
    recorder.get(f"{ME}/members")
    recorder.send("POST", f"/members/{members[5]}/groups/add", [group, *recorder.foreign("groups")])
    many = [group, *(recorder.create("/groups", {"name": "More"}) for _ in range(9))]
    for step in STEPS:
        recorder.send("POST", f"/members/{members[0]}/groups/{step}", many)
        recorder.get(f"/members/{members[0]}/groups", f"{ME}/groups")

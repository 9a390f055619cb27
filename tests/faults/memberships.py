"""Which members are in which groups: changed from both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.cast import cast
from tests.faults.entities import dashed
from tests.faults.telling import ME, STEPS

if TYPE_CHECKING:
    from tests.faults.telling import Story


def memberships(story: Story) -> None:
    """Move members in and out of groups by short id."""
    members, groups, _ = cast(story)
    path, member = f"/groups/{groups[0]}", f"/members/{members[0]}"
    uuid = story.uuid(path)
    for step in ("add", "add", "overwrite", "remove"):
        story.ask("POST", f"{path}/members/{step}", members[:2])
        story.ask("POST", f"{member}/groups/{step}", [groups[1], uuid])
        story.get(f"{path}/members", f"{member}/groups", f"{ME}/groups?with_members=true")
    story.ask("POST", f"{path}/members/add", [members[2], members[4]])
    story.ask("POST", f"{path}/members/remove", [members[2]])
    story.get(f"{path}/members", f"{ME}/groups?with_members=false")
    story.ask("POST", f"{path}/members/add", members)
    story.ask("POST", f"{member}/groups/overwrite", groups)
    story.get(f"{path}/members", f"{member}/groups", f"/groups/{groups[2]}/members")


def memberships_by_other_names(story: Story) -> None:
    """Name members and groups by UUID, in upper case and with dashes."""
    members, groups, _ = cast(story)
    path, uuid = f"/groups/{groups[0]}", story.uuid(f"/groups/{groups[0]}")
    first, second = (story.uuid(f"/members/{ref}") for ref in members[:2])
    bodies: tuple[tuple[str, list[str]], ...] = (
        (f"/groups/{uuid}/members/overwrite", []),
        (f"{path}/members/add", [first, members[3].upper()]),
        (f"{path}/members/overwrite", [second]),
        (f"/groups/{groups[0].upper()}/members/add", [second.upper()]),
        (f"{path}/members/add", [second.replace("-", "")]),
    )
    for where, refs in bodies:
        story.ask("POST", where, refs)
        story.get(f"{path}/members")


def long_lists(story: Story) -> None:
    """Fill a group with more members than most, empty it, and name its members in every id format."""
    members = [story.made("/members", {"name": "Extra"}) for _ in range(14)]
    group = story.made(
        "/groups",
        {"name": "Many", "description": "d", "privacy": {"description_privacy": "private"}},
    )
    path, uuid = f"/groups/{group}/members", story.uuid(f"/members/{members[2]}")
    steps: tuple[tuple[str, list[str]], ...] = (
        ("add", members),
        ("overwrite", []),
        ("overwrite", [members[0].upper(), dashed(members[1]), uuid.upper(), members[3]]),
        ("add", [members[0], members[4]]),
        ("add", [members[5], *story.foreign("members")]),
    )
    for step, refs in steps:
        story.ask("POST", f"{path}/{step}", refs)
        story.get(path, f"{ME}/groups?with_members=true", f"/members/{members[4]}/groups")
    story.get(f"{ME}/members")
    story.ask("POST", f"/members/{members[5]}/groups/add", [group, *story.foreign("groups")])
    many = [group, *(story.made("/groups", {"name": "More"}) for _ in range(9))]
    for step in STEPS:
        story.ask("POST", f"/members/{members[0]}/groups/{step}", many)
        story.get(f"/members/{members[0]}/groups", f"{ME}/groups")

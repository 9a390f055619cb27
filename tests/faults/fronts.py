"""Switches: logged in and out of order, paged through, moved, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.cast import cast, some_members
from tests.faults.telling import ME, NOWHERE

if TYPE_CHECKING:
    from tests.faults.telling import Story

SWITCHES = f"{ME}/switches"
EARLY = ("2024-03-01T10:00:00.5Z", "2024-01-01T00:00:00+02:00", "2024-03-01T10:00:00Z")
LATE = tuple(f"2100-01-01T00:{minute}:00Z" for minute in ("00", "10", "20", "30"))
EVER = "before=2200-01-01T00:00:00Z"
UNKNOWN = "zzzzz"


def logged(story: Story, members: list[str]) -> list[str]:
    """Log switches, three of them in the past, and return their UUIDs."""
    lists = [members[:2], [members[2]], [members[0].upper()], [], members[:3], members[3:4]]
    bodies: list[dict[str, object]] = [{"members": names} for names in lists]
    for body, time in zip(bodies, EARLY, strict=False):
        body["timestamp"] = time
    return [story.made(SWITCHES, body) for body in bodies]


def switches(story: Story) -> None:
    """Log switches, page through them, and give one of them another time and other members."""
    story.get(f"{ME}/fronters", SWITCHES)
    members = some_members(story, 4)
    first = f"{SWITCHES}/{(ids := logged(story, members))[0]}"
    story.get(first, f"{ME}/fronters", SWITCHES, f"{SWITCHES}?limit=2", f"{SWITCHES}?limit=0")
    for before in ("2024-03-01T10:00:00Z", "2024-03-01T12:00:00%2B02:00"):
        story.get(f"{SWITCHES}?before={before}")
    story.ask("PATCH", first, {"timestamp": "2024-03-02T10:00:00Z"})
    story.ask("PATCH", f"{first}/members", [members[2], members[1]])
    story.ask("PATCH", f"{SWITCHES}/{ids[0].upper()}/members", [])
    story.get(first, SWITCHES)
    story.ask("DELETE", f"{SWITCHES}/{ids[-1]}")
    story.get(f"{ME}/fronters", SWITCHES, f"{SWITCHES}/{ids[-1]}")
    for names in (members[3:4], []):
        story.ask("POST", SWITCHES, {"members": names})
    story.get(f"{ME}/fronters")


def rejected_switches(story: Story) -> None:
    """Send switches that are rejected, and look for some that are not there."""
    members = some_members(story, 4)
    first = f"{SWITCHES}/{logged(story, members)[0]}"
    for body in (
        {"members": members[3:4]},
        {"members": [members[0], members[0]]},
        {"members": [NOWHERE]},
        {"members": [], "timestamp": "2024-01-01T00:00:00+02:00"},
        {"members": [], "timestamp": "yesterday"},
        {"members": story.foreign("members")},
        {},
    ):
        story.ask("POST", SWITCHES, body)
    for time in (EARLY[0], "2024-03-01T10:00:00Z"):
        story.ask("PATCH", first, {"timestamp": time})
    story.ask("PATCH", first, {})
    story.ask("PATCH", f"{first}/members", members[1::-1])
    for names in ([members[0]] * 2, [NOWHERE], story.foreign("members"), members[2:0:-1]):
        story.ask("PATCH", f"{first}/members", names)
    story.get(f"{SWITCHES}/{NOWHERE}", f"{SWITCHES}/none", first)


def foreign_switches(story: Story) -> None:
    """Look at switches under the system that they do not belong to, and try to change them."""
    own = cast(story).switch
    other = f"/systems/{story.server.seeded.second.short_id}/switches"
    foreign = story.server.seeded.second.switches[-1].uuid
    story.get(f"{SWITCHES}/{foreign}", f"{other}/{own}", f"{other}?limit=101")
    story.get(f"{other}?limit=2&before=2030-01-01T00:00:00Z", f"{other}/{foreign}", other)
    for where in (SWITCHES, other):
        story.ask("PATCH", f"{where}/{foreign}", {"timestamp": EARLY[0]})
        story.ask("PATCH", f"{where}/{foreign}/members", [])
        story.ask("DELETE", f"{where}/{foreign}")
    story.ask("POST", other, {"members": []})


def moved_switches(story: Story) -> None:
    """Log switches in the time to come, where none are in the way; move, change and delete them.

    The members are in the order of their ids, so that another order can be reported from it.
    """
    one, two, three = sorted(some_members(story, 3))
    first, second = (
        f"{SWITCHES}/{story.made(SWITCHES, {'members': names, 'timestamp': time})}"
        for names, time in (([one], LATE[0]), ([two, three], LATE[1]))
    )
    story.ask("PATCH", f"/members/{two}", {"name": "Renamed"})
    look(story, second)
    story.ask("PATCH", second, {"timestamp": "1999-01-01T00:00:00Z"})
    look(story, second)
    third = f"{SWITCHES}/{story.made(SWITCHES, {'members': [three], 'timestamp': LATE[1]})}"
    writes: tuple[tuple[str, str, object], ...] = (
        ("POST", SWITCHES, {"members": [story.uuid(f"/members/{three}")], "timestamp": LATE[2]}),
        ("POST", SWITCHES, {"members": [story.uuid(f"/members/{one}"), two]}),
        ("POST", SWITCHES, {"members": [one, two, one]}),
        ("POST", SWITCHES, {"members": [one, UNKNOWN]}),
        ("PATCH", f"{third}/members", [three, one]),
        ("PATCH", f"{third}/members", [two, UNKNOWN]),
        ("PATCH", f"{third}/members", b"null"),
        ("PATCH", f"{SWITCHES}/{NOWHERE}/members", [one]),
        ("PATCH", third, {"timestamp": None}),
        ("DELETE", first, None),
        ("POST", SWITCHES, {"members": [one], "timestamp": LATE[0]}),
        ("DELETE", third, None),
    )
    for method, where, body in writes:
        story.ask(method, where, body)
        look(story, third)
    story.get(f"{SWITCHES}?limit=100", f"{SWITCHES}?before={LATE[0]}")


def look(story: Story, switch: str) -> None:
    """Look at a switch, at the newest ones and at the fronters."""
    story.get(switch, f"{ME}/fronters", f"{SWITCHES}?limit=4&{EVER}")


def closed_fronts(story: Story) -> None:
    """Close the history and the fronters in turn, and look at the current switch as somebody else."""
    switch = cast(story).switch
    path = f"/systems/{story.server.seeded.first.short_id}/switches"
    for key in ("front_history_privacy", "front_privacy"):
        story.ask("PATCH", ME, {"privacy": {key: "private"}})
        story.get(f"{path}/{switch}", f"{path}?{EVER}", who="other")
        story.ask("PATCH", ME, {"privacy": {key: None}})


def fronts_without_members(story: Story) -> None:
    """Delete members who front or fronted, and look at the switches."""
    members, _, switch = cast(story)
    current = story.made(SWITCHES, {"members": [members[2], members[0]], "timestamp": LATE[3]})
    for ref in members[:2]:
        story.ask("DELETE", f"/members/{ref}")
        look(story, f"{SWITCHES}/{switch}")
        story.get(f"{SWITCHES}/{current}")

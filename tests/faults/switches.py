"""Switches: logged in and out of order, paged through, moved, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.recorder import ME, NOWHERE
from tests.faults.sample_entities import create_entities, create_members

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

SWITCHES = f"{ME}/switches"
EARLY = ("2024-03-01T10:00:00.5Z", "2024-01-01T00:00:00+02:00", "2024-03-01T10:00:00Z")
LATE = tuple(f"2100-01-01T00:{minute}:00Z" for minute in ("00", "10", "20", "30"))
EVER = "before=2200-01-01T00:00:00Z"
UNKNOWN = "zzzzz"


def logged(recorder: Recorder, members: list[str]) -> list[str]:
    """Log switches, three of them in the past, and return their UUIDs."""
    lists = [members[:2], [members[2]], [members[0].upper()], [], members[:3], members[3:4]]
    bodies: list[dict[str, object]] = [{"members": names} for names in lists]
    for body, time in zip(bodies, EARLY, strict=False):
        body["timestamp"] = time
    return [recorder.create(SWITCHES, body) for body in bodies]


def switches(recorder: Recorder) -> None:
    """Log switches, page through them, and change the time and the members of one."""
    recorder.get(f"{ME}/fronters", SWITCHES)
    members = create_members(recorder, 4)
    first = f"{SWITCHES}/{(ids := logged(recorder, members))[0]}"
    recorder.get(first, f"{ME}/fronters", SWITCHES, f"{SWITCHES}?limit=2", f"{SWITCHES}?limit=0")
    for before in ("2024-03-01T10:00:00Z", "2024-03-01T12:00:00%2B02:00", "2024-03-01T10:00:00.7Z"):
        recorder.get(f"{SWITCHES}?before={before}")
    recorder.send("PATCH", first, {"timestamp": "2024-03-02T10:00:00Z"})
    recorder.send("PATCH", f"{first}/members", [members[2], members[1]])
    recorder.send("PATCH", f"{SWITCHES}/{ids[0].upper()}/members", [])
    recorder.get(first, SWITCHES)
    recorder.send("DELETE", f"{SWITCHES}/{ids[-1]}")
    recorder.get(f"{ME}/fronters", SWITCHES, f"{SWITCHES}/{ids[-1]}")
    for names in (members[3:4], []):
        recorder.send("POST", SWITCHES, {"members": names})
    recorder.get(f"{ME}/fronters")


def switches_beside_others(recorder: Recorder) -> None:
    """Log switches without members, of one second and before 1970; change old ones, and read the current one."""
    one, two = create_members(recorder, 2)
    old = recorder.create(SWITCHES, {"members": [one], "timestamp": EARLY[2]})
    writes: tuple[tuple[str, str, object], ...] = (
        ("POST", SWITCHES, {"members": [two], "timestamp": "2024-03-01T10:00:00.25Z"}),
        ("POST", SWITCHES, {"members": [two], "timestamp": "1965-03-01T10:00:00Z"}),
        ("POST", SWITCHES, {"members": [one], "timestamp": "1965-03-01T10:00:00.000Z"}),
        ("POST", SWITCHES, {"members": [one], "timestamp": LATE[0]}),
        ("PATCH", f"{SWITCHES}/{old}", {"timestamp": "1965-04-01T10:00:00Z"}),
        ("PATCH", f"{SWITCHES}/{old}/members", [two]),
        ("PATCH", f"{SWITCHES}/{old}/members", []),
        ("POST", SWITCHES, {"members": [], "timestamp": LATE[1]}),
        ("POST", SWITCHES, {"members": [], "timestamp": LATE[2]}),
    )
    for method, where, body in writes:
        recorder.send(method, where, body)
        read_switches(recorder, f"{SWITCHES}/{old}")
    recorder.get(f"{SWITCHES}?limit=2&before={LATE[1]}")


def rejected_switches(recorder: Recorder) -> None:
    """Send switches that are rejected, and read unknown ones."""
    members = create_members(recorder, 4)
    first = f"{SWITCHES}/{logged(recorder, members)[0]}"
    for body in (
        {"members": members[3:4]},
        {"members": [members[0], members[0]]},
        {"members": [NOWHERE]},
        {"members": [], "timestamp": "2024-01-01T00:00:00+02:00"},
        {"members": [], "timestamp": "yesterday"},
        {"members": recorder.foreign("members")},
        {},
    ):
        recorder.send("POST", SWITCHES, body)
    for time in (EARLY[0], "2024-03-01T10:00:00Z"):
        recorder.send("PATCH", first, {"timestamp": time})
    recorder.send("PATCH", first, {})
    recorder.send("PATCH", f"{first}/members", members[1::-1])
    for names in ([members[0]] * 2, [NOWHERE], recorder.foreign("members"), members[2:0:-1]):
        recorder.send("PATCH", f"{first}/members", names)
    recorder.get(f"{SWITCHES}/{NOWHERE}", f"{SWITCHES}/none", first)


def foreign_switches(recorder: Recorder) -> None:
    """Read switches under a system that they do not belong to, and try to change them."""
    own = create_entities(recorder).switch
    other = f"/systems/{recorder.server.seeded.second.short_id}/switches"
    foreign = recorder.server.seeded.second.switches[-1].uuid
    recorder.get(f"{SWITCHES}/{foreign}", f"{other}/{own}", f"{other}?limit=101")
    recorder.get(f"{other}?{EVER}")
    recorder.get(f"{other}?limit=2&before=2030-01-01T00:00:00Z", f"{other}/{foreign}", other)
    for where in (SWITCHES, other):
        recorder.send("PATCH", f"{where}/{foreign}", {"timestamp": EARLY[0]})
        recorder.send("PATCH", f"{where}/{foreign}/members", [])
        recorder.send("DELETE", f"{where}/{foreign}")
    recorder.send("POST", other, {"members": []})


def moved_switches(recorder: Recorder) -> None:
    """Log switches in the future, where there are no others; move, change and delete them.

    The members are in the order of their ids, so that another order shows.
    """
    one, two, three = sorted(create_members(recorder, 3))
    first, second = (
        f"{SWITCHES}/{recorder.create(SWITCHES, {'members': names, 'timestamp': time})}"
        for names, time in (([one], LATE[0]), ([two, three], LATE[1]))
    )
    recorder.send("PATCH", f"/members/{two}", {"name": "Renamed"})
    read_switches(recorder, second)
    recorder.send("PATCH", second, {"timestamp": "1999-01-01T00:00:00Z"})
    read_switches(recorder, second)
    third = f"{SWITCHES}/{recorder.create(SWITCHES, {'members': [three], 'timestamp': LATE[1]})}"
    writes: tuple[tuple[str, str, object], ...] = (
        ("POST", SWITCHES, {"members": [recorder.uuid(f"/members/{three}")], "timestamp": LATE[2]}),
        ("POST", SWITCHES, {"members": [recorder.uuid(f"/members/{one}"), two]}),
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
        recorder.send(method, where, body)
        read_switches(recorder, third)
    recorder.get(f"{SWITCHES}?limit=100", f"{SWITCHES}?before={LATE[0]}")


def read_switches(recorder: Recorder, switch: str) -> None:
    """Read a switch, the newest ones and the fronters."""
    recorder.get(switch, f"{ME}/fronters", f"{SWITCHES}?limit=4&{EVER}")


def closed_fronts(recorder: Recorder) -> None:
    """Make the history and the fronters private in turn, and read the current switch as another user."""
    switch = create_entities(recorder).switch
    path = f"/systems/{recorder.server.seeded.first.short_id}/switches"
    for key in ("front_history_privacy", "front_privacy"):
        recorder.send("PATCH", ME, {"privacy": {key: "private"}})
        recorder.get(f"{path}/{switch}", f"{path}?{EVER}", who="other")
        recorder.send("PATCH", ME, {"privacy": {key: None}})


def fronts_without_members(recorder: Recorder) -> None:
    """Delete members who front or fronted, and read the switches."""
    members, _, switch = create_entities(recorder)
    both = [members[2], recorder.uuid(f"/members/{members[2]}")]
    recorder.send("POST", SWITCHES, {"members": both, "timestamp": LATE[3]})
    current = recorder.create(SWITCHES, {"members": [members[2], members[0]], "timestamp": LATE[3]})
    for ref in members[:2]:
        recorder.send("DELETE", f"/members/{ref}")
        read_switches(recorder, f"{SWITCHES}/{switch}")
        recorder.get(f"{SWITCHES}/{current}")


def switches_by_system_refs(recorder: Recorder) -> None:
    """Take a switch through all writes under each name of its system."""
    members, system = create_members(recorder, 2), recorder.server.seeded.first
    for number, ref in enumerate((system.short_id, system.uuid, system.accounts[0])):
        below = f"/systems/{ref}/switches"
        time = f"2024-02-0{number + 1}T00:00:00Z"
        own = f"{below}/{recorder.create(below, {'members': members[:1], 'timestamp': time})}"
        recorder.send("PATCH", own, {"timestamp": time.replace("T00", "T01")})
        recorder.send("PATCH", f"{own}/members", members[1:])
        recorder.send("DELETE", own)

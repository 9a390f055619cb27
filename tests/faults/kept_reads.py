"""Reads that are sent before and after each write that shows in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.recorder import ME
from tests.faults.sample_entities import create_groups, create_members

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder


def reads_around_writes(recorder: Recorder) -> None:
    """Read everything before the first write, and after each."""
    members, groups = create_members(recorder, 3), create_groups(recorder)
    switch = f"{ME}/switches/{recorder.create(f'{ME}/switches', {'members': members[:1]})}"
    member, group = f"/members/{members[1]}", f"/groups/{groups[1]}"
    lists = (f"{ME}/members", f"{ME}/groups", f"{ME}/groups?with_members=true", f"{ME}/switches")
    below = (f"{group}/members", f"{member}/groups")
    every = (ME, *lists, *below, member, group, f"{ME}/fronters", switch)
    recorder.get(*every)
    recorder.send("PATCH", ME, {"description": "another"})
    for path, ref in ((f"{group}/members", members[1]), (f"{member}/groups", groups[1])):
        for verb in ("add", "remove", "overwrite"):
            recorder.get(*every)
            recorder.send("POST", f"{path}/{verb}", [ref])
        recorder.get(*every)
        recorder.send("POST", f"{path}/overwrite", [])
    recorder.get(*every)
    for path in ("/members", "/groups"):
        recorder.create(path, {"name": "New"})
        recorder.get(*every)
    recorder.send("PATCH", f"{switch}/members", members[1:2])
    recorder.send("POST", f"{group}/members/add", members[1:2])
    for path in (member, group):
        recorder.get(*every)
        recorder.send("PATCH", path, {"name": "Renamed"})
    recorder.get(*every)
    recorder.send("PATCH", switch, {"timestamp": "2024-01-01T00:00:00Z"})
    recorder.get(*every)
    recorder.create(f"{ME}/switches", {"members": members[2:3]})
    for path in (switch, group, member):
        recorder.get(*every)
        recorder.send("DELETE", path)
    recorder.get(*every)

"""Values of query parameters, headers and timestamps: every class of the table of inputs, in each operation that has the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from conformance.contract import inputs, load
from tests.faults.recorder import ME
from tests.faults.sample_entities import create_entities

if TYPE_CHECKING:
    from conformance.contract import Operation
    from conformance.contract.inputs import Cell
    from tests.faults.recorder import Recorder

TIMES = ("2013-02-03T04:05:06Z", "2013-02-03T04:06:06Z", "2013-02-03T04:07:06Z")
# The same for both servers of a comparison.
NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
PATHS = {"getSystemSwitches": f"{ME}/switches", "getSystemGroups": f"{ME}/groups"}


def queries(recorder: Recorder) -> None:
    """Log switches and fill a group, and send every class of values."""
    members = create_entities(recorder).members
    for number, time in enumerate(TIMES):
        recorder.send(
            "POST", f"{ME}/switches", {"members": members[: number % 2 + 1], "timestamp": time}
        )
    for cell in inputs.cells(load(recorder.server.revision.name), inputs.QUERY):
        path, query = PATHS.get(cell.operation.id, f"{ME}/autoproxy"), query_of(cell, recorder)
        body = {"autoproxy_mode": "off"} if cell.operation.writes else None
        recorder.send(cell.operation.method, f"{path}?{urlencode(query, doseq=True)}", body)


def timestamps(recorder: Recorder) -> None:
    """Send every class of timestamps in a new switch, and in moves of one."""
    member = create_entities(recorder).members[0]
    first = f"{ME}/switches/{recorder.create(f'{ME}/switches', {'members': [member], 'timestamp': TIMES[0]})}"
    for number, cell in enumerate(inputs.cells(load(recorder.server.revision.name), inputs.TIME)):
        form = cell.input_class.sample
        time = cell.input_class.value if form is None else moment(number).strftime(form)
        if cell.operation.writes and cell.operation.id == "createSwitch":
            recorder.send("POST", f"{ME}/switches", {"members": [member], "timestamp": time})
        else:
            recorder.send("PATCH", first, {"timestamp": time})
            recorder.get(first)


def moment(number: int) -> datetime:
    """Return a time in an hour of its own."""
    return datetime(2012, 5, 6, 7, 8, tzinfo=UTC) + timedelta(hours=number)


def headers(recorder: Recorder) -> None:
    """Send every class of values of headers that the operation of a cell gets."""
    entities = create_entities(recorder)
    member, group = f"/members/{entities.members[0]}", f"/groups/{entities.groups[0]}"
    guild, switch = recorder.server.seeded.guild_id, f"{ME}/switches/{entities.switch}"
    named = {"systemId": "@me", "guildId": guild, "memberId": entities.members[0]}
    named |= {"groupId": entities.groups[0], "switchId": entities.switch, "messageId": "1"}
    for cell in inputs.cells(load(recorder.server.revision.name), inputs.HEADER):
        one, operation = cell.input_class, cell.operation
        token = recorder.tokens["owner"]
        value = one.sample.replace("{{token}}", token) if one.sample else one.value
        query = f"?guild_id={guild}" if operation.entity == "AutoproxySettings" else ""
        body = body_of(operation, entities.members[0], entities.groups[0])
        path = operation.url_path(named) + query
        recorder.send(operation.method, path, body, **{cell.where: value})
        recorder.get(ME, member, group, switch, f"{member}/groups", f"{group}/members")
        recorder.get(f"{ME}/switches", f"{ME}/settings", f"{ME}/autoproxy?guild_id={guild}")
        recorder.get(f"{ME}/groups", f"{ME}/members", f"{ME}/guilds/{guild}")


def body_of(operation: Operation, member: str, group: str) -> object:
    """Return a valid body that changes something, None where the operation takes none."""
    if operation.request_schema is None:
        return None
    lists: dict[str, object] = {"MemberGroups": [group], "GroupMembers": [member]}
    bodies: dict[str, object] = {
        "createMember": {"name": "new"},
        "createGroup": {"name": "new"},
        "createSwitch": {"members": [], "timestamp": TIMES[1]},
        "updateSwitch": {"timestamp": TIMES[2]},
        "updateSwitchMembers": [],
        "updateSystemSettings": {"latch_timeout": 77},
        "updateAutoproxy": {"autoproxy_mode": "latch"},
    }
    changed = {"description": "changed", "display_name": "changed"}
    return bodies.get(operation.id, lists.get(operation.entity, changed))


def query_of(cell: Cell, recorder: Recorder) -> dict[str, object]:
    """Return the query that has the value of a cell."""
    guild = recorder.server.seeded.guild_id
    samples: dict[str | None, object] = {
        "now": NOW,
        "at-the-third": TIMES[2],
        "with-fraction": "2013-02-03T04:06:00.250Z",
        "with-offset": "2013-02-03T06:06:00+02:00",
        "guild": guild,
        "guild-twice": [guild, guild],
        None: cell.input_class.value,
    }
    value = samples.get(cell.input_class.sample)
    beside: dict[str, object] = {"guild_id": guild} if cell.where == "channel_id" else {}
    return beside if value is None else {**beside, cell.where: value}

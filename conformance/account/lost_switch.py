"""Finds the switch whose creation was sent, but got no response, before a run was killed: a switch has no name to tell it by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from conformance.http import ME, Inconclusive

if TYPE_CHECKING:
    from conformance.account.journal import Record
    from conformance.http import Caller

CANDIDATES = "5"  # switches to look at
SECOND = dt.timedelta(seconds=1)  # by which a server may round the time of a switch
LATEST = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)  # a time to which no more can be added


def lost_switch(record: Record, owner: Caller) -> list[str]:
    """Return the id of the switch, if there is one: it has the time and the members that were sent."""
    if record.creating is None or record.creating[0] != "switch":
        return []
    sent = record.creating[1]
    moment = _moment(sent.get("timestamp"))
    query = {"limit": CANDIDATES}
    if moment is not None:
        later = moment if moment > LATEST else moment + 2 * SECOND
        query["before"] = later.isoformat().replace("+00:00", "Z")
    try:
        switches = _rows(owner, "getSystemSwitches", query)
        names = _names(_rows(owner, "getSystemMembers", None))
    except Inconclusive:
        return []
    known = {ref for kind, ref in record.created if kind == "switch"}
    known |= {str(row.get("id")) for row in record.snapshot["rows"].get("switches", ())}
    sent_members = sorted(names.get(_plain(ref), "") for ref in _listed(sent))
    return [
        str(row.get("id"))
        for row in switches
        if str(row.get("id")) not in known
        and sorted(map(str, _listed(row))) == sent_members
        and (moment is None or _is_near(row.get("timestamp"), moment))
    ][:1]


def _listed(switch: dict[str, Any]) -> list[Any]:
    """Return the members of a switch; none where they are no list, as in bodies with mistakes."""
    members = switch.get("members")
    return members if isinstance(members, list) else []


def _names(members: list[dict[str, Any]]) -> dict[str, str]:
    """Return the short id of each member by each of its ids."""
    return {_plain(row.get(key)): str(row.get("id")) for row in members for key in ("id", "uuid")}


def _plain(ref: object) -> str:
    return str(ref).lower().replace("-", "")


def _rows(owner: Caller, operation: str, query: dict[str, str] | None) -> list[dict[str, Any]]:
    body = owner.send(operation, ME, query=query).json
    return [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []


def _moment(text: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _is_near(text: object, moment: dt.datetime) -> bool:
    shown = _moment(text)
    return shown is not None and abs(shown - moment) <= SECOND

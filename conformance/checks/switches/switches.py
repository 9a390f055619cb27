"""What switches are, and how they are logged (docs: models#switch-model, endpoints#create-switch).

How they are changed and deleted is in `switches.changes`, how they and their system are named in a path in `switches.paths`,
pages of the list are in `switches.pages` and `long_history`, a private history is in `privacy.lists`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.shown_switches import expect_objects, shown
from conformance.scenarios.switch_history import SwitchHistory, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity
    from conformance.contract import Contract

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
A_MINUTE = dt.timedelta(minutes=1)
# Which step of the history shows what each operation returns.
SHOWN = {
    "getSystemSwitches": "list",
    "getFronters": "fronters",
    "createSwitch": "now",
    "getSwitch": "read short id",
    "updateSwitch": "move",
    "updateSwitchMembers": "members short id",
}
FORMS = ("short id", "uuid")
HTTP_BAD_REQUEST = 400
LISTED_MEMBER = 20003
TAKEN = 40005
UNKNOWN_AT_LAUNCH = 20002  # what PluralKit production of 2021 says of an unknown member in a switch


def places(_: Contract) -> Iterator[Row]:
    """Rows for the operations that return switches."""
    return (Row(step, operation) for operation, step in SHOWN.items())


def forms(_: Contract) -> Iterator[Row]:
    """Rows for the two ways to name a member in a body."""
    return (Row(form, form.replace(" ", "-")) for form in FORMS)


@requirement("switch-id-uuid")
@each("step", places)
def check_id_is_a_uuid(step: str, history: SwitchHistory) -> None:
    """The id of a switch is a UUID."""
    exchange = history.response(step)
    for row in shown(exchange):
        actual = row.get("id")
        holds = isinstance(actual, str) and UUID.fullmatch(actual) is not None
        expect("id", holds=holds, expected=Wording("a UUID"), actual=actual, exchange=exchange)


@requirement("switch-timestamp-datetime")
@each("step", places)
def check_timestamp_is_a_date_and_time(step: str, history: SwitchHistory) -> None:
    """The timestamp of a switch is a date and time."""
    exchange = history.response(step)
    for row in shown(exchange):
        actual = row.get("timestamp")
        expect(
            "timestamp",
            holds=moment(actual) is not None,
            expected=Wording("a date and time after RFC 3339"),
            actual=actual,
            exchange=exchange,
        )


@requirement("switch-members-ids-or-objects")
@each("step", places)
def check_members_are_ids_or_objects(step: str, history: SwitchHistory) -> None:
    """The members of a switch are a list of ids or of member objects."""
    exchange = history.response(step)
    for row in shown(exchange):
        members = row.get("members")
        kinds = {type(one) for one in members} if isinstance(members, list) else {None}
        expect(
            "members",
            holds=kinds in (set(), {str}, {dict}),
            expected=Wording("a list of ids or of objects"),
            actual=members,
            exchange=exchange,
        )


@requirement("switch-members-ids-in-list")
def check_list_shows_ids(history: SwitchHistory, two_members: tuple[Entity, Entity]) -> None:
    """The switches of a list name their members by id."""
    exchange = history.response("list")
    rows = {row.get("id"): row.get("members") for row in shown(exchange)}
    ids = {ref for member in two_members for ref in (member.id, member.uuid)}
    for step in FORMS:
        if history.switch(step).id not in rows:
            reason = "the list does not show the switch"
            raise PreconditionFailed(reason, exchange)
        actual = rows[history.switch(step).id]
        expect(
            "members of a switch",
            holds=isinstance(actual, list) and bool(actual) and set(map(str, actual)) <= ids,
            expected=Wording("ids of members"),
            actual=actual,
            exchange=exchange,
        )


@requirement("switch-members-objects-in-fronters")
def check_fronters_are_objects(history: SwitchHistory) -> None:
    """The current fronters are member objects."""
    exchange = history.response("fronters")
    expect_objects(exchange, need_object(exchange))

"""A member who fronts and is given another name meanwhile (docs: endpoints#update-member, #get-current-system-fronters).

How switches are logged and changed is tested in `switches`; what becomes of a fronter who is deleted, in `deletion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import table_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect_value, need_object, need_success

if TYPE_CHECKING:
    from conformance.scenarios.renamed_fronter import RenamedFronter

PLACES = ("getFronters", "getSwitch")


@requirement("update-member-persists")
@each("operation", table_of(PLACES))
def check_fronter_has_the_new_name(operation: str, renamed_fronter: RenamedFronter) -> None:
    """A member who was given another name while fronting has it among the fronters, and in the switch."""
    need_success(renamed_fronter.renamed())
    exchange = renamed_fronter.shown(operation)
    body = need_object(exchange)
    if body.get("id") != renamed_fronter.logged().id:
        reason = "the new switch did not become the current one"
        raise PreconditionFailed(reason, exchange)
    rows = body.get("members")
    shown = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    names = [row.get("name") for row in shown if row.get("id") == renamed_fronter.member.id]
    if not names:
        reason = f"{exchange.label} shows no object of the member"
        raise PreconditionFailed(reason, exchange)
    expect_value(exchange, "names of the member", names, [renamed_fronter.name])

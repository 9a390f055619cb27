"""Every class of values of `with_members` (docs: endpoints#get-system-groups), by the table of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http import ME
from conformance.http.assertions import expect
from conformance.http.outcomes import Wording
from conformance.scenarios.input_answers import expect_answer, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http import Caller
    from conformance.scenarios.shown_entities import ShownEntities

WITH = "true"


def flags(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of `with_members`."""
    return rows(contract, inputs.QUERY, "with_members")


@requirement("errors-are-4xx-json", "get-groups-returns-list")
@each("cell", flags)
def check_with_members_of_each_class(
    cell: Cell, populated: ShownEntities, owner: Caller, contract: Contract
) -> None:
    """Groups are listed with their members for true, and without for false or nothing; whatever it is, a success is a list of groups."""
    value = cell.input_class.value
    query = {} if value is None else {"with_members": value}
    exchange = owner.send("getSystemGroups", ME, query=query)
    expect_answer(cell, exchange, contract)
    if not exchange.ok:
        return
    listed = exchange.json if isinstance(exchange.json, list) else []
    group = populated.groups[0].id
    expect(
        "the list",
        holds=group in [row.get("id") for row in listed if isinstance(row, dict)],
        expected=Wording("a list of groups"),
        actual=exchange.json,
        exchange=exchange,
        violates=("get-groups-returns-list",),
    )
    if cell.input_class.answer == "accepted":
        having = [row.get("id") for row in listed if "members" in row]
        wanted = [row.get("id") for row in listed] if value == WITH else []
        expect(
            f"groups with members, with_members={value}",
            holds=having == wanted,
            expected=wanted,
            actual=having,
            exchange=exchange,
            violates=cell.rules(contract),
        )

"""Every class of values of `guild_id` and `channel_id` (docs: endpoints#get-system-autoproxy-settings), by the table of inputs.

What is written is the mode that the autoproxy has, so that nothing changes wherever it is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http.assertions import expect, need_object
from conformance.http.client import NO_BODY
from conformance.http.outcomes import Wording
from conformance.scenarios.input_answers import expect_answer, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http.client import Query
    from conformance.scenarios.autoproxy_patches import AutoproxyPatches

MODE = "autoproxy_mode"


def guilds(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of both parameters, in each operation."""
    return rows(contract, inputs.QUERY, "guild_id", "channel_id")


def query_of(cell: Cell, guild: str) -> Query:
    """Return the query: a channel comes with the guild."""
    sent = cell.input_class
    made: dict[str, dict[str, Any]] = {
        "absent": {},
        "guild": {cell.where: guild},
        "guild-twice": {cell.where: [guild, guild]},
    }
    given: dict[str, Any] = {cell.where: sent.value} if sent.sample is None else made[sent.sample]
    return given if cell.where == "guild_id" else {"guild_id": guild, **given}


@requirement("errors-are-4xx-json")
@each("cell", guilds)
def check_guild_of_each_class(
    cell: Cell, account: Account, autoproxy_patches: AutoproxyPatches, contract: Contract
) -> None:
    """A guild or a channel is rejected as its class says; whatever it is, a success shows the autoproxy there."""
    mode = need_object(autoproxy_patches.first).get(MODE)
    body = {MODE: mode} if cell.operation.writes else NO_BODY
    query = query_of(cell, autoproxy_patches.guild)
    exchange = account.owner.send(cell.operation.id, query=query, json=body)
    expect_answer(cell, exchange, contract)
    if exchange.ok:
        expect(
            f"the autoproxy of {exchange.label}",
            holds=isinstance(exchange.json, dict) and MODE in exchange.json,
            expected=Wording("an object with its mode"),
            actual=exchange.json,
            exchange=exchange,
            violates=cell.rules(contract),
        )

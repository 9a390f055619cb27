"""The own token in forms that the docs do not ask for: whether it counts is open (docs: reference#authentication)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http import ME
from conformance.http.assertions import expect_value
from conformance.scenarios.input_answers import expect_answer, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http import Caller

TOKEN = "{{token}}"  # noqa: S105 - what stands for it in the table


def forms(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of the header Authorization."""
    return rows(contract, inputs.HEADER, inputs.AUTHORIZATION)


@requirement("errors-are-4xx-json")
@each("cell", forms)
def check_token_in_another_form(
    cell: Cell, owner: Caller, account: Account, contract: Contract
) -> None:
    """With a scheme word, twice or in quotes the token is that of its system, or is rejected."""
    form = str(cell.input_class.sample)
    value = form.replace(TOKEN, owner.token or "")
    caller = owner.with_token(value, "owner", shown=form.replace(TOKEN, "$PK_TOKEN"))
    exchange = caller.send(cell.operation.id, ME)
    expect_answer(cell, exchange, contract)
    if exchange.ok:
        shown = exchange.json.get("id") if isinstance(exchange.json, dict) else None
        expect_value(exchange, "the system", shown, account.system_id)

"""What the status of a response must be by the class of input that was sent. What a success must show is up to the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract import inputs
from conformance.contract.rows import Row
from conformance.http.assertions import described, expect, expect_error
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange

SERVER_ERROR = 500


def rows(contract: Contract, place: str, *wheres: str) -> Iterator[Row]:
    """Rows for the cells of one kind of place that get a check, of these keys or parameters."""
    for cell in inputs.cells(contract, place):
        if cell.where in wheres and not cell.because:
            yield Row(cell, cell.name, cell.rules(contract), cells=(cell,))


def expect_answer(cell: Cell, exchange: Exchange, contract: Contract) -> None:
    """The status is one that the docs allow for this class of input; no input gives a server error.

    Checks that call this name `errors-are-4xx-json`.
    """
    of_class, rules = cell.input_class, cell.rules(contract)
    as_upstream = cell.is_as_upstream(exchange.status, contract.revision)
    wanted = {
        "accepted": exchange.ok,
        "rejected": exchange.status in of_class.status,
        "open": exchange.status is not None and exchange.status < SERVER_ERROR,
    }
    failed = exchange.status is None or exchange.status >= SERVER_ERROR
    expect(
        f"{exchange.label} with {of_class.text[0].lower()}{of_class.text[1:-1]} as {cell.where}",
        holds=wanted[of_class.answer],
        expected=Wording(_wanted(cell)),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=as_upstream,
        violates=("errors-are-4xx-json",) if failed and of_class.answer != "accepted" else rules,
    )
    if of_class.code and exchange.status is not None:
        expect_error(exchange, exchange.status, of_class.code)


def _wanted(cell: Cell) -> str:
    of_class = cell.input_class
    if of_class.answer == "rejected":
        return f"status {' or '.join(map(str, of_class.status))}"
    return "accepted" if of_class.answer == "accepted" else "accepted or rejected, no server error"

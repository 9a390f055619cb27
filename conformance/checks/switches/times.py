"""Every class of timestamps of switches (docs: models#switch-model), by the table of inputs.

Times with an offset, and those of another switch, are in `switches.creation` and `switches.changes`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http.assertions import expect, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.input_answers import expect_answer, rows
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http import Exchange
    from conformance.scenarios.switch_times import SwitchTimes

A_SECOND = dt.timedelta(seconds=1)


def times(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of timestamps, in a new switch and in one that is moved."""
    return rows(contract, inputs.TIME, inputs.TIMESTAMP)


@requirement("errors-are-4xx-json")
@each("cell", times)
def check_timestamp_of_each_class(
    cell: Cell, switch_times: SwitchTimes, contract: Contract
) -> None:
    """A time is that of the switch, whichever digits of a second are kept; what names no time is rejected."""
    sent = switch_times.sent(cell)
    expect_answer(cell, sent.response, contract)
    if not sent.response.ok:
        return
    returned, shown, wanted = time_of(sent.response), time_of(sent.after), moment(sent.timestamp)
    expect(
        f"timestamp of a switch at {sent.timestamp!r}",
        holds=returned is not None
        and shown is not None
        and (wanted is None or abs(shown - wanted) < A_SECOND),
        expected=Wording("a time") if wanted is None else sent.timestamp,
        actual=sent.after.json,
        exchange=sent.after,
        violates=cell.rules(contract),
    )


def time_of(exchange: Exchange) -> dt.datetime | None:
    """Return the time of the switch in a response, None where it shows none; raises PreconditionFailed for one without content."""
    body = exchange.json if exchange.text else need_object(exchange)
    return moment(body.get("timestamp")) if isinstance(body, dict) else None

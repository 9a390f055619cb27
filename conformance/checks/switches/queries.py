"""Every class of values of `limit` and `before` (docs: endpoints#get-system-switches), by the table of inputs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http.assertions import expect
from conformance.http.outcomes import Wording
from conformance.scenarios.input_answers import expect_answer, rows
from conformance.scenarios.switch_history import moment
from conformance.scenarios.switch_pages import SWITCHES, Pages, ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http import Exchange

MOST = 100
THIRD, BETWEEN = 2, 1.5  # minutes after the first switch


def limits(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of `limit`."""
    return rows(contract, inputs.QUERY, "limit")


def times(contract: Contract) -> Iterator[Row]:
    """Rows for the classes of `before`."""
    return rows(contract, inputs.QUERY, "before")


def time_sent(cell: Cell, pages: Pages) -> Any:
    """Return the value of `before`, None to leave it out."""
    between = pages.start + dt.timedelta(minutes=BETWEEN)
    there = between + dt.timedelta(hours=2)
    made = {
        "absent": None,
        "now": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "at-the-third": pages.at(THIRD),
        "with-fraction": between.strftime("%Y-%m-%dT%H:%M:%S.250Z"),
        "with-offset": there.strftime("%Y-%m-%dT%H:%M:%S+02:00"),
    }
    sample = cell.input_class.sample
    return cell.input_class.value if sample is None else made[sample]


@requirement("errors-are-4xx-json", "get-switches-returns-list-with-ids")
@each("cell", limits)
def check_limit_of_each_class(cell: Cell, pages: Pages, contract: Contract) -> None:
    """A limit is kept, or rejected, as its class says; whatever it is, a success is a list of the newest switches."""
    value = cell.input_class.value
    query = {"before": pages.at(SWITCHES)} | ({} if value is None else {"limit": value})
    exchange = pages.read(query)
    expect_answer(cell, exchange, contract)
    if not exchange.ok:
        return
    expect_switches(exchange)
    if cell.input_class.shown is not None:
        found = ids(exchange)
        newest = pages.newest_first[: cell.input_class.shown]
        expect(
            f"switches with limit={value}",
            # In which order they stand is for another requirement.
            holds=set(newest) <= set(found)
            and (len(found) == len(newest) or len(newest) == SWITCHES),
            expected=newest,
            actual=found,
            exchange=exchange,
            violates=cell.rules(contract),
        )


@requirement("errors-are-4xx-json", "get-switches-returns-list-with-ids")
@each("cell", times)
def check_before_of_each_class(cell: Cell, pages: Pages, contract: Contract) -> None:
    """A time leaves out what is later, or is rejected, as its class says; whatever it is, a success is a list of switches."""
    known, time = pages.newest_first, time_sent(cell, pages)
    exchange = pages.read({"limit": str(MOST)} | ({} if time is None else {"before": time}))
    expect_answer(cell, exchange, contract)
    if not exchange.ok:
        return
    expect_switches(exchange)
    shown = cell.input_class.shown
    if shown is None:
        return
    found = ids(exchange)
    wanted = known[SWITCHES - shown :]
    own = known[SWITCHES - 1 - THIRD] if cell.input_class.sample == "at-the-third" else None
    ours = [ref for ref in found if ref in known and ref != own]
    expect(
        f"switches with before={time}",
        holds=set(ours) == set(wanted)
        or (len(found) >= MOST and set(ours) == set(wanted[: len(ours)])),
        expected=wanted,
        actual=ours,
        exchange=exchange,
        violates=cell.rules(contract),
    )


def expect_switches(exchange: Exchange) -> None:
    """The response is a list of switches, each with its time and its members."""
    rule = ("get-switches-returns-list-with-ids",)
    listed = exchange.json if isinstance(exchange.json, list) else [None]
    odd = [row for row in listed if not is_switch(row)]
    expected = Wording("a list of switches")
    expect(
        "the list", holds=not odd, expected=expected, actual=odd, exchange=exchange, violates=rule
    )


def is_switch(row: object) -> bool:
    """Whether an entry of a list has the form of a switch."""
    return (
        isinstance(row, dict)
        and isinstance(row.get("id"), str)
        and moment(row.get("timestamp")) is not None
        and isinstance(row.get("members"), list)
    )

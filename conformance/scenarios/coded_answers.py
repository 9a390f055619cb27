"""Compares the response to a cell of the table of inputs with what the table says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.http import PreconditionFailed
from conformance.http.assertions import described, expect
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell, InputClass
    from conformance.http import Exchange


NEEDS_ME = "switch-writes-need-me"
NAMED = ("systemId", "id", "uuid", "other")  # the places in which a path names the system otherwise


def needs_me(cell: Cell, contract: Contract) -> bool:
    """Whether the docs of the revision name no other ref than @me in the place of the cell, nor the response to one."""
    rule = contract.requirements.get(NEEDS_ME)
    return rule is not None and cell.where in NAMED and cell.operation.id in rule.operations


def expect_answer(
    cell: Cell, exchange: Exchange, contract: Contract, *, violates: tuple[str, ...] = ()
) -> None:
    """The response is the one of the table: a status, with the first of them one of the codes; where it is open, no server error.

    A rejection with another status or code refutes only what the docs say of codes.
    """
    wanted, code = cell.input_class, code_of(exchange)
    as_upstream = cell.is_as_upstream(exchange.status, contract.revision, code)
    rejected = exchange.status is not None and httpx.codes.is_client_error(exchange.status)
    if wanted.answer == "open":
        failed = exchange.status is None or httpx.codes.is_server_error(exchange.status)
        _expect(exchange, not failed, "no server error", as_upstream=as_upstream)
        return
    codes = wanted.code or _codes_of_requirements(cell, contract)
    if exchange.status == wanted.status[0] and codes and code is None and not as_upstream:
        reason = f"{exchange.label} returned no integer code, which is for its own requirement"
        raise PreconditionFailed(reason, exchange)
    _expect(
        exchange,
        _fits(wanted, codes, exchange.status, code),
        _documented(wanted, codes),
        as_upstream=as_upstream,
        violates=violates or _violated(cell, contract, rejected=rejected),
    )


def code_of(exchange: Exchange) -> int | None:
    """Return the code of an error object, if it is one."""
    code = exchange.json.get("code") if isinstance(exchange.json, dict) else None
    return code if type(code) is int else None


def _fits(wanted: InputClass, codes: tuple[int, ...], status: int | None, code: int | None) -> bool:
    coded = bool(codes) and status == wanted.status[0]
    return status in wanted.status and (not coded or code in codes)


def _documented(wanted: InputClass, codes: tuple[int, ...]) -> str:
    statuses = [str(status) for status in wanted.status]
    if codes:
        statuses[0] += f" with code {' or '.join(map(str, codes))}"
    return f"status {', or '.join(statuses)}"


def _about_codes(cell: Cell, contract: Contract) -> tuple[str, ...]:
    rules = (contract.requirements[name] for name in cell.rules(contract))
    return tuple(rule.id for rule in rules if rule.kind == "error_code")


def _violated(cell: Cell, contract: Contract, *, rejected: bool) -> tuple[str, ...]:
    """Return the requirements on codes for a rejection with a wrong one, the others for what is no rejection, if there are any."""
    coded = _about_codes(cell, contract)
    return coded if rejected else tuple(r for r in cell.rules(contract) if r not in coded)


def _codes_of_requirements(cell: Cell, contract: Contract) -> tuple[int, ...]:
    about = (contract.requirements[name].about for name in _about_codes(cell, contract))
    return tuple(one["code"] for one in about)


def _expect(
    exchange: Exchange,
    holds: bool,  # noqa: FBT001 - as in `expect`
    expected: str,
    *,
    as_upstream: bool,
    violates: tuple[str, ...] = (),
) -> None:
    code = code_of(exchange)
    shown = described(exchange) if code is None else f"{described(exchange)}, code {code}"
    expect(
        exchange.label,
        holds=holds,
        expected=Wording(expected),
        actual=Wording(shown),
        exchange=exchange,
        as_upstream=as_upstream,
        violates=violates,
    )

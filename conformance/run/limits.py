"""Whether the target limits rates, and what the contract requires of one that does."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.http import Exchange


def shows_limiter(exchange: Exchange) -> bool:
    """Whether a response is that of a server which limits rates."""
    return exchange.status == httpx.codes.TOO_MANY_REQUESTS or any(
        name.lower().startswith("x-ratelimit-") for name in exchange.headers
    )


@functools.cache
def requiring_limits(contract: Contract) -> Contract:
    """Return the contract with limits that the docs only announce as MUST requirements."""
    rows = {
        row.id: dataclasses.replace(row, level="must")
        if row.level == "unimplemented" and "rate_limit" in row.needs
        else row
        for row in contract.requirements.values()
    }
    return dataclasses.replace(contract, requirements=rows)

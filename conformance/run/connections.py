"""How a run connects to its target: the pace that it keeps, and the callers that have a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.http import Caller, Client, Guard
from conformance.http.pacing import ALL_SCOPES, Pace
from conformance.target import inspect_limited

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.http import Redactor
    from conformance.target import Target


def pace(target: Target, contract: Contract, rate: float | None) -> Pace:
    """Return the pace to keep: the user's rate (requests a second), else the documented rates unless the target is local."""
    if rate is not None:
        return Pace({ALL_SCOPES: rate})
    rates = {} if target.is_loopback else contract.rate_limits
    return Pace(rates, documented=contract.rate_limits)


def client_of(
    target: Target,
    redactor: Redactor,
    pace: Pace | None,
    *,
    guard: Guard | None = None,
    base_url: str | None = None,
) -> Client:
    """Return a client that reaches the target, or another base URL of it, as the tester says, with a guard of its own unless one is given."""
    return Client(
        base_url or target.base_url,
        redactor=redactor,
        guard=guard or Guard(),
        pace=pace,
        connection=target.connection,
    )


def owner_and_other(target: Target, contract: Contract, client: Client) -> tuple[Caller, Caller]:
    """Return the owner of the system under test, and that of the other system; without its token it is anonymous."""
    owner = Caller("owner", contract, client, target.token)
    return owner, Caller("other", contract, client, target.other_token)


def inspect_limited_instance(target: Target, contract: Contract, redactor: Redactor) -> None:
    """Check that the instance for rate limits is there, if the target file names one.

    Raises:
        PreflightError: it is not, or does not know the token.

    """
    if target.rate_limit_url is not None:
        client = client_of(target, redactor, None, base_url=target.rate_limit_url)
        inspect_limited(target, owner_and_other(target, contract, client)[0])
        client.close()

"""The Discord account that names a system in a path (docs: endpoints#systems). It needs `account_id` in the target file.

That the owner can read and change the system by it is tested in `ids`, that of switches in `switches.paths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import requirement
from conformance.http import NotApplicable
from conformance.http.assertions import expect, expect_status, expect_value, need_object
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Caller
    from conformance.target import Target


@pytest.fixture(scope="session")
def discord_id(target: Target) -> str:
    """The account that is linked to the system."""
    ref = target.fixtures.get("account_id")
    if ref is None or not ref.isdecimal():
        reason = "needs account_id in [fixtures] of the target file"
        raise NotApplicable(reason)
    return ref


@requirement("systemref-discord-id")
def check_account_is_found_without_token(
    discord_id: str, anonymous: Caller, account: Account
) -> None:
    """A system is found by its account without a token, too."""
    exchange = anonymous.send("getSystem", {"systemId": discord_id})
    expect_status(exchange, 200)
    expect_value(exchange, "id", need_object(exchange).get("id"), account.system_id)


@requirement("systemref-discord-id")
def check_next_account_is_another(discord_id: str, owner: Caller, account: Account) -> None:
    """The account whose id differs in the last digit alone is not that of the system; it may be of no system."""
    exchange = owner.send("getSystem", {"systemId": str(int(discord_id) ^ 1)})
    body = exchange.json if exchange.ok and isinstance(exchange.json, dict) else {}
    expect(
        "system that is found by another account",
        holds=body.get("id") != account.system_id,
        expected=Wording("another one, or none"),
        actual=body.get("id"),
        exchange=exchange,
    )

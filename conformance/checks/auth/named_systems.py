"""A write to a system needs a token, also where the path names the system by its id (docs: reference#authentication).

At the launch nothing was written under another name than @me.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http.assertions import expect_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract

LAUNCH = "2021-11"
UNAUTHORIZED, FORBIDDEN = 401, 403
RULES = {
    "missing": ("auth-missing-gives-401", "auth-401-for-writes", "err-0-401"),
    "unknown": ("auth-invalid-gives-401",),
}


def tokens(contract: Contract) -> Iterator[Row]:
    """Rows for no token, and one that belongs to nobody."""
    for kind, rules in RULES.items() if contract.revision != LAUNCH else ():
        yield Row(kind, kind, rules)


@each("kind", tokens)
def check_write_to_a_named_system_needs_a_token(kind: str, account: Account) -> None:
    """PATCH of a system that is named by its short id returns 401 without a valid token."""
    caller = account.anonymous
    if kind == "unknown":
        caller = caller.with_token(account.unknown_token(), "anonymous", shown="$UNKNOWN_TOKEN")
    body = {"description": account.old_system().get("description")}
    exchange = caller.send("updateSystem", {"systemId": account.system_id}, json=body)
    expect_status(exchange, UNAUTHORIZED, as_upstream=exchange.status == FORBIDDEN)

"""A PATCH of the autoproxy settings that sets nothing is rejected like every other (docs: models#models)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.http.assertions import expect_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.target import Target

BAD_REQUEST = 400
LENIENT = ("off", "front")  # modes in which PluralKit production takes it
BODIES: dict[str, dict[str, Any]] = {
    "patch-empty-object-400": {},
    "patch-no-valid-key-400": {"conformance_unknown_key": 1},
}


def bodies(contract: Contract) -> Iterator[Row]:
    """Rows for each such body, where the revision says that it is rejected."""
    for rule, body in BODIES.items():
        if "updateAutoproxy" in contract.operations and rule in contract.requirements:
            yield Row(body, rule, (rule, "patch-needs-a-valid-key"))


@each("body", bodies)
def check_autoproxy_patch_without_valid_key_is_400(
    body: dict[str, Any], account: Account, target: Target
) -> None:
    """A PATCH of the autoproxy settings that holds no key that can be set returns 400."""
    if "guild_id" not in target.fixtures:
        reason = "needs guild_id in [fixtures] of the target file"
        raise NotApplicable(reason)
    query = {"guild_id": target.fixtures["guild_id"]}
    exchange = account.owner.send("updateAutoproxy", ME, json=body, query=query)
    shown = exchange.json if exchange.ok and isinstance(exchange.json, dict) else {}
    expect_status(exchange, BAD_REQUEST, as_upstream=shown.get("autoproxy_mode") in LENIENT)

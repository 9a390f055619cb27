"""A switch has each member once, however the body names it (docs: errors#json-error-codes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http import ME
from conformance.http.assertions import described, expect
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.account import Account

DUPLICATE, BAD_REQUEST = 40003, 400
SOME_TIME = "2013-05-05T05:05:05Z"


@requirement("err-40003")
def check_member_by_both_ids_is_rejected(account: Account) -> None:
    """A new switch that names one member by the short id and by the UUID returns 400 with code 40003."""
    member = account.member()
    body = {"members": [member.id, member.uuid], "timestamp": SOME_TIME}
    exchange = account.owner.send("createSwitch", ME, json=body)
    account.adopt("switch", body, exchange)
    shown = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        exchange.label,
        holds=(exchange.status, shown.get("code")) == (BAD_REQUEST, DUPLICATE),
        expected=Wording("status 400 with code 40003"),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=exchange.ok,
    )

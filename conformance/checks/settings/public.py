"""What others than the owner see of a system's settings (docs: models#public-system-settings-model)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.checks.settings.settings import fits
from conformance.contract.equivalence import same
from conformance.contract.rows import Row
from conformance.http.assertions import expect, expect_status, need_object, need_success
from conformance.scenarios.system_settings import MODEL, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange

PUBLIC_MODEL = "PublicSystemSettings"
OTHERS = ("anonymous", "other")
NOT_FOUND = 404


def viewers(_: Contract) -> Iterator[Row]:
    """Rows for those who see the public settings alone."""
    for caller in OTHERS:
        rules = ("public-settings-for-foreign-token",) if caller == "other" else ()
        yield Row(caller, caller, rules)


class Views:
    """How others see the settings, each asked once, and how the owner sees them."""

    def __init__(self, account: Account, callers: Mapping[str, Callable[[], Caller]]) -> None:
        """Take who may ask; nothing is sent before the first view is asked for."""
        self.account, self.callers = account, callers
        self._own: Exchange | None = None
        self._seen: dict[str, Exchange] = {}

    def view(self, caller: str) -> tuple[Exchange, Exchange]:
        """Return how the owner and this caller see the settings."""
        who = self.callers[caller]()
        if self._own is None:
            self._own = read(self.account)
        if caller not in self._seen:
            need_success(self._own)
            short, uuid = self.account.system_id, self.account.snapshot.system.get("uuid")
            named = uuid if isinstance(uuid, str) and caller != "other" else short
            found = who.send("getSystemSettings", {"systemId": named})
            if found.status == NOT_FOUND:  # that a UUID names a system is for `ids`
                found = who.send("getSystemSettings", {"systemId": short})
            self._seen[caller] = found
        return self._own, self._seen[caller]


@pytest.fixture(scope="session")
def views(account: Account, callers: Mapping[str, Callable[[], Caller]]) -> Views:
    """The views that all checks of this module look at."""
    return Views(account, callers)


@requirement("get-settings-public")
@each("caller", viewers)
def check_others_see_public_settings(caller: str, views: Views, contract: Contract) -> None:
    """Everybody but the owner gets the public settings, with the same values as the owner."""
    mine, exchange = views.view(caller)
    expect_status(exchange, 200)
    own, shown = need_object(mine), need_object(exchange)
    wrong = differing(own, shown, contract)
    expect(
        "public settings",
        holds=not wrong,
        expected={key: own[key] for key in wrong},
        actual={key: shown[key] for key in wrong},
        exchange=exchange,
    )


def differing(own: dict[str, Any], shown: dict[str, Any], contract: Contract) -> list[str]:
    """Return the public keys of which others see another value than the owner, who sees one of the documented type."""
    both = [key for key in public_keys(contract) if key in own and key in shown]
    return [k for k in both if fits(contract, k, own[k]) and not same(own[k], shown[k])]


def public_keys(contract: Contract) -> list[str]:
    """Return the keys of the public settings."""
    schema = contract.document["components"]["schemas"].get(PUBLIC_MODEL, {})
    return list(schema.get("properties", {}))


@requirement("public-settings-keys")
@each("caller", viewers)
def check_public_settings_have_their_keys(caller: str, views: Views, contract: Contract) -> None:
    """The public settings have each of their keys."""
    _, exchange = views.view(caller)
    missing = [key for key in public_keys(contract) if key not in need_object(exchange)]
    expect("missing keys", holds=not missing, expected=[], actual=missing, exchange=exchange)


@requirement("public-settings-no-private-keys")
@each("caller", viewers)
def check_public_settings_have_no_private_key(
    caller: str, views: Views, contract: Contract
) -> None:
    """The public settings have none of the keys that are the owner's alone."""
    _, exchange = views.view(caller)
    public = public_keys(contract)
    private = [field.key for field in contract.fields_of(MODEL) if field.key not in public]
    shown = [key for key in private if key in need_object(exchange)]
    expect(
        "private keys",
        holds=not shown,
        expected=[],
        actual=shown,
        exchange=exchange,
        violates=opened_by(caller, views, shown),
    )


def opened_by(caller: str, views: Views, shown: list[str]) -> tuple[str, ...]:
    """Return what private keys violate that a caller is shown: the rule of tokens where without one they are not shown."""
    _, anonymous = views.view("anonymous")
    body = need_object(anonymous)
    of_token = caller == "other" and not any(key in body for key in shown)
    return ("public-settings-for-foreign-token" if of_token else "public-settings-no-private-keys",)

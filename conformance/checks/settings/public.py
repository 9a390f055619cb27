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
    from conformance.target import Target

    View = tuple[str, str]

PUBLIC_MODEL = "PublicSystemSettings"
# Who asks, and by which id of the system.
OTHERS = (("anonymous", "uuid"), ("other", "id"), ("other", "uuid"), ("other", "account"))
NOT_FOUND = 404


def viewers(_: Contract) -> Iterator[Row]:
    """Rows for those who see the public settings alone, and the ids by which they name the system."""
    for caller, form in OTHERS:
        rules = ("public-settings-for-foreign-token",) if caller == "other" else ()
        yield Row((caller, form), f"{caller}-{form}", rules)


class Views:
    """How others see the settings, each asked once, and how the owner sees them."""

    def __init__(
        self, account: Account, target: Target, callers: Mapping[str, Callable[[], Caller]]
    ) -> None:
        """Take who may ask; nothing is sent before the first view is asked for."""
        self.account, self.target, self.callers = account, target, callers
        self._own: Exchange | None = None
        self._seen: dict[tuple[str, str], Exchange] = {}

    def view(self, caller: str, form: str) -> tuple[Exchange, Exchange]:
        """Return how the owner and this caller, who names the system by an id of this form, see the settings."""
        who, ref = self.callers[caller](), self._ref(form)
        if self._own is None:
            self._own = read(self.account)
        if (caller, form) not in self._seen:
            need_success(self._own)
            found = who.send("getSystemSettings", {"systemId": ref})
            if found.status == NOT_FOUND:  # that other ids name a system is for `ids`
                found = who.send("getSystemSettings", {"systemId": self.account.system_id})
            self._seen[caller, form] = found
        return self._own, self._seen[caller, form]

    def _ref(self, form: str) -> str:
        if form == "account":
            return self.target.fixture("account_id")
        ref = self.account.snapshot.system.get(form)
        return ref if isinstance(ref, str) else self.account.system_id


@pytest.fixture(scope="session")
def views(account: Account, target: Target, callers: Mapping[str, Callable[[], Caller]]) -> Views:
    """The views that all checks of this module look at."""
    return Views(account, target, callers)


@requirement("get-settings-public")
@each("view", viewers)
def check_others_see_public_settings(view: View, views: Views, contract: Contract) -> None:
    """Everybody but the owner gets the public settings, with the same values as the owner."""
    mine, exchange = views.view(*view)
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
@each("view", viewers)
def check_public_settings_have_their_keys(view: View, views: Views, contract: Contract) -> None:
    """The public settings have each of their keys."""
    _, exchange = views.view(*view)
    missing = [key for key in public_keys(contract) if key not in need_object(exchange)]
    expect("missing keys", holds=not missing, expected=[], actual=missing, exchange=exchange)


@requirement("public-settings-no-private-keys")
@each("view", viewers)
def check_public_settings_have_no_private_key(view: View, views: Views, contract: Contract) -> None:
    """The public settings have none of the keys that are the owner's alone."""
    _, exchange = views.view(*view)
    public = public_keys(contract)
    private = [field.key for field in contract.fields_of(MODEL) if field.key not in public]
    shown = [key for key in private if key in need_object(exchange)]
    expect(
        "private keys",
        holds=not shown,
        expected=[],
        actual=shown,
        exchange=exchange,
        violates=opened_by(view[0], views, shown),
    )


def opened_by(caller: str, views: Views, shown: list[str]) -> tuple[str, ...]:
    """Return what private keys violate that a caller is shown: the rule of tokens where without one they are not shown."""
    _, anonymous = views.view("anonymous", "uuid")
    body = need_object(anonymous)
    of_token = caller == "other" and not any(key in body for key in shown)
    return ("public-settings-for-foreign-token" if of_token else "public-settings-no-private-keys",)

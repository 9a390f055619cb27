"""The state of the account when a request is not sent."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.properties.account_state import AccountState, EntityState, Switch
from conformance.properties.budget import Budget
from conformance.properties.sender import Sender, SpentError
from conformance.properties.write_requests import WriteRequests

if TYPE_CHECKING:
    from conformance.account import Account


def test_what_is_beyond_the_budget_is_not_in_the_state(account: Account) -> None:
    """A PATCH that is not sent changes nothing that later responses are compared with."""
    system = EntityState.read(account.contract, "System", dict(account.snapshot.system))
    switch = Switch("id", dt.datetime(2012, 1, 1, tzinfo=dt.UTC), [])
    account_state = AccountState(system, {"pings_enabled": True}, switches=[switch])
    requests = WriteRequests(Sender(account, account.contract, Budget(0)), account_state)
    before = dict(system.values), dict(system.privacy), switch.time
    body = {"tag": "new", "privacy": {"front_privacy": "private"}}
    for request in (
        partial(requests.patch, system, body),
        partial(requests.patch_settings, {"pings_enabled": False}),
        partial(requests.patch_switch_time, switch, 1),
        partial(requests.patch_switch_members, switch, [system]),
    ):
        with pytest.raises(SpentError):
            request()
    assert (dict(system.values), dict(system.privacy), switch.time) == before
    assert account_state.settings == {"pings_enabled": True}
    assert switch.members == []

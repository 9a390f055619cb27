"""What a run does to its account, and what the model holds when a request is not sent any more."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import Budget
from conformance.properties.comparison import Arena, SpentError
from conformance.properties.model import AccountState, Switch, Thing
from conformance.properties.write_requests import Moves

if TYPE_CHECKING:
    from conformance.account import Account


def test_what_the_budget_does_not_reach_is_not_in_the_model(account: Account) -> None:
    """A PATCH that is not sent changes nothing that later responses are held against."""
    system = Thing.found(account.contract, "System", dict(account.snapshot.system))
    switch = Switch("id", dt.datetime(2012, 1, 1, tzinfo=dt.UTC), [])
    account_state = AccountState(system, {"pings_enabled": True}, switches=[switch])
    moves = Moves(Arena(account, account.contract, Budget(0)), account_state)
    before = dict(system.values), dict(system.privacy), switch.time
    body = {"tag": "new", "privacy": {"front_privacy": "private"}}
    for move in (
        partial(moves.patch, system, body),
        partial(moves.settle, {"pings_enabled": False}),
        partial(moves.move, switch, 1),
        partial(moves.replace, switch, [system]),
    ):
        with pytest.raises(SpentError):
            move()
    assert (dict(system.values), dict(system.privacy), switch.time) == before
    assert account_state.settings == {"pings_enabled": True}
    assert switch.members == []

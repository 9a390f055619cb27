"""What led to a finding is made as short as it can be, whatever was done besides; what does not repeat stays as it is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import Refuted
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.comparison import Arena
from conformance.properties.expected_views import ExpectedViews
from conformance.properties.shortening import Shortener
from conformance.properties.write_requests import Moves

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from conformance.properties.steps import Step

CALLERS = ("owner", "other", "anonymous")
PLAIN = {"description": "one of two keys", "display_name": "the other"}


def _begin(account: Account) -> Moves:
    arena = Arena(account, account.contract, Budget(1000))
    initial_state.clear(arena)
    return Moves(arena, initial_state.read(arena))


def _make(moves: Moves, model: str) -> Any:
    made = moves.create(model, PLAIN)
    assert made is not None
    return made


def _look(moves: Moves, operation: str, caller: str = "owner") -> None:
    views = ExpectedViews(moves.oracle, CALLERS).views()
    view = next(v for v in views if (v.operation, v.caller) == (operation, caller))
    moves.look(view, passing=True)


def _rejoin(moves: Moves) -> None:
    moves.patch(moves.account_state.system, {"tag": "of no matter"})
    member, other, group = (_make(moves, model) for model in ("Member", "Member", "Group"))
    moves.log(1, [other])
    moves.belong(group, "add", [member, other], by_uuid=True)
    _look(moves, "getGroupMembers")
    moves.belong(group, "remove", [member], by_uuid=False)
    moves.patch(member, PLAIN, "uuid")
    moves.belong(group, "add", [member], by_uuid=False)
    moves.replace(moves.account_state.switches[0], [member])
    moves.move(moves.account_state.switches[0], 2)
    _look(moves, "getGroupMembers")


def _delete_one_of_two(moves: Moves) -> None:
    member, other = _make(moves, "Member"), _make(moves, "Member")
    one, another = _make(moves, "Group"), _make(moves, "Group")
    moves.log(None, [member])
    moves.belong(one, "add", [member], by_uuid=False)
    moves.delete(other, "upper")
    moves.revive("Member", other, PLAIN)
    moves.belong(another, "overwrite", [member], by_uuid=False)
    moves.delete(one)
    _look(moves, "getGroupMembers")


def _hide_and_go_on(moves: Moves) -> None:
    member = _make(moves, "Member")
    private = {"visibility": "private", "name_privacy": "private"}
    moves.patch(member, {"privacy": private, **PLAIN})
    moves.settle({"pings_enabled": False})
    _look(moves, "getMember", "other")
    moves.patch(member, PLAIN, "uuid")
    moves.patch(member, {"pronouns": "they", **PLAIN})
    _look(moves, "getMember")


SHORTEST = {
    "rejoining_is_forgotten": (
        _rejoin,
        "createMember createGroup addGroupMembers removeGroupMembers addGroupMembers getGroupMembers",
    ),
    "deleting_group_empties_others": (
        _delete_one_of_two,
        "createMember createGroup createGroup addGroupMembers overwriteGroupMembers deleteGroup getGroupMembers",
    ),
    "third_patch_opens_privacy": (
        _hide_and_go_on,
        "createMember updateMember updateMember updateMember getMember",
    ),
}


@pytest.mark.parametrize(
    ("reference", "go", "wanted"),
    [(name, go, wanted) for name, (go, wanted) in SHORTEST.items()],
    ids=SHORTEST,
    indirect=["reference"],
)
def test_shortest_chain(account: Account, go: Callable[[Moves], None], wanted: str) -> None:
    """Only the requests are left that it takes, and the keys."""
    moves = _begin(account)
    with pytest.raises(Refuted) as met:
        go(moves)
    assert len(met.value.chain) > len(wanted.split())
    found = _shorten(moves, met.value)
    assert [exchange.operation.id for exchange in found.chain] == wanted.split()
    assert found.violates == met.value.violates
    for exchange in found.chain:
        for key in PLAIN if exchange.operation.id.startswith("create") else ():
            assert key not in str(exchange.request_body)


def _shorten(moves: Moves, problem: Refuted) -> Refuted:
    trail: list[Step] = list(moves.trail)
    moves.arena.clear()
    return Shortener(moves.arena, CALLERS, Budget(2000)).shortest(problem, trail)


@pytest.mark.parametrize("reference", ["third_patch_opens_privacy"], indirect=True)
def test_what_does_not_repeat_stays(account: Account) -> None:
    """A finding whose steps do not lead to it again keeps the chain that it was found with."""
    moves = _begin(account)
    with pytest.raises(Refuted) as met:
        _hide_and_go_on(moves)
    moves.trail[1:3] = []
    assert _shorten(moves, met.value) is met.value
    moves.trail[-1] = dataclasses.replace(moves.trail[-1], words=(_strange_view(moves),))
    assert _shorten(moves, met.value) is met.value


def _strange_view(moves: Moves) -> Any:
    view = next(iter(ExpectedViews(moves.oracle, CALLERS).views()))
    return dataclasses.replace(view, refs={"groupId": "of nobody"})


@pytest.mark.parametrize("reference", ["patch_is_not_stored"], indirect=True)
def test_chain_begins_with_what_it_names(account: Account) -> None:
    """Of all that was made before, a chain has what its requests name, in whatever id format, and nothing else."""
    moves = _begin(account)
    member, _, group = (_make(moves, model) for model in ("Member", "Member", "Group"))
    moves.arena.kept.clear()
    moves.belong(group, "add", [member], by_uuid=True)
    with pytest.raises(Refuted) as met:
        _change(moves, group)
    made = ["createMember", "createGroup", "addGroupMembers", "updateGroup"]
    assert [exchange.operation.id for exchange in met.value.chain][:4] == made


def _change(moves: Moves, group: Any) -> None:
    moves.patch(group, {"display_name": "new"}, "upper-uuid")
    _look(moves, "getGroup")

"""A failure is reported with the fewest steps that lead to it, whatever was sent besides; one that does not repeat keeps its steps."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import Refuted
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.expected_reads import ExpectedReads
from conformance.properties.sender import Sender
from conformance.properties.shortening import Shortener
from conformance.properties.write_requests import WriteRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from conformance.properties.steps import Step

CALLERS = ("owner", "other", "anonymous")
PLAIN = {"description": "one of two keys", "display_name": "the other"}


def _begin(account: Account) -> WriteRequests:
    sender = Sender(account, account.contract, Budget(1000))
    initial_state.clear(sender)
    return WriteRequests(sender, initial_state.read(sender))


def _create(requests: WriteRequests, model: str) -> Any:
    created = requests.create(model, PLAIN)
    assert created is not None
    return created


def _read(requests: WriteRequests, operation: str, caller: str = "owner") -> None:
    reads = ExpectedReads(requests.oracle, CALLERS).plain()
    read = next(one for one in reads if (one.operation, one.caller) == (operation, caller))
    requests.read(read, as_evidence=False)


def _remove_and_add_again(requests: WriteRequests) -> None:
    requests.patch(requests.account_state.system, {"tag": "of no matter"})
    member, other, group = (_create(requests, model) for model in ("Member", "Member", "Group"))
    requests.create_switch(1, [other])
    requests.change_memberships(group, "add", [member, other], by_uuid=True)
    _read(requests, "getGroupMembers")
    requests.change_memberships(group, "remove", [member], by_uuid=False)
    requests.patch(member, PLAIN, "uuid")
    requests.change_memberships(group, "add", [member], by_uuid=False)
    requests.patch_switch_members(requests.account_state.switches[0], [member])
    requests.patch_switch_time(requests.account_state.switches[0], 2)
    _read(requests, "getGroupMembers")


def _delete_one_of_two(requests: WriteRequests) -> None:
    member, other = _create(requests, "Member"), _create(requests, "Member")
    one, another = _create(requests, "Group"), _create(requests, "Group")
    requests.create_switch(None, [member])
    requests.change_memberships(one, "add", [member], by_uuid=False)
    requests.delete(other, "upper")
    requests.change_memberships(another, "overwrite", [member], by_uuid=False)
    requests.delete(one)
    _read(requests, "getGroupMembers")


def _set_private_and_patch(requests: WriteRequests) -> None:
    member = _create(requests, "Member")
    private = {"visibility": "private", "name_privacy": "private"}
    requests.patch(member, {"privacy": private, **PLAIN})
    requests.patch_settings({"pings_enabled": False})
    _read(requests, "getMember", "other")
    requests.patch(member, PLAIN, "uuid")
    requests.patch(member, {"pronouns": "they", **PLAIN})
    _read(requests, "getMember")


SHORTEST = {
    "rejoining_is_forgotten": (
        _remove_and_add_again,
        "createMember createGroup addGroupMembers removeGroupMembers addGroupMembers getGroupMembers",
    ),
    "deleting_group_empties_others": (
        _delete_one_of_two,
        "createMember createGroup createGroup addGroupMembers overwriteGroupMembers deleteGroup getGroupMembers",
    ),
    "third_patch_opens_privacy": (
        _set_private_and_patch,
        "createMember updateMember updateMember updateMember getMember",
    ),
}


@pytest.mark.parametrize(
    ("reference", "send", "wanted"),
    [(name, send, wanted) for name, (send, wanted) in SHORTEST.items()],
    ids=SHORTEST,
    indirect=["reference"],
)
def test_shortest_chain(
    account: Account, send: Callable[[WriteRequests], None], wanted: str
) -> None:
    """Only the requests and the keys are left that it takes."""
    requests = _begin(account)
    with pytest.raises(Refuted) as raised:
        send(requests)
    assert len(raised.value.chain) > len(wanted.split())
    found = _shorten(requests, raised.value)
    assert [exchange.operation.id for exchange in found.chain] == wanted.split()
    assert found.violates == raised.value.violates
    for exchange in found.chain:
        for key in PLAIN if exchange.operation.action == "create" else ():
            assert key not in str(exchange.request_body)


def _shorten(requests: WriteRequests, problem: Refuted) -> Refuted:
    steps: list[Step] = list(requests.steps)
    requests.sender.clear()
    return Shortener(requests.sender, CALLERS, Budget(2000)).shortest(problem, steps)


@pytest.mark.parametrize("reference", ["third_patch_opens_privacy"], indirect=True)
def test_what_does_not_repeat_stays(account: Account) -> None:
    """A failure whose steps do not lead to it again keeps its chain."""
    requests = _begin(account)
    with pytest.raises(Refuted) as raised:
        _set_private_and_patch(requests)
    requests.steps[1:3] = []
    assert _shorten(requests, raised.value) is raised.value
    requests.steps[-1] = dataclasses.replace(
        requests.steps[-1], arguments=(_read_of_nothing(requests),)
    )
    assert _shorten(requests, raised.value) is raised.value


def _read_of_nothing(requests: WriteRequests) -> Any:
    read = next(iter(ExpectedReads(requests.oracle, CALLERS).plain()))
    return dataclasses.replace(read, refs={"groupId": "of nobody"})


@pytest.mark.parametrize("reference", ["patch_is_not_stored"], indirect=True)
def test_chain_begins_with_what_it_names(account: Account) -> None:
    """Of all that was created before, a chain has what its requests name, in whatever id format, and nothing else."""
    requests = _begin(account)
    member, _, group = (_create(requests, model) for model in ("Member", "Member", "Group"))
    requests.sender.evidence.clear()
    requests.change_memberships(group, "add", [member], by_uuid=True)
    with pytest.raises(Refuted) as raised:
        _patch_and_read(requests, group)
    expected = ["createMember", "createGroup", "addGroupMembers", "updateGroup"]
    assert [exchange.operation.id for exchange in raised.value.chain][:4] == expected


def _patch_and_read(requests: WriteRequests, group: Any) -> None:
    requests.patch(group, {"display_name": "new"}, "upper-uuid")
    _read(requests, "getGroup")

"""What a run creates on the target."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, GuardError, PreconditionFailed
from tests.stub import Response

if TYPE_CHECKING:
    from conformance.account import Account
    from tests.account.conftest import OpenOnStub


def test_created_entities_are_there(account: Account) -> None:
    """A member, a group and a switch exist on the target, and have what was sent."""
    member, group = account.member(color="abcdef"), account.group()
    switch = account.switch(member)
    assert account.owner.send("getMember", member.refs).json["uuid"] == member.uuid
    assert account.owner.send("getGroup", group.refs).json["name"] == group.sent["name"]
    assert account.owner.send("getSwitch", switch.refs).json["id"] == switch.id
    assert member.body["color"] == member.sent["color"] == "abcdef"
    assert switch.refs["systemId"] == "@me"


def test_names_bear_the_mark(account: Account) -> None:
    """Each name is new and begins with the run's mark."""
    assert [account.name(), account.name()] == ["mark 1", "mark 2"]


def test_own_entities_are_writable(account: Account) -> None:
    """What was created may be changed by both of its ids; nothing else may be changed."""
    member = account.member()
    for ref in (member.id, member.uuid):
        account.owner.send("updateMember", {"memberId": ref}, json={"color": "000000"})
    with pytest.raises(GuardError):
        account.owner.send("updateMember", {"memberId": "zzzzz"}, json={"color": "000000"})


def test_unknown_refs(account: Account) -> None:
    """An unknown UUID may be written to and names nothing; an unknown token belongs to nobody."""
    unknown = account.unknown_uuid()
    assert uuid.UUID(unknown).version == 4
    assert account.owner.send("deleteMember", {"memberId": unknown}).status == 404
    other_user = account.owner.with_token(account.unknown_token(), "other_user")
    assert other_user.send("getSystem", ME).status == 401


def test_adopted_entities_are_undone(account: Account) -> None:
    """What another request created is journalled; a rejected request adds nothing."""
    body = {"name": account.name()}
    entity = account.adopt("member", body, account.owner.send("createMember", json=body))
    assert entity
    assert account.journal.record.created == [("member", entity.id)]
    rejected = account.owner.send("createMember", json={})
    assert account.adopt("member", {}, rejected) is None


def test_old_values(account: Account) -> None:
    """The old values are those of the keys that can be set, and no others."""
    assert {"name", "privacy"} <= account.old_system().keys()
    assert not {"id", "uuid", "created"} & account.old_system().keys()


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [(500, "oops", "returned status 500"), (200, '{"id": ""}', "without an id")],
)
def test_failed_creation_is_a_failed_precondition(
    stub_account: OpenOnStub, status: int, body: str, message: str
) -> None:
    """When the target does not create what a check needs, a precondition of the check failed."""
    account = stub_account(lambda _: Response(body, status))
    with pytest.raises(PreconditionFailed, match=message):
        account.member()
    account.journal.close()
    assert account.journal.record.created == []

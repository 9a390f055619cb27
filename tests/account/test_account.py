"""What a run creates on the target."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, GuardError, Unmet
from tests.conftest import Answer

if TYPE_CHECKING:
    from conformance.account import World
    from tests.account.conftest import OpenOnStub


def test_created_entities_are_there(world: World) -> None:
    """A member, a group and a switch of it exist on the target, and know what was sent."""
    member, group = world.member(color="abcdef"), world.group()
    switch = world.switch(member)
    assert world.owner.send("getMember", member.refs).json["uuid"] == member.uuid
    assert world.owner.send("getGroup", group.refs).json["name"] == group.sent["name"]
    assert world.owner.send("getSwitch", switch.refs).json["id"] == switch.id
    assert member.body["color"] == member.sent["color"] == "abcdef"
    assert switch.refs["systemId"] == "@me"


def test_names_bear_the_mark(world: World) -> None:
    """Each name is new and starts with the run's mark."""
    assert [world.name(), world.name()] == ["mark 1", "mark 2"]


def test_own_entities_are_writable(world: World) -> None:
    """What was created may be changed by either of its ids; nothing else may."""
    member = world.member()
    for ref in (member.id, member.uuid):
        world.owner.send("updateMember", {"memberId": ref}, json={"color": "000000"})
    with pytest.raises(GuardError):
        world.owner.send("updateMember", {"memberId": "zzzzz"}, json={"color": "000000"})


def test_unknown_refs(world: World) -> None:
    """An unknown UUID may be written to and leads nowhere; an unknown token is nobody's."""
    made = world.unknown_uuid()
    assert uuid.UUID(made).version == 4
    assert world.owner.send("deleteMember", {"memberId": made}).status == 404
    stranger = world.owner.with_token(world.unknown_token(), "stranger")
    assert stranger.send("getSystem", ME).status == 401


def test_adopted_entities_are_undone(world: World) -> None:
    """What another request created is journalled; what created nothing is not."""
    body = {"name": world.name()}
    entity = world.adopt("member", body, world.owner.send("createMember", json=body))
    assert entity
    assert world.journal.record.created == [("member", entity.id)]
    refused = world.owner.send("createMember", json={})
    assert world.adopt("member", {}, refused) is None


def test_old_values(world: World) -> None:
    """What a change overwrites is noted with the keys that can be set, and no others."""
    world.will_change("updateSystemSettings")
    world.will_change("updateMember")
    before = world.journal.record.before
    assert list(before) == ["updateSystemSettings"]
    assert "timezone" in before["updateSystemSettings"]
    assert "member_limit" not in before["updateSystemSettings"]
    assert {"name", "privacy"} <= world.old_system().keys()
    assert not {"id", "uuid", "created"} & world.old_system().keys()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(500, "oops", "answered status 500"), (200, '{"id": ""}', "without an id")],
)
def test_failed_creation_is_unmet(
    stub_world: OpenOnStub, status: int, body: str, said: str
) -> None:
    """A target that does not create what a check needs leaves the check unmet."""
    world = stub_world(lambda _: Answer(body, status))
    with pytest.raises(Unmet, match=said):
        world.member()
    world.journal.close()
    assert world.journal.record.created == []

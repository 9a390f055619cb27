"""Undoing a run, on servers that respond and on servers that do not."""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account import not_compared, restore
from conformance.account.attempts import attempt
from conformance.account.journal import Record, read
from conformance.account.lost_switch import lost_switch
from conformance.account.put_back import put_back
from conformance.http import ME, Inconclusive
from conformance.http.pacing import Pace
from conformance.target import ExistingObject, Snapshot
from tests.interruptions.store import content
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from tests.account.conftest import Open
    from tests.conftest import Connect, Reference, StartStub
    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox
    from tests.stub import Request


def before(**facts: Any) -> Record:
    """Return the record of a run on a system that was named Old."""
    system = ExistingObject("System", ME, body={"id": "sysid", "name": "Old"})
    snapshot = Snapshot((system,), {"members": [{"id": "abcde"}]})
    return Record(mark="mark", snapshot=snapshot.as_json(), **facts)


def test_everything_is_undone(
    account: Account, reference: Reference, read_account: Callable[[Reference], list[Any]]
) -> None:
    """After restore the account is as it was: entities, system and settings."""
    old = read_account(reference)
    member = account.member()
    account.group()
    account.switch(member)
    account.change_system(name="Changed", privacy={"name_privacy": "private"})
    account.owner.send("updateSystemSettings", ME, json={"timezone": "Europe/Berlin"})
    assert read_account(reference) != old
    assert restore(account.journal.record, account.owner) == []
    assert read_account(reference) == old


def test_restoring_twice_does_no_harm(account: Account) -> None:
    """What was deleted already counts as undone."""
    account.member()
    assert restore(account.journal.record, account.owner) == []
    assert restore(account.journal.record, account.owner) == []


def test_marked_entities_are_found_without_the_journal(account: Account) -> None:
    """An entity with the run's mark in its name is deleted although it is not in the journal."""
    account.owner.send("createMember", json={"name": account.name()})
    assert restore(account.journal.record, account.owner) == []
    assert account.owner.send("getSystemMembers", ME).json == []


def test_entities_of_others_are_reported(open_account: Open, account: Account) -> None:
    """What somebody else created meanwhile is not deleted, and reported."""
    somebody = open_account("somebody").member()
    assert restore(account.journal.record, account.owner) == [
        f"member {somebody.id} was left behind"
    ]
    assert account.owner.send("getMember", somebody.refs).status == 200


def test_a_member_of_before_is_never_deleted(open_account: Open) -> None:
    """What was there before is protected, even if it is in a journal."""
    member = open_account("before").member()
    later = open_account("later")
    later.journal.created("member", member.id)
    left = restore(later.journal.record, later.owner)
    assert len(left) == 1
    assert "could not be deleted: deleteMember on memberId" in left[0]
    assert later.owner.send("getMember", member.refs).status == 200


def test_failures_are_reported_and_the_rest_is_undone(connect: Connect, stub: StartStub) -> None:
    """Everything that cannot be undone is one line, and the rest is undone."""

    def script(request: Request) -> Response:
        if request.method != "GET":
            return Response(status=500)
        return Response(json.dumps({"name": "New"} if request.path.endswith("@me") else []))

    server = stub(script)
    record = before(
        created=[("member", "memb1"), ("switch", "swit1")],
        changed=["System"],
    )
    assert restore(record, connect(server.base_url, "abc")) == [
        "switch swit1 could not be deleted: status 500",
        "member memb1 could not be deleted: status 500",
        "updateSystem could not put back name",
        "members: abcde is gone",
        "getSystem: id is not as before",
        "getSystem: name is not as before",
    ]


def test_deletion_that_is_only_said(connect: Connect, stub: StartStub) -> None:
    """What is listed although the server said that it deleted it is left behind; without a list nothing is proven."""
    mark = before().mark

    def script(request: Request) -> Response:
        if request.method == "DELETE":
            return Response(status=204)
        if request.path.endswith("/groups"):
            return Response('{"message": "no", "code": 0}', 500)
        rows = [{"id": "abcde", "name": "Old"}, {"id": "memb1", "name": f"{mark} 1"}]
        return Response(json.dumps(rows if request.path.endswith("/members") else []))

    owner = connect(stub(script).base_url, "abc")
    left = restore(before(created=[("member", "memb1")]), owner)
    assert "member memb1 was left behind" in left
    assert "groups: the list cannot be read, so that nothing proves that it is as before" in left


def test_the_clean_up_is_persistent(connect: Connect, stub: StartStub) -> None:
    """A request of the clean-up that gets no response is sent again, up to three times."""
    shown, tries = {"id": "sysid", "name": "New"}, collections.Counter[str]()

    def script(request: Request) -> Response | None:
        tries[f"{request.method} {request.path}"] += 1
        if tries[f"{request.method} {request.path}"] < 3:
            return None
        if request.method == "PATCH":
            shown.update(json.loads(request.body))
        rows = [{"id": "abcde"}] if request.path.endswith("/members") else []
        if request.method == "DELETE":
            return Response(status=204)
        return Response(json.dumps(shown if request.path.endswith("@me") else rows))

    owner = connect(stub(script).base_url, "secret")
    record = before(created=[("group", "group1")], changed=["System"])
    assert restore(record, owner) == []
    assert tries["DELETE /v2/groups/group1"] == tries["PATCH /v2/systems/@me"] == 3
    assert shown["name"] == "Old"


def test_target_that_does_not_respond(connect: Connect, stub: StartStub) -> None:
    """Without responses nothing raises, and everything is reported line by line."""
    record = before(created=[("group", "group1")], changed=["System"])
    left = restore(record, connect(stub(lambda _: None).base_url, "abc"))
    assert left[0].startswith(
        "group group1 could not be deleted: owner deleteGroup got no response"
    )
    assert left[1] == "updateSystem was not undone"
    assert "getSystem: name is not as before" in left


def test_objects_in_a_guild_are_put_back(filled: Sandbox, filled_account: Account) -> None:
    """The settings in the guild, of the system and of the declared member, and the autoproxy are as before, in the store, too."""
    seeded, old = filled.server.seeded, content(filled.server.store)
    guild, send = {"guildId": seeded.guild_id}, filled_account.owner.send
    member = {**guild, "memberId": str(seeded.guild_member_id)}
    send("updateSystemGuildSettings", guild, json={"tag": None, "proxying_enabled": False})
    send("updateMemberGuildSettings", member, json={"keep_proxy": None, "avatar_url": None})
    query = {"guild_id": seeded.guild_id}
    send("updateAutoproxy", query=query, json={"autoproxy_mode": "front"})
    send("updateSystemSettings", ME, json={"timezone": "UTC", "name_format": "x"})
    assert content(filled.server.store) != old
    assert restore(filled_account.journal.record, filled_account.owner) == []
    assert content(filled.server.store) == old


def test_keys_are_put_back_one_by_one(connect: Connect, stub: StartStub) -> None:
    """Where all keys together are rejected, each is sent alone, and a text that was never set is set to null."""
    default = "{name} {tag}"
    shown: dict[str, Any] = {"name_format": "x", "timezone": "UTC", "pings_enabled": True}
    old = {"name_format": default, "timezone": "Europe/Rome", "pings_enabled": False}

    def script(request: Request) -> Response:
        if request.method == "PATCH":
            body = json.loads(request.body)
            if "pings_enabled" in body:
                return Response(status=400)
            shown.update({key: default if value is None else value for key, value in body.items()})
        return Response(json.dumps(shown))

    server = stub(script)
    settings = ExistingObject("SystemSettings", ME, body=old)
    assert put_back(connect(server.base_url, "abc"), settings) == [
        "updateSystemSettings could not put back pings_enabled"
    ]
    bodies = [json.loads(one.body) for one in server.received if one.method == "PATCH"]
    assert bodies == [
        {"timezone": "Europe/Rome", "pings_enabled": False},
        {"name_format": None},
        {"timezone": "Europe/Rome"},
        {"pings_enabled": False},
    ]


def test_changed_rows_are_reported(open_account: Open) -> None:
    """What somebody changed meanwhile in what was there before is reported, key by key."""
    somebody = open_account("somebody")
    member = somebody.member()
    later = open_account("later")
    somebody.owner.send("updateMember", member.refs, json={"color": "abcdef"})
    assert restore(later.journal.record, later.owner) == [
        f"member {member.id}: color is not as before"
    ]


@pytest.mark.parametrize(
    "keys", [{}, {"timestamp": "2019-01-02T03:04:05Z"}, {"timestamp": "2019-01-02T03:04:05"}]
)
def test_a_switch_without_response_is_found(account: Account, keys: dict[str, str]) -> None:
    """A switch whose creation got no response is deleted: it has the members and the time that were sent."""
    member, known = account.member(), account.member()
    account.switch(known)
    body = {"members": [member.uuid.upper()], **keys}
    account.owner.send("createSwitch", ME, json=body)
    assert restore(read(account.journal.path), account.owner) == []


def test_another_switch_is_not_taken_for_it(account: Account) -> None:
    """A switch with other members, or of another time, is none that the run sent."""
    member = account.member()
    account.owner.send("createSwitch", ME, json={"members": []})
    record = read(account.journal.path)
    for keys in ({"members": [member.id]}, {"members": [], "timestamp": "2019-01-02T03:04:05Z"}):
        record.creating = ("switch", keys)
        assert lost_switch(record, account.owner) == []
    # What the body of a creation with mistakes has.
    for members, time in ((5, "2019-01-02T03:04:05Z"), (None, "9999-12-31T23:59:59Z")):
        record.creating = ("switch", {"members": members, "timestamp": time})
        assert lost_switch(record, account.owner) == []
    record.creating = ("switch", {"members": [], "timestamp": "no time"})
    [switch] = lost_switch(record, account.owner)
    account.journal.created("switch", switch)


def test_what_is_throttled_is_not_repeated(
    connect: Connect, stub: StartStub, clock: DrivenClock
) -> None:
    """The clean-up does not repeat what the client already sent several times, as it was throttled."""
    server = stub(lambda _: Response(status=429))
    owner = connect(server.base_url, "abc", Pace({}, clock=clock), clock)
    with pytest.raises(Inconclusive, match="throttled 5 times"):
        attempt(owner, lambda: owner.send("getSystem", ME))
    assert len(server.received) == 5


def test_what_was_not_read_is_named() -> None:
    """What the snapshot lacks cannot be proved to be as before."""
    switches = [{"id": str(number)} for number in range(100)]
    snapshot = Snapshot((ExistingObject("SystemSettings", ME),), {"switches": switches})
    assert [
        line.partition(":")[0] for line in not_compared(Record(snapshot=snapshot.as_json()))
    ] == [
        "getSystemSettings",
        "switches",
    ]

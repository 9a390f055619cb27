"""Undoing a run, on servers that respond and on servers that do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.account import restore
from conformance.account.journal import Record
from conformance.http import ME
from conformance.target import Snapshot
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from tests.account.conftest import Open
    from tests.conftest import Connect, Reference, StartStub
    from tests.stub import Request


def before(**facts: Any) -> Record:
    """Return the record of a run on a system that was named Old."""
    refs: dict[str, tuple[str, ...]] = {"members": ("abcde",), "groups": (), "switches": ()}
    snapshot = Snapshot({"id": "sysid", "name": "Old"}, {}, refs, limiter_seen=False)
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
    account.will_change("updateSystemSettings")
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
        before={"updateSystem": {"name": "Old"}},
    )
    assert restore(record, connect(server.base_url, "abc")) == [
        "switch swit1 could not be deleted: status 500",
        "member memb1 could not be deleted: status 500",
        "updateSystem could not be undone: status 500",
        "members: abcde is gone",
        "getSystem: id is not as before",
        "getSystem: name is not as before",
    ]


def test_target_that_does_not_respond(connect: Connect, stub: StartStub) -> None:
    """Without responses nothing raises, and everything is reported line by line."""
    record = before(created=[("group", "group1")], before={"updateSystem": {"name": "Old"}})
    left = restore(record, connect(stub(lambda _: None).base_url, "abc"))
    assert left[0].startswith(
        "group group1 could not be deleted: owner deleteGroup got no response"
    )
    assert left[1].startswith(
        "updateSystem could not be undone: owner updateSystem got no response"
    )
    assert "getSystem: name is not as before" in left

"""The journal: written before each change, and read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account import JournalError
from conformance.account.journal import Journal, read
from tests.stub import Response

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.account import Account
    from tests.account.conftest import OpenOnStub
    from tests.stub import Request


def lines(account: Account) -> list[dict[str, Any]]:
    """Return the present lines of the account's journal."""
    return [json.loads(line) for line in account.journal.path.read_text("utf-8").splitlines()]


def test_a_change_is_journalled_before_it_is_sent(stub_account: OpenOnStub, tmp_path: Path) -> None:
    """When the request that changes the system arrives, the old values are in the file, once."""
    files: list[str] = []

    def script(_: Request) -> Response:
        files.append((tmp_path / "journal.jsonl").read_text("utf-8"))
        return Response("{}")

    account = stub_account(script)
    account.change_system(name="New")
    account.change_system(name="Newer")
    account.journal.close()
    began, changing = map(json.loads, files[0].splitlines())
    assert began["snapshot"]["objects"][0]["body"]["name"] == "Old"
    assert changing == {"did": "changing", "name": "System"}
    assert files[1] == files[0]


def test_creation_and_deletion_are_journalled(account: Account) -> None:
    """What was created is in the file at once, and what was deleted is not to be undone."""
    kept, gone = account.member(), account.group()
    assert lines(account)[0]["mark"] == "mark"
    assert [line["ref"] for line in lines(account) if line["did"] == "created"] == [
        kept.id,
        gone.id,
    ]
    assert account.delete(gone).status == 204
    assert read(account.journal.path).created == [("member", kept.id)]


def test_a_creation_is_journalled_before_it_is_sent(account: Account) -> None:
    """What is about to be created is in the file, with the keys by which it is found again, until its response is there."""
    account.owner.send("createMember", json={"name": account.name(), "color": "000000"})
    assert lines(account)[-1] == {"did": "creating", "kind": "member", "keys": {"name": "mark 1"}}
    assert read(account.journal.path).creating == ("member", {"name": "mark 1"})
    assert account.journal.record.creating is None


def test_reading_gives_what_was_written(tmp_path: Path) -> None:
    """Reading a journal returns the record that was written."""
    journal = Journal(tmp_path / "journal.jsonl", "märk", {"objects": []}, "2021-11")
    journal.created("member", "a")
    journal.changing("System")
    journal.creating("switch", {"timestamp": "ö\ud800"})
    journal.close()
    assert read(journal.path) == journal.record
    assert journal.record.changed == ["System"]
    assert journal.record.creating == ("switch", {"timestamp": "ö\ud800"})


def test_unreadable_journal(tmp_path: Path) -> None:
    """The error for a file that cannot be read names it and the reason."""
    with pytest.raises(JournalError, match=r"cannot read journal '.*nothing': No such file"):
        read(tmp_path / "nothing")


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "1",
        "{}",
        '{"did": "began"}',
        '{"did": "deleted", "kind": "member", "ref": "x"}',
        "\udcff",
    ],
)
def test_no_journal(tmp_path: Path, text: str) -> None:
    """The error for a file that is no journal names it."""
    path = tmp_path / "file"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(JournalError, match=r"file' is not a journal of this suite"):
        read(path)

"""`restore`: bad input, and what it prints when something cannot be undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main
from conformance.account import Journal
from conformance.http import ME
from conformance.target import ExistingObject, Snapshot
from tests.stub import Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartStub

UNPROVEN = "the list cannot be read, so that nothing proves that it is as before"
UNREAD = "not compared: getSystemSettings: it could not be read before the run"
URL = "http://127.0.0.1:1/v2"


@pytest.fixture
def journal(tmp_path: Path) -> str:
    """The journal of a run that created one member of an empty system."""
    objects = (
        ExistingObject("System", ME, body={"name": "Old"}),
        ExistingObject("SystemSettings", ME),
    )
    snapshot = Snapshot(objects).as_json()
    made = Journal(tmp_path / "journal.jsonl", "mark", snapshot, "2025-08")
    made.created("member", "abcde")
    made.close()
    return str(made.path)


def rejection(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return why `restore` rejects these words: one line."""
    assert main(["restore", *words]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    return line


def test_no_target(capsys: pytest.CaptureFixture[str], journal: str) -> None:
    """Without a target nothing can be undone."""
    assert "no base URL" in rejection(capsys, journal)


def test_no_journal(capsys: pytest.CaptureFixture[str]) -> None:
    """The error for a missing journal names it."""
    assert "cannot read journal 'nothing'" in rejection(capsys, "nothing", "--base-url", URL)


def test_no_token(
    capsys: pytest.CaptureFixture[str], journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a token nothing can be undone."""
    monkeypatch.delenv("PK_TOKEN", raising=False)
    assert "no token: give --token" in rejection(capsys, journal, "--base-url", URL)


def test_something_cannot_be_undone(
    capsys: pytest.CaptureFixture[str], journal: str, stub: StartStub
) -> None:
    """What is not as before is printed, a line each, and the exit code is 1."""
    server = stub(lambda request: Response(status=500 if request.method == "DELETE" else 404))
    assert main(["restore", journal, "--base-url", server.base_url, "--token", "abc"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "not as before: member abcde could not be deleted: status 500",
        *(f"not as before: {kind}: {UNPROVEN}" for kind in ("members", "groups", "switches")),
        "not as before: getSystem: name is not as before",
        UNREAD,
    ]
    assert {request.headers["authorization"] for request in server.received} == {"abc"}


def test_all_undone(capsys: pytest.CaptureFixture[str], journal: str, stub: StartStub) -> None:
    """When the account is as before it prints so, and the exit code is 0."""
    server = stub(
        lambda request: Response(
            json.dumps([] if "@me/" in request.path else {"name": "Old"}),
            204 if request.method == "DELETE" else 200,
        )
    )
    assert main(["restore", journal, "--base-url", server.base_url, "--token", "abc"]) == 0
    assert capsys.readouterr().out == f"{UNREAD}\nrestored\n"


def test_token_of_another_system(
    capsys: pytest.CaptureFixture[str], journal: str, stub: StartStub
) -> None:
    """With the token of another system nothing is sent that writes."""
    server = stub(lambda _: Response('{"id": "zzzzz"}'))
    words = (journal, "--base-url", server.base_url, "--token", "abc")
    assert "the token of system zzzzz: give that of" in rejection(capsys, *words)
    assert [request.method for request in server.received] == ["GET"]

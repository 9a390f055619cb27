"""`--save`: what is kept across restarts, and which files are rejected."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference.revisions import REVISIONS
from conformance.sandbox import servers, serving, state
from conformance.sandbox.loading import load
from conformance.sandbox.save_file import SaveFile
from conformance.sandbox.saving import keep_saved
from conformance.sandbox.serve_options import parser
from tests.sandbox.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.conftest import Running


@contextlib.contextmanager
def saved(path: Path, *words: str) -> Iterator[Running]:
    """Serve a sandbox with --save in this process, as the command does."""
    options = parser("sandbox").parse_args(["--save", str(path), *words])
    server = servers.build(options, limited=False)
    if options.data:
        load(server, options.data)
    saving = keep_saved(options, server)
    try:
        with running(server, saving=saving) as sandbox:
            yield sandbox
    finally:
        saving.close()


def remembered(sandbox: Running) -> str:
    """Return everything that the server remembers, the ids to come, too."""
    return repr(list(state.records(sandbox.sandbox.server))).replace("(", "[").replace(")", "]")


def write_some_of_everything(sandbox: Running) -> str:
    """Create, change and delete; return the token of a new system."""
    api, seeded = sandbox.api, sandbox.seeded
    ash, birch, cedar = (
        api.post("/members", json={"name": name}).json()["id"] for name in ("Ash", "Birch", "Cedar")
    )
    trees, shrubs = (
        api.post("/groups", json={"name": name}).json()["id"] for name in ("Trees", "Shrubs")
    )
    api.post(f"/groups/{trees}/members/add", json=[cedar, ash, birch])
    api.post("/systems/@me/switches", json={"members": [cedar, ash]})
    api.post("/systems/@me/switches", json={"members": [], "timestamp": "2024-01-01T00:00:00Z"})
    api.patch(f"/members/{ash}", json={"proxy_tags": [{"prefix": "A:"}]})
    api.patch(f"/members/{cedar}", json={"privacy": {"visibility": "private"}})
    api.delete(f"/members/{birch}")
    api.delete(f"/groups/{shrubs}")
    api.patch("/systems/@me/settings", json={"timezone": "Europe/Berlin"})
    api.patch(f"/systems/@me/guilds/{seeded.guild_id}", json={"tag": "| here"})
    api.patch("/systems/@me/autoproxy?guild_id=5", json={"autoproxy_mode": "front"})
    sandbox.control.post("/messages", json={"member": ash})
    sandbox.control.put(f"/members/{cedar}/guilds/7", json={"display_name": "C"})
    return str(sandbox.control.post("/systems", json={"name": "Third"}).json()["token"])


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("more", [[], ["--filled"], ["--like", "upstream"]])
def test_everything_is_kept(tmp_path: Path, revision: str, more: list[str]) -> None:
    """After a restart the server remembers the same, no id comes twice, and one file lies there."""
    path, words = tmp_path / "sandbox.db", ["--revision", revision, *more]
    with saved(path, *words) as sandbox:
        token = write_some_of_everything(sandbox)
        before = remembered(sandbox)
        assert "Third" in before
    assert list(tmp_path.iterdir()) == [path]
    with saved(path, *words) as sandbox:
        assert remembered(sandbox) == before
        with sandbox.client(f"{sandbox.origin}/v2", token) as third:
            assert third.get("/systems/@me").json()["name"] == "Third"
        created = sandbox.api.post("/members", json={"name": "Elm"}).json()
        assert created["id"] not in before
        assert created["uuid"] not in before
    with saved(path, *words) as sandbox:
        assert sandbox.api.get(f"/members/{created['id']}").json()["name"] == "Elm"


def test_lists_keep_their_order(tmp_path: Path) -> None:
    """Lists are in the same order as before, also after entities in their midst were changed and deleted."""
    path = tmp_path / "sandbox.db"
    with saved(path) as sandbox:
        ids = [sandbox.api.post("/members", json={"name": str(n)}).json()["id"] for n in range(20)]
        sandbox.api.patch(f"/members/{ids[4]}", json={"name": "other"})
        sandbox.api.delete(f"/members/{ids[19]}")
        before = sandbox.api.get("/systems/@me/members").json()
    with saved(path) as sandbox:
        sandbox.api.post("/members", json={"name": "new"})
        assert sandbox.api.get("/systems/@me/members").json()[:-1] == before


def test_reset_returns_to_the_start_of_the_file(tmp_path: Path) -> None:
    """A reset undoes what was written before a restart, too, and is kept itself."""
    path = tmp_path / "sandbox.db"
    with saved(path, "--seed", "3") as sandbox:
        before = remembered(sandbox)
        sandbox.api.post("/members", json={"name": "Ash"})
    with saved(path) as sandbox:
        assert sandbox.control.post("/reset").status_code == 204
        assert remembered(sandbox) == before
    with saved(path) as sandbox:
        assert remembered(sandbox) == before


def other_program(path: Path) -> str:
    """Write a file of SQLite that is not ours."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (b)")
    return "is a file of another program: use another name"


def no_database(path: Path) -> str:
    """Write a file of another kind."""
    path.write_text("[section]\n" * 100)
    return "is a file of another program: use another name"


def other_format(path: Path) -> str:
    """Write a file of a later version of the format."""
    with saved(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    return "has another version of the format: use another name"


def other_revision(path: Path) -> str:
    """Write a file of another revision."""
    with saved(path, "--revision", "2021-11"):
        pass
    return "is of revision 2021-11: add --revision 2021-11, or use another name"


def damaged(path: Path, part: int = 8192) -> str:
    """Write a file of which pages are missing, or none but their content."""
    with saved(path):
        pass
    content = path.read_bytes()
    path.write_bytes(content[:part] + b"\xff" * (len(content) - part if part > 8192 else 0))
    return "is damaged: use another name"


def damaged_inside(path: Path) -> str:
    """Write a file that has all its pages, most of them with other content."""
    return damaged(path, 16384)


@pytest.mark.parametrize(
    "make", [other_program, no_database, other_format, other_revision, damaged, damaged_inside]
)
def test_other_files_are_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Any
) -> None:
    """A file that cannot be used gets one line, and stays as it is."""
    path = tmp_path / "sandbox.db"
    reason = make(path)
    before = path.read_bytes()
    assert serving.serve_sandbox(["--port", "0", "--save", str(path)]) == 4
    assert capsys.readouterr().err == f"error: {path} {reason}\n"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--seed", "1"], "was made with --seed 0: leave --seed out, or use another name"),
        (["--filled"], "was made without --filled: leave it out, or use another name"),
        (
            ["--data", "export.json"],
            (
                "holds a sandbox already, and --data fills only a new one:"
                " leave --data out, or use another name"
            ),
        ),
    ],
)
def test_options_that_do_not_fit_the_file(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    reason: str,
) -> None:
    """Options that say how a new sandbox is made have to fit one that exists."""
    path = tmp_path / "sandbox.db"
    with saved(path):
        pass
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.json").write_text('{"version": 2, "members": []}')
    assert serving.serve_sandbox(["--port", "0", "--save", str(path), *words]) == 4
    assert capsys.readouterr().err == f"error: {path} {reason}\n"


def test_a_file_has_one_sandbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While a sandbox runs, no other one uses its file."""
    path = tmp_path / "sandbox.db"
    with saved(path) as sandbox:
        assert serving.serve_sandbox(["--port", "0", "--save", str(path)]) == 4
        assert sandbox.api.post("/members", json={"name": "Ash"}).is_success
    expected = f"error: {path} is in use by another sandbox: stop that, or use another name\n"
    assert capsys.readouterr().err == expected


def test_places_where_no_file_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, and a folder that does not exist, get one line."""
    none = tmp_path / "none" / "sandbox.db"
    for path, reason in ((tmp_path, "Is a directory"), (none, "No such file or directory")):
        assert serving.serve(["--port", "0", "--save", str(path)]) == 4
        assert capsys.readouterr().err == (
            f"error: cannot use {path}: {reason}; use a file in a folder in which you may write\n"
        )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is only for reading gets one line."""
    path = tmp_path / "sandbox.db"
    with saved(path):
        pass
    path.chmod(0o400)
    assert serving.serve(["--port", "0", "--save", str(path)]) == 4
    assert "Permission denied" in capsys.readouterr().err


def test_a_file_is_for_its_owner(tmp_path: Path) -> None:
    """Nobody else reads the tokens, and what an export says of people."""
    path = tmp_path / "sandbox.db"
    with saved(path) as sandbox:
        assert sandbox.api.post("/members", json={"name": "Ash"}).is_success
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_one_server_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second instance has data of its own, which nothing keeps."""
    words = ["--save", str(tmp_path / "sandbox.db"), "--rate-limit-port", "0"]
    assert serving.serve(["--port", "0", *words]) == 4
    assert capsys.readouterr().err == (
        "error: --save keeps one server: leave --rate-limit-port out\n"
    )


def test_an_empty_file_is_new(tmp_path: Path) -> None:
    """A file without content, like that of a temporary file, is filled."""
    path = tmp_path / "sandbox.db"
    path.touch()
    with saved(path) as sandbox:
        assert sandbox.api.post("/members", json={"name": "Ash"}).is_success
    with contextlib.closing(SaveFile(path)) as file:
        assert not file.is_new


def test_what_cannot_be_saved_is_no_success(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A write that the file does not take returns 500, and is in the file with the next one that it takes."""
    path = tmp_path / "sandbox.db"
    with saved(path) as sandbox:
        connection = sandbox.sandbox._saving._file._connection  # type: ignore[union-attr] # noqa: SLF001 as a full disk does
        connection.execute("PRAGMA query_only = ON")
        assert sandbox.api.post("/members", json={"name": "Ash"}).status_code == 500
        response = sandbox.control.post("/systems", json={"name": "Third"})
        assert response.status_code == 500
        assert response.json()["message"].startswith("not saved: ")
        assert "POST /v2/members is not saved" in caplog.text
        connection.execute("PRAGMA query_only = OFF")
        assert sandbox.api.post("/members", json={"name": "Birch"}).is_success
    with saved(path) as sandbox:
        names = [row["name"] for row in sandbox.api.get("/systems/@me/members").json()]
        assert names == ["Ash", "Birch"]

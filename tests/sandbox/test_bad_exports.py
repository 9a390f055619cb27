"""`--data` with a file that has something wrong: one line that names the place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.reference.application import Server
from conformance.sandbox.loading import SCHEMA
from conformance.sandbox.serving import serve, serve_sandbox
from tests.sandbox.exports import EXPORT, changed, written

if TYPE_CHECKING:
    from pathlib import Path

SECOND = Server().seeded.second
SPEAKER = next(iter(SECOND.members.values()))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "[] is not of type 'object'; expected is an object, as `pk;export` writes it"),
        ({"members": []}, "'version' is a required property; expected is an object"),
        (changed("version", to=1), "version: 2 was expected; expected is only version 2"),
        (
            changed("members", 1, "name", to=None),
            "members[1].name: None is not of type 'string'; expected is a name, a text",
        ),
        (
            changed("members", 2, to={"id": "cccccc"}),
            "members[2]: 'name' is a required property; expected is an object with a name",
        ),
        (changed("members", 0, "color", to="red"), "members[0].color: 'red' does not match"),
        (changed("members", 0, "birthday", to="May 1"), "members[0].birthday: 'May 1' does not"),
        (
            changed("members", 0, "proxy_tags", 0, "prefix", to=5),
            "members[0].proxy_tags[0].prefix: 5 is not of type 'string', 'null'; expected is",
        ),
        (
            changed("members", 0, "privacy", "visibility", to="secret"),
            "members[0].privacy.visibility: 'secret' is not one of ['public', 'private', None];",
        ),
        (
            changed("members", 0, "created", to="yesterday"),
            "members[0].created: 'yesterday' is no instant; use a form like 2030-01-01T12:00:00Z",
        ),
        (
            changed("members", 1, "id", to="aaaaaa"),
            "members[1].id: 'aaaaaa' is taken already; leave the key out to get a new one",
        ),
        (
            changed("members", 1, "uuid", to=SPEAKER.uuid),
            f"members[1].uuid: '{SPEAKER.uuid}' is taken already; leave the key out",
        ),
        (changed("id", to=SECOND.short_id), f"id: '{SECOND.short_id}' is taken already;"),
        (
            changed("accounts", 1, to=SECOND.accounts[0]),
            f"accounts[1]: {SECOND.accounts[0]} belongs to the second system; leave it out,",
        ),
        (
            changed("accounts", 0, to=-5),
            "accounts[0]: '-5' is no Discord id; use a whole number of 64 bits",
        ),
        (
            changed("groups", 0, "members", 1, to="zzzzz"),
            "groups[0].members[1]: 'zzzzz' is not among the members of the file; leave it out",
        ),
        (
            changed("switches", 0, "members", 1, to="aaaaaa"),
            "switches[0].members[1]: 'aaaaaa' is there twice; leave it out",
        ),
        (
            changed("switches", 1, "timestamp", to="2022-01-01T00:00:00Z"),
            "switches[1].timestamp: '2022-01-01T00:00:00Z' is that of another switch; leave one",
        ),
        (
            changed("switches", 1, "timestamp", to="2022"),
            "switches[1].timestamp: '2022' is no instant; use a form like",
        ),
        (changed("config", "timezone", to=5), "config.timezone: 5 is not of type 'string', 'null'"),
        (
            changed("groups", to="x" * 300),
            f"groups: '{'x' * 119}...; expected is a list of objects",
        ),
    ],
)
def test_errors_name_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: object, message: str
) -> None:
    """A file with something wrong gets one line with file, place and remedy."""
    path = written(tmp_path, value)
    assert serve_sandbox(["--port", "0", "--data", str(path)]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"error: {path}: {message}")


def test_ids_of_another_revision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The launch had short ids of five letters."""
    path = written(tmp_path, EXPORT)
    assert serve(["--port", "0", "--revision", "2021-11", "--data", str(path)]) == 4
    expected = f"error: {path}: id: 'ssssss' is no id of this revision; leave --revision out\n"
    assert capsys.readouterr().err == expected


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xff", b'{"name": "\\ud800"}'])
def test_files_that_are_no_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """What is no JSON gets one line, and a file for --save is not made."""
    path = tmp_path / "export.json"
    path.write_bytes(content)
    save = tmp_path / "sandbox.db"
    assert serve_sandbox(["--port", "0", "--data", str(path), "--save", str(save)]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"error: {path}: no JSON (")
    assert lines[0].endswith("); give the file that `pk;export` wrote")
    assert not save.exists()


def test_files_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that does not exist, and a folder, get one line."""
    for path in (tmp_path, tmp_path / "none.json"):
        assert serve_sandbox(["--port", "0", "--data", str(path)]) == 4
        assert capsys.readouterr().err.startswith(f"error: cannot read {path}: ")


def test_the_first_system_is_filled_once(capsys: pytest.CaptureFixture[str]) -> None:
    """--data and --filled exclude each other."""
    assert serve_sandbox(["--port", "0", "--filled", "--data", "x.json"]) == 4
    assert capsys.readouterr().err == (
        "error: --data and --filled both fill the first system: leave one of them out\n"
    )


def test_the_schema_is_one() -> None:
    """The schema is valid, and each place says what is right there."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)

    def places(value: Any) -> list[dict[str, Any]]:
        inner = [*value.get("properties", {}).values(), value.get("items")]
        inner.append(value.get("additionalProperties"))
        return [value, *(found for one in inner if one for found in places(one))]

    assert [one for one in places(schema) if "description" not in one] == []

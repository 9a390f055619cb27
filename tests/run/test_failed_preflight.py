"""A run that ends in preflight: what it prints, and what it leaves for CI servers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.stub import Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run, StartStub

TOKEN = "the-secret-of-this-test"  # noqa: S105 not a real one


def test_junit_has_the_error(run_suite: Run, stub: StartStub, tmp_path: Path) -> None:
    """junit.xml has one error with the line that is printed, and names suite, target and revision; nothing else is written."""
    base_url = stub(lambda _: Response('{"code": 0}', 401)).base_url
    run = run_suite("--base-url", base_url, "--name", "closed", PK_TOKEN=TOKEN)
    assert run.returncode == 4
    folder = tmp_path / "reports/closed/2025-08"
    assert [file.name for file in folder.iterdir()] == ["junit.xml"]
    root = ET.parse(folder / "junit.xml").getroot()  # noqa: S314 our own
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    [suite] = root
    found = {row.get("name"): row.get("value") for row in suite.iterfind("properties/property")}
    assert suite.get("name") == "pluralkit-conformance"
    assert (found["target"], found["base_url"]) == ("closed", base_url)
    assert found["revision"] == "2025-08"
    [error] = suite.iterfind("testcase/error")
    assert run.stderr == f"error: {error.get('message')}\n"
    assert "does not accept the token" in run.stderr


def test_earlier_report_stays(run_suite: Run, stub: StartStub, tmp_path: Path) -> None:
    """The files of an earlier run stay, but for junit.xml; those of a whole one all stay if the run was narrowed."""
    folder = tmp_path / "reports/closed/2025-08"
    folder.mkdir(parents=True)
    whole = json.dumps({"headline": "conformant: all"})
    (folder / "report.json").write_text(whole)
    base_url = stub(lambda _: Response(status=404)).base_url
    words = ("--base-url", base_url, "--name", "closed")
    run_suite(*words, "-k", "user_agent", PK_TOKEN=TOKEN)
    assert sorted(file.name for file in folder.iterdir()) == ["partial", "report.json"]
    assert (folder / "partial/junit.xml").exists()
    run_suite(*words, PK_TOKEN=TOKEN)
    assert "wrong base path" in (folder / "junit.xml").read_text("utf-8")
    assert (folder / "report.json").read_text() == whole


@pytest.mark.parametrize("words", [("--revision", "2025-80"), ("--name", "a/b")])
def test_unreadable_description(run_suite: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Nothing is written where the description of the target cannot be read."""
    assert run_suite("--base-url", "http://127.0.0.1:1/v2", *words).returncode == 4
    assert not (tmp_path / "reports").exists()


def test_hostile_system(run_suite: Run, stub: StartStub, tmp_path: Path) -> None:
    """What the server says is printed and written without the token, and without what a terminal obeys."""

    def script(request: Request) -> Response:
        rows = [{"id": "abcde"}]
        system = {"id": f"\x1b[2Ja\n\u202e{TOKEN}"}
        return Response(json.dumps(rows if request.path.count("/") > 3 else system))

    base_url = stub(script).base_url
    run = run_suite("--base-url", base_url, "--name", "odd", PK_TOKEN=TOKEN)
    assert run.returncode == 4
    assert run.stderr.startswith("error: system \\x1b[2Ja\\n\\u202e$PK_TOKEN already holds")
    assert run.stderr.count("\n") == 1
    text = (tmp_path / "reports/odd/2025-08/junit.xml").read_text("utf-8")
    assert "\\x1b[2Ja\\n\\u202e$PK_TOKEN already" in text
    assert TOKEN not in text

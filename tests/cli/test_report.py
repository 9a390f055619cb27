"""`report`: makes the reports again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main
from conformance.reporting.formats import FORMATS
from tests.reporting.conftest import every_verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference, Run

REPORTS = ("report.json", "index.html", "junit.xml", "summary.md", "badge.json")
FIRST_WORDS = {
    "html": "<!doctype html>",
    "json": "{",
    "junit": "<?xml",
    "markdown": "## ",
    "har": "{",
    "badge": "{",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A report folder with the log of a small run."""
    (tmp_path / "run").mkdir()
    lines = (json.dumps(event) + "\n" for event in every_verdict())
    (tmp_path / "run" / "events.jsonl").write_text("".join(lines))
    return tmp_path / "run"


@pytest.mark.parametrize("name", FORMATS)
def test_one_format(
    folder: Path, tmp_path: Path, name: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """One format is printed, or goes to a file, or into a folder; the log may be named by its folder."""
    assert main(["report", str(folder), "--format", name]) == 0
    printed = capsysbinary.readouterr().out
    assert printed.startswith(FIRST_WORDS[name].encode())
    file = tmp_path / "file"
    assert main(["report", str(folder), "--format", name, "--output", str(file)]) == 0
    assert main(["report", str(folder), "--format", name, "--into", str(tmp_path / "into")]) == 0
    assert file.read_bytes() == (tmp_path / "into" / FORMATS[name].file).read_bytes() == printed
    assert [path.name for path in folder.iterdir()] == ["events.jsonl"]


def test_several_formats(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several formats become files, by default beside the log."""
    words = ["--format", "har", "--format", "badge", "--format", "har"]
    assert main(["report", str(folder), *words]) == 0
    assert capsys.readouterr().out.startswith("suite error: ")
    made = sorted(path.name for path in folder.iterdir())
    assert made == ["badge.json", "events.jsonl", "exchanges.har"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--format", "pdf"], "invalid choice: 'pdf'"),
        (["--output", "x"], "--output takes one --format"),
        (["--format", "har", "--output", "x", "--into", "y"], "--output takes one --format"),
    ],
)
def test_bad_usage(
    folder: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be is one line."""
    with pytest.raises(SystemExit) as ended:
        main(["report", str(folder), *words])
    assert ended.value.code == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert message in line


@pytest.mark.parametrize("option", ["--output", "--into"])
def test_unwritable(folder: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A place that cannot be written to is named in one line."""
    place = folder / "events.jsonl" / "below"
    assert main(["report", str(folder), "--format", "badge", option, str(place)]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: cannot write ")


def test_reports_are_made_again(
    run_suite: Run,
    reference: Reference,
    checks: Checks,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Reports that are made again from the log are the same, in its folder or in another."""
    run = run_suite("--target", str(reference.target_file), checks("user_agent/user_agent"))
    assert run.returncode == 0
    folder = tmp_path / "reports" / "reference" / "2025-08"
    before = {name: (folder / name).read_bytes() for name in REPORTS}
    (folder / "index.html").unlink()
    assert main(["report", str(folder / "events.jsonl")]) == 0
    assert main(["report", str(folder / "events.jsonl"), "--into", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.startswith("partial: conformant: ")
    for made in (folder, tmp_path / "new"):
        assert {name: (made / name).read_bytes() for name in REPORTS} == before


@pytest.mark.parametrize("content", [None, "not a log\n", ""])
def test_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None) -> None:
    """A file that is missing or no event log is rejected with one line."""
    path = tmp_path / "events.jsonl"
    if content is not None:
        path.write_text(content)
    assert main(["report", str(path)]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")

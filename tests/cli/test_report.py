"""`report`: makes the reports again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference, Run

REPORTS = ("report.json", "index.html", "junit.xml", "summary.md", "badge.json")


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

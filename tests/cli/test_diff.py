"""`diff`: two reports compared by the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Run, StartReference

FAULT, ID = "delete_switch_returns_200", "delete-switch-204"
REPORT = {"format": 2, "status": "conformant", "headline": "h", "started": "s", "revision": "r"}
PARTS = {"target": {"name": "n", "base_url": "b"}, "suite": {"name": "s", "version": "1"}}
ROW = dict.fromkeys(("id", "text", "level", "area", "page", "section", "reason"), "x")
ROW["url"] = "https://pluralkit.me/api"
BAD_LINK = ROW | {"verdict": "passed", "url": "javascript:alert(1)"}


def test_runs_of_a_server_that_gets_worse(
    run_suite: Run,
    start_reference: StartReference,
    checks: Checks,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fault is new one way and fixed the other; report.json, the log and the folder give the same."""
    for name, words in (("good", ()), ("bad", ("--fault", FAULT))):
        with start_reference(*words) as server:
            target = ("--target", str(server.target_file), "--name", name)
            run_suite(*target, checks("switches/deletion"))
    good, bad = (tmp_path / "reports" / name / "2025-08" for name in ("good", "bad"))
    printed = []
    for old, new in ((good, bad), (good / "report.json", bad / "events.jsonl")):
        assert main(["diff", str(old), str(new)]) == 1
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert f"NEW {ID} (must, endpoints#delete-switch): passed -> failed\n" in printed[0]
    assert main(["diff", str(bad), str(good)]) == 0
    assert capsys.readouterr().out.endswith("\n0 new, 0 still violated, 1 fixed\n")
    assert main(["diff", str(bad), str(bad)]) == 0
    for name in ("markdown", "html"):
        file = tmp_path / name
        output = ["--format", name, "--output", str(file)]
        assert main(["diff", str(good), str(bad), *output]) == 1
        assert ID in file.read_text("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        None,
        "no JSON",
        "[" * 100_000,
        "{}",
        json.dumps(REPORT | {"format": 1}),
        json.dumps(REPORT | PARTS | {"counts": {}, "requirements": [ROW | {"verdict": "fine"}]}),
        json.dumps(REPORT | PARTS | {"counts": {}, "requirements": ["x"]}),
        json.dumps(REPORT | PARTS | {"counts": {}, "requirements": [BAD_LINK]}),
        json.dumps(REPORT | {"counts": {}, "requirements": []}),
    ],
)
def test_unreadable_reports(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is missing, or no report of this format, is one line and exit code 4."""
    file = tmp_path / "report.json"
    if content is not None:
        file.write_text(content)
    assert main(["diff", str(file), str(file)]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {file}: ")


def test_other_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder, and a file that cannot be written, are one line."""
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 4
    assert "neither report.json nor events.jsonl" in capsys.readouterr().err
    file = tmp_path / "report.json"
    whole = REPORT | PARTS | {"counts": {}, "requirements": [ROW | {"verdict": "passed"}]}
    file.write_text(json.dumps(whole))
    assert main(["diff", str(file), str(file), "--output", str(file / "below")]) == 4
    assert "error: cannot write " in capsys.readouterr().err

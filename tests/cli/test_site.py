"""`site`: an index of published runs, and the example runs that it ships with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import main
from conformance.cli.examples import EXAMPLES, Example, run_examples
from conformance.contract import revisions

if TYPE_CHECKING:
    from pathlib import Path


def test_examples_are_real_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An example is a run against a server with its options; one that cannot be run is named, and parts stay out of the index."""
    fault = Example("faulty", "2025-08", ("--fault", "delete_switch_returns_200"))
    words = ("--requirement", "delete-switch-204")
    assert run_examples(tmp_path, [fault], *words) == []
    report = json.loads((tmp_path / "1" / "faulty" / "2025-08" / "report.json").read_text("utf-8"))
    assert report["headline"] == "partial: not conformant: 1 requirement violated"
    [problem] = run_examples(tmp_path, [fault], "--no-such-option")
    assert problem.startswith("faulty at 2025-08: error: unrecognized arguments")
    assert main(["site", str(tmp_path)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("left out: ")
    assert printed[1] == f"0 runs, 2 pages: {tmp_path / 'site' / 'index.html'}"


def test_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is missing, and one that cannot be written, are one line."""
    assert main(["site", str(tmp_path / "none")]) == 4
    assert capsys.readouterr().err.startswith("error: no folder ")
    file = tmp_path / "file"
    file.touch()
    assert main(["site", str(tmp_path), "--into", str(file)]) == 4
    assert capsys.readouterr().err.startswith("error: cannot write ")


def test_what_the_examples_are() -> None:
    """They have the server as documented and as upstream at each revision, three faulty ones, and one that gets better."""
    for name in ("as-documented", "as-upstream"):
        assert {one.revision for one in EXAMPLES if one.name == name} == set(revisions())
    faulty = [one for one in EXAMPLES if "--fault" in one.options]
    assert len({one.name for one in faulty}) == 3
    assert any(one.number > 1 for one in faulty)


@pytest.mark.long
def test_the_whole_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The index of all examples has each of them, and the docs are kept as the docs say."""
    assert main(["site", str(tmp_path), "--examples"]) == 0
    assert capsys.readouterr().out.startswith(f"{len(EXAMPLES)} runs, ")
    text = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert all(example.name in text for example in EXAMPLES)
    for revision in revisions():
        path = tmp_path / "examples" / "1" / "as-documented" / revision / "report.json"
        assert json.loads(path.read_text("utf-8"))["status"] == "conformant"

"""The tables of the README are as the commands print them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.mutation import readme

README = Path(__file__).parents[2] / "README.md"
MADE = {
    "faults": {"by_area": {"PATCH": {"killed": 3, "total": 4}}, "killed": 3, "total": 4},
    "peer": {
        "faults": 2,
        "programs": {
            "suite": {"found": 2, "false": 0, "requests": 1200, "seconds": 9},
            "schemathesis": {"found": 1, "false": 3, "requests": 4000, "seconds": 90},
        },
        "only_schemathesis": [],
    },
}


@pytest.mark.parametrize("name", list(readme.TABLES))
def test_form(name: str) -> None:
    """Head and columns are those of the command that makes the table."""
    shown = readme.between(README.read_text("utf-8"), name).strip().splitlines()
    made = readme.TABLES[name](MADE[name]).splitlines()
    assert shown[:2] == made[:2]
    columns = {line.count("|") for line in shown if line.startswith("|")}
    assert columns == {made[0].count("|")}


def test_tables_are_replaced(tmp_path: Path) -> None:
    """The command replaces the tables that were measured, and nothing else."""
    file = tmp_path / "README.md"
    file.write_text("a\n<!-- mutation:faults -->\nold\n<!-- /mutation:faults -->\nb\n", "utf-8")
    (tmp_path / "faults.json").write_text(json.dumps(MADE["faults"]), "utf-8")
    assert readme.readme(["--report-folder", str(tmp_path), "--readme", str(file)]) == 0
    text = file.read_text("utf-8")
    assert "| PATCH: 3 of 4 |" in text
    assert "old" not in text
    assert text.startswith("a\n<!-- mutation:faults -->\n| area: faults killed |")


def test_missing_markers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without markers nothing is written, and the error names them."""
    file = tmp_path / "README.md"
    file.write_text("a\n", "utf-8")
    (tmp_path / "faults.json").write_text(json.dumps(MADE["faults"]), "utf-8")
    assert readme.readme(["--report-folder", str(tmp_path), "--readme", str(file)]) == 4
    assert "no markers mutation:faults" in capsys.readouterr().err

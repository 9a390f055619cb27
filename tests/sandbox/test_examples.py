"""The examples for authors of clients: each runs as its first comment says, in a folder apart from the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PROJECT = EXAMPLES.parents[1]
RUNS = {
    "python": ([sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], "2 passed"),
    "javascript": (["node", "--test"], "# pass 2\n"),
    "go": (["go", "test", "-v", "-count=1"], "--- PASS: TestItWaits"),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "language", ["python", "javascript", pytest.param("go", marks=pytest.mark.long)]
)
def test_it_runs(language: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """The client's tests pass, and the output has what only their success prints."""
    command, shown = RUNS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} on this machine")
    folder = tmp_path / language
    shutil.copytree(EXAMPLES / language, folder, ignore=shutil.ignore_patterns("__pycache__"))
    found = environment | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GOTOOLCHAIN": "local",
    }
    done = subprocess.run(
        command, cwd=folder, env=found, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert shown in done.stdout


def test_every_example_runs() -> None:
    """No folder is left out."""
    assert {path.name for path in EXAMPLES.iterdir()} == set(RUNS)

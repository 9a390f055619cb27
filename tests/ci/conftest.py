"""A workspace as a CI server has one, with the suite installed."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Bash = Callable[[str, Mapping[str, str]], subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
FAULT, ID = "accepts_below_other_system_switch_id_of_get_switch", "switch-of-another-system-404"


def pretend_installed(venv: Path) -> None:
    """Make a folder look like the environment that the scripts make, with the Python of the tests."""
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    (venv / "installed").touch()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty folder: the repository of a server."""
    folder = tmp_path / "work space"
    folder.mkdir()
    return folder


@pytest.fixture
def bash(workspace: Path, environment: dict[str, str]) -> Bash:
    """Return a function that runs a script in the workspace as GitHub's runner does: it ends at the first error."""

    def run(script: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607 as everywhere
            cwd=workspace,
            env={**environment, "PYTHONPATH": os.pathsep.join([str(ROOT)]), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run

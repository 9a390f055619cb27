"""Freedoms: a server that does otherwise whatever the docs leave open is conformant all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.commands.embedded import ReferenceServer
from conformance.contract import revisions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


@pytest.mark.parametrize("revision", revisions())
def test_all_freedoms_together_are_conformant(
    revision: str, run_suite: Run, tmp_path: Path
) -> None:
    """No check finds anything wrong with a server that takes every freedom."""
    target = tmp_path / "free.toml"
    with ReferenceServer(revision, target, "--freedom", "all"):
        run = run_suite("--target", str(target), "--revision", revision, "-k", "not rate_")
    assert run.returncode == 0, run.stdout
    assert "conformant: " in run.stdout


def test_unknown_freedom_is_one_line(suite: Run) -> None:
    """A name that no freedom has is refused, and the list of them is named."""
    refused = suite("serve", "--freedom", "sings", "--port", "0")
    assert refused.returncode == 4
    assert refused.stderr == "error: unknown freedom 'sings'; see --list-freedoms\n"


def test_freedoms_are_listed(suite: Run) -> None:
    """Each freedom is listed with its sentence."""
    lines = suite("serve", "--list-freedoms").stdout.splitlines()
    assert lines == sorted(lines)
    assert "answers_201_to_post: What creates something is answered 201." in lines

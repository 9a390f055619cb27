"""`spec`: the OpenAPI document of a revision."""

from __future__ import annotations

import json

import pytest
import yaml

from conformance.__main__ import main
from conformance.contract import load, revisions


@pytest.mark.parametrize("revision", revisions())
def test_both_formats_have_the_same_content(
    capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    """YAML and JSON are both the whole document of the revision."""
    assert main(["spec", "--revision", revision]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == load(revision).document
    assert main(["spec", "--revision", revision, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == load(revision).document


def test_unknown_revision(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown revision is rejected with one line."""
    assert main(["spec", "--revision", "2025-80"]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: unknown revision '2025-80': did you mean 2025-08?")

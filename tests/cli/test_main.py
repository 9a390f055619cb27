"""The command line as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.__main__ import VERBS, main

if TYPE_CHECKING:
    from tests.conftest import Run


def test_without_a_verb(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a verb the usage is printed, and the exit code is that of bad usage."""
    assert main([]) == 4
    assert capsys.readouterr().out.startswith("usage: python -m conformance VERB")


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help(capsys: pytest.CaptureFixture[str], word: str) -> None:
    """The help has every verb, and the exit code is 0."""
    assert main([word]) == 0
    output = capsys.readouterr().out
    for verb in VERBS:
        assert f"\n  {verb} " in output


def test_unknown_verb(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown verb is one line that names those that are known."""
    assert main(["rnu"]) == 4
    output = capsys.readouterr().err
    assert output.startswith("error: unknown verb 'rnu'")
    assert output.count("\n") == 1


def test_faults_are_listed(suite: Run) -> None:
    """`serve --list-faults` prints a line for each fault and ends."""
    listed = suite("serve", "--list-faults")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "patch_clears_unsent_member_keys: " in listed.stdout


def test_help_of_run(suite: Run) -> None:
    """`run --help` shows the options of the suite and starts no server."""
    shown = suite("run", "--help")
    assert shown.returncode == 0
    assert "--other-token" in shown.stdout

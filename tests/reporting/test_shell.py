"""Words and lines mean in a shell what they meant in the log."""

from __future__ import annotations

import shlex
import subprocess
from typing import Any

import pytest

from conformance.reporting.shell import rerun, word


def _printed(text: str) -> str:
    """Return what the shell makes of a word."""
    line = ["sh", "-c", f"printf %s {word(text)}"]
    environment = {"PK_TOKEN": "Ab1", "PATH": "/usr/bin:/bin", "HEADER_X_KEY": "key"}
    return subprocess.run(line, env=environment, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("authorization: $PK_TOKEN", "authorization: Ab1"),
        ("authorization: $TRUNCATED_TOKEN", "authorization: Ab"),
        ("authorization: $RECASED_TOKEN", "authorization: aB1"),
        ("authorization: $EXTENDED_TOKEN", "authorization: Ab1x"),
        ("it's $EXTENDED_TOKEN!", "it's Ab1x!"),
        ("x-key: $HEADER_X_KEY", "x-key: key"),
        ("$HOME `id` \"'", "$HOME `id` \"'"),
        ("", ""),
    ],
)
def test_words(text: str, printed: str) -> None:
    """Tokens expand, wrong ones are derived from the own one, all else is as it is."""
    assert _printed(text) == printed


def test_an_unknown_token_is_random() -> None:
    """It has the form of a token, and is another one each time."""
    first, second = _printed("$UNKNOWN_TOKEN"), _printed("$UNKNOWN_TOKEN")
    assert len(first) == len(second) == 64
    assert first != second


def test_rerun() -> None:
    """The line takes the words of the log; for a log without them it names URL and revision."""
    report: dict[str, Any] = {"target": {"base_url": "http://h/v2"}, "revision": "2021-11"}
    start = ["python", "-m", "conformance", "run"]
    words = shlex.split(rerun(report, "an-id"))
    assert words == [
        *start,
        "--base-url",
        "http://h/v2",
        "--revision",
        "2021-11",
        "--requirement",
        "an-id",
    ]
    report["repetition"] = ["--target", "my file.toml"]
    words = shlex.split(rerun(report, "an-id"))
    assert words == [*start, "--target", "my file.toml", "--requirement", "an-id"]

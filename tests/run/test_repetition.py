"""The words that repeat a run name the same target and options, and no secret."""

from __future__ import annotations

import pytest

from conformance.run.repetition import EMBEDDED, repetition
from conformance.target import describe


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "http://h/v2"}, "--base-url http://h/v2 --revision 2025-08"),
        (
            {"base_url": "http://h/v2", "revision": "2021-11", "seed": 3, "effort": "deep"},
            "--base-url http://h/v2 --revision 2021-11 --effort deep --seed 3",
        ),
        (
            {"base_url": "http://h/v2", "allow_existing": ["abcde"], "rate": 2.0, "budget": 0},
            "--base-url http://h/v2 --revision 2025-08 --allow-existing abcde --rate 2 --budget 0",
        ),
        (
            {
                "base_url": "http://h/v2",
                "strict_docs": True,
                "proxy": "http://p:1",
                "header": ["X-Key: a secret of mine"],
                "token": "a-token-of-mine",
            },
            "--base-url http://h/v2 --revision 2025-08 --strict-docs --proxy http://p:1 --header X-Key: $HEADER_X_KEY",
        ),
        (
            {"base_url": "http://h/v2", "proxy": "http://user:password@p:1"},
            "--base-url http://h/v2 --revision 2025-08",
        ),
    ],
)
def test_options(options: dict[str, object], words: str) -> None:
    """What says how the target is checked is repeated; tokens, values of headers and passwords are not."""
    assert " ".join(repetition(options, describe(options, {}))) == words


def test_files() -> None:
    """A target file is named, with its own revision; that of the embedded server is gone by then."""
    target = describe({"base_url": "http://h/v2"}, {})
    assert repetition({"target": "my.toml"}, target) == ["--target", "my.toml"]
    embedded = f"/tmp/{EMBEDDED}x/2021-11.toml"  # noqa: S108 - never opened
    assert repetition({"target": embedded}, target) == ["--revision", "2025-08"]

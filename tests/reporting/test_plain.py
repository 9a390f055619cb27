"""What a terminal obeys is in no report that people read."""

from __future__ import annotations

import json

import pytest

from conformance.reporting.plain import plain


@pytest.mark.parametrize(
    "odd", ["\x1b[2J", "\x00", "\x9b31m", "\u202e", "\u2066", "\u200f", "\u2028"]
)
def test_what_a_terminal_obeys(odd: str) -> None:
    """Controls, and what turns the direction of writing, are escapes that mean the same in JSON."""
    shown = plain(f'"{odd}"')
    assert odd[0] not in shown
    assert json.loads(shown) == odd


def test_all_else_stays() -> None:
    """Lines, tabs, letters of any script and other symbols stay."""
    text = "a\n\tb é ש 漢 \U0001f600"
    assert plain(text) == text

"""Expected and actual side by side."""

from __future__ import annotations

import json

from conformance.reporting.difference import MOST_LINES, Line, difference


def test_json_is_compared_line_by_line() -> None:
    """Of two objects only what differs is marked; equal lines far from it are left out."""
    expected = {f"key{n}": n for n in range(12)}
    lines = difference(json.dumps(expected), json.dumps(expected | {"key11": None}), 4000)
    assert [line.kind for line in lines] == ["gap", "same", "same", "changed", "same"]
    assert lines[0].expected == "… 10 equal lines"
    assert lines[3] == Line("changed", '  "key11": 11', '  "key11": null')


def test_words_are_compared_as_they_are() -> None:
    """What is no JSON, or a single value, is a line."""
    assert difference("status 204", "status 200", 99) == [
        Line("changed", "status 204", "status 200")
    ]
    assert difference("null", '"1980"', 99) == [Line("changed", "null", '"1980"')]
    assert difference(None, "[1]", 99)[0] == Line("changed", None, "[")
    assert difference("[" * 5000, "x", 9)[0].actual == "x"
    assert difference(None, None, 99) == []


def test_long_sides_are_cut() -> None:
    """Lines that are too long, or too many, end in a note."""
    assert "cut here" in (difference("x" * 50, "y", 20)[0].expected or "")
    many = difference("\n".join(map(str, range(MOST_LINES + 9))), "", 99_999)
    assert "cut here" in (many[-1].expected or "")
    assert len(many) == MOST_LINES + 1


def test_a_few_equal_lines_stay() -> None:
    """A gap stands only for more lines than it takes itself."""
    lines = difference("a\nb\nc\nd\nx\ny", "A\nb\nc\nd\nx\nY", 99)
    assert [line.kind for line in lines] == ["changed", *["same"] * 4, "changed"]

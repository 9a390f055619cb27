"""Words that have another one in the glossary stand nowhere but in the changelog, which says what they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
FOLDERS = ("conformance", "openapi", "tests", "docs", ".ci")
SUFFIXES = {".py", ".md", ".yaml", ".toml", ".json", ".j2", ".ini"}
# The word, and what is said instead (docs/glossary.md).
AVOIDED = {
    "sentences?": "requirement",
    "answered": "returns",
    "refus(e|es|ed|al|als|ing)": "rejected",
    "told": "reported",
    "trip(s|ped)?": "violates",
    "breaks": "violates",
    "unmet": "precondition failed",
    "departures?": "known deviation",
    "freedoms?": "allowed variation",
    "spell(s|ed|ing|ings)?": "id format",
    "strangers?": "other user",
    "upstream's own": "PluralKit production",
    "farewell|births?|march": "what is meant",
}
# What the field itself says: line breaks; a text of one sentence.
ALLOWED = re.compile(r"line[ _]breaks?|one sentence", re.IGNORECASE)


def files() -> list[Path]:
    """Return the files that somebody wrote."""
    found = [path for folder in FOLDERS for path in (HERE / folder).rglob("*")]
    single = ("pyproject.toml", "noxfile.py", "reports/README.md")
    found += [*HERE.glob("*.md"), *(HERE / name for name in single)]
    left_out = {Path(__file__), HERE / "CHANGELOG.md"}
    return [
        path
        for path in found
        if path.suffix in SUFFIXES and path not in left_out and "node_modules" not in path.parts
    ]


@pytest.mark.parametrize("word", AVOIDED)
def test_one_word_for_one_thing(word: str) -> None:
    """No file has a word for which the glossary has another."""
    pattern = re.compile(rf"(?<![A-Za-z])({word})(?![A-Za-z])", re.IGNORECASE)
    found = [
        f"{path.relative_to(HERE)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(ALLOWED.sub("", line)) and path.name != "package-lock.json"
    ]
    assert found == [], f"say {AVOIDED[word]!r}"

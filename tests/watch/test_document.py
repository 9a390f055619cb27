"""The page about the watch has each habit."""

from __future__ import annotations

from pathlib import Path

from conformance.watch.catalogue import read_habits

PAGE = Path(__file__).parent.parent.parent / "docs" / "watch.md"
HEAD = "|---|---|---|---|\n"


def table() -> str:
    """Return the rows of the table of habits, as the catalogue has them."""
    rows = (habit.requirement for habit in read_habits())
    return "".join(
        f"| `{row.id}` | {row.level} | {row.text} | [{row.page}#{row.section}]({row.url}) |\n"
        for row in rows
    )


def test_table_is_that_of_the_catalogue() -> None:
    """The table can be made again: `python -m tests.watch.test_document` does."""
    assert PAGE.read_text("utf-8").partition(HEAD)[2] == table()


if __name__ == "__main__":
    before, head, _ = PAGE.read_text("utf-8").partition(HEAD)
    PAGE.write_text(before + head + table(), "utf-8")

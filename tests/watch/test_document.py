"""The page about the watch has each habit, and what published clients do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.watch.catalogue import read_habits
from tests.clients.habits import read

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).parent.parent.parent / "docs" / "watch.md"


def tables() -> dict[str, str]:
    """Return what stands between the markers of each name."""
    rows = (habit.requirement for habit in read_habits())
    habits = [
        ("id", "level", "what a client does", "docs"),
        *(
            (f"`{row.id}`", row.level, row.text, f"[{row.page}#{row.section}]({row.url})")
            for row in rows
        ),
    ]
    clients = [
        ("client", "what it does", "habit"),
        *(
            (client, row["does"], f"`{habit}`")
            for client, found in read()["clients"].items()
            for habit, row in found.items()
            if row["because_of"] == "client"
        ),
    ]
    return {"habits": _table(habits), "clients": _table(clients)}


def written(text: str) -> str:
    """Return the page with its tables as they must be."""
    for name, table in tables().items():
        before, _, rest = text.partition(f"<!-- watch:{name} -->\n")
        end = f"<!-- /watch:{name} -->"
        _, _, after = rest.partition(end)
        text = f"{before}<!-- watch:{name} -->\n{table}{end}{after}"
    return text


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = rows
    lines = [head, ("---",) * len(head), *others]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def test_tables_are_those_of_the_data() -> None:
    """The tables can be made again: `python -m tests.watch.test_document` does."""
    text = PAGE.read_text("utf-8")
    assert text == written(text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")

"""The differences between PluralKit production and its docs, as data: each shown by requests, or with a reason.

A file for each part of the list; `item.schema.json` explains the keys. `tests.reference.test_upstream_items` sends the requests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
SCHEMA = json.loads((FOLDER / "item.schema.json").read_text("utf-8"))
REVISIONS = {"newest": "2025-08", "2025-08": "2025-08", "launch": "2021-11"}
"""The revision of the docs to which a state of the code is compared."""


@dataclass(frozen=True)
class Series:
    """Requests that show an item together, and the state of the code that returns what they say."""

    item: int | str
    number: int
    code: str
    says: str
    limited: bool
    settings: dict[str, Any]
    steps: list[dict[str, Any]]

    @property
    def id(self) -> str:
        """The name of the test."""
        return f"{self.item}-{self.number}"

    @property
    def differs(self) -> bool:
        """Whether the docs say something else of a step."""
        return any("docs" in step for step in self.steps)


@cache
def files() -> dict[str, list[dict[str, Any]]]:
    """Return the items of each file."""
    return {
        path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
    }


def items() -> list[dict[str, Any]]:
    """Return all items."""
    return [row for rows in files().values() for row in rows]


def series() -> list[Series]:
    """Return all series of requests."""
    return [
        Series(
            row["item"],
            number,
            one.get("code", row["code"]),
            one.get("says", row["title"]),
            one.get("limited", False),
            one.get("settings", {}),
            one["steps"],
        )
        for row in items()
        for number, one in enumerate(row.get("shown", ()), start=1)
    ]

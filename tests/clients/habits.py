"""What the watch finds of each published client, from `habits.yaml`."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from tests.clients.published import HERE

FILE, SCHEMA = HERE / "habits.yaml", HERE / "habits.schema.json"


@functools.cache
def read() -> dict[str, Any]:
    """Return the file as it is."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return content


def habits_of(client: str) -> dict[str, dict[str, str]]:
    """Return what is known of a client, by habit."""
    rows: dict[str, dict[str, str]] = read()["clients"][client]
    return rows

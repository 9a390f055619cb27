"""The table of clients: steps, passed, known faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clients.drivers import MODES
from tests.clients.known_faults import expected, step_count
from tests.clients.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = ("client", "version", "mode", "steps", "passed", "known faults")


def rows() -> list[tuple[str, ...]]:
    """Return a row for each client and mode, as the file of known faults says that it must be."""
    return [
        row(
            client.name,
            client.version,
            mode,
            step_count(client.name),
            len(expected(client.name, mode)),
        )
        for client in PUBLISHED
        for mode in MODES
    ]


def row(client: str, version: str, mode: str, steps: int, failed: int) -> tuple[str, ...]:
    """Return one row."""
    return client, version, mode, str(steps), str(steps - failed), str(failed)


def text(table: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of the table for a terminal."""
    lines = [HEADINGS, *table]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def markdown(table: Sequence[Sequence[str]]) -> str:
    """Return the table for a document."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *table]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

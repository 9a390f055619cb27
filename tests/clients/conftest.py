"""The table at the end of the session: what each client did in each mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import table

if TYPE_CHECKING:
    from collections.abc import Callable

    Record = Callable[[tuple[str, ...]], None]

PROPERTY = "row of the table of clients"


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Return a function that adds a row to the table."""
    return lambda row: record_property(PROPERTY, row)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    rows = [
        tuple(value)
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY and report.when == "call"
    ]
    if rows:
        terminalreporter.section("clients")
        for line in table.text(sorted(rows)):
            terminalreporter.line(line)

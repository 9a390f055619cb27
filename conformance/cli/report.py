"""`report`: makes the reports again from an event log."""

from __future__ import annotations

import sys
from pathlib import Path

from conformance.cli.arguments import Parser
from conformance.reporting import LogError, write_reports


def main(arguments: list[str]) -> int:
    """Render an event log; return 0, or 4 when it cannot be read."""
    parser = Parser(
        prog="python -m conformance report", description="Make the reports again from an event log."
    )
    parser.add_argument("log", type=Path, help="events.jsonl of a run")
    parser.add_argument(
        "--into", type=Path, help="folder of the reports (default: that of the log)"
    )
    options = parser.parse_args(arguments)
    try:
        report = write_reports(options.log, options.into or options.log.parent)
    except (LogError, OSError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 4
    sys.stdout.write(f"{report['headline']}\n")
    return 0

"""`report`: makes the reports again from an event log, in any of the formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import USAGE, Parser
from conformance.cli.output import write
from conformance.reporting import LogError, text_of, write_reports
from conformance.reporting.event_log import log_at
from conformance.reporting.formats import FORMATS, OF_EVERY_RUN

if TYPE_CHECKING:
    import argparse

DESCRIPTION = f"""Make the reports again from an event log. Without --format: {", ".join(OF_EVERY_RUN)}, each as a file.
One --format alone is printed, unless --output or --into says where it goes; several are files."""


def main(arguments: list[str]) -> int:
    """Render an event log; return 0, or 4 when it cannot be read or a file cannot be written."""
    parser = _parser()
    options = parser.parse_args(arguments)
    formats = list(dict.fromkeys(options.format or OF_EVERY_RUN))
    if options.output and (options.into or len(formats) > 1):
        parser.error("--output takes one --format, and no --into")
    try:
        log = log_at(options.log)
        if len(formats) == 1 and not options.into:
            write(text_of(log, formats[0]), options.output)
        else:
            report = write_reports(log, options.into or log.parent, formats)
            sys.stdout.write(f"{report['headline']}\n")
    except LogError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    except OSError as problem:
        place = problem.filename or options.into
        sys.stderr.write(f"error: cannot write {str(place)!r}: {problem.strerror}\n")
        return USAGE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m conformance report", description=DESCRIPTION)
    parser.add_argument(
        "log", type=Path, metavar="LOG", help="events.jsonl of a run, or its report folder"
    )
    parser.add_argument(
        "--format",
        action="append",
        choices=list(FORMATS),
        help="what to make (repeatable); har has all exchanges, and is made only when asked for",
    )
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="folder of the files (default: that of the log)"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="file for the one --format (default: standard output)",
    )
    return parser

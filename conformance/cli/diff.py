"""`diff`: compares two reports, for a person or as a gate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import USAGE, Parser
from conformance.cli.output import write
from conformance.reporting import LogError
from conformance.reporting.comparison import FORMATS, compare
from conformance.reporting.published import document_at

if TYPE_CHECKING:
    import argparse

WORSE = 1
A_REPORT = "report.json or events.jsonl of a run, or its report folder"


def main(arguments: list[str]) -> int:
    """Print the comparison; return 0, 1 when something fails in B that did not in A, 4 when a report cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        found = compare(document_at(options.a), document_at(options.b))
        write(FORMATS[options.format](found), options.output)
    except LogError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    except OSError as problem:
        sys.stderr.write(f"error: cannot write {str(options.output)!r}: {problem.strerror}\n")
        return USAGE
    return WORSE if found.is_worse else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance diff",
        description="Compare two reports: what is fixed, new, still violated, added and removed, and how the runs differ.",
        epilog="Exit code: 0 nothing new fails in B, 1 something does, 4 a report cannot be read.",
    )
    parser.add_argument("a", metavar="A", type=Path, help=f"the older one: {A_REPORT}")
    parser.add_argument("b", metavar="B", type=Path, help="the newer one, alike")
    parser.add_argument(
        "--format", choices=list(FORMATS), default="terminal", help="default: %(default)s"
    )
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="file to write (default: standard output)"
    )
    return parser

"""`site`: builds an index of published runs as static pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import USAGE, Parser
from conformance.cli.embedded import ServerError
from conformance.cli.examples import EXAMPLES, run_examples
from conformance.printable import counted
from conformance.reporting.site import PAGE, build, published

if TYPE_CHECKING:
    import argparse

SUITE_FAILED = 3


def main(arguments: list[str]) -> int:
    """Write the pages; return 0, 3 when an example could not be run, 4 for bad input."""
    options = _parser().parse_args(arguments)
    into = options.into or options.reports / "site"
    try:
        problems = run_examples(options.reports / "examples") if options.examples else []
        if not options.reports.is_dir():
            sys.stderr.write(
                f"error: no folder {str(options.reports)!r}: run `run` first, or give --examples\n"
            )
            return USAGE
        runs, left_out = published(options.reports)
        number = build(runs, into)
    except ServerError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return SUITE_FAILED
    except OSError as problem:
        sys.stderr.write(f"error: cannot write {str(into)!r}: {problem.strerror}\n")
        return USAGE
    sys.stdout.writelines(f"left out: {line}\n" for line in left_out)
    sys.stdout.write(f"{counted(len(runs), 'run')}, {counted(number, 'page')}: {into / PAGE}\n")
    sys.stderr.writelines(f"error: {line}\n" for line in problems)
    return SUITE_FAILED if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance site",
        description="Build an index of published runs: implementations by area and revision, how each changed from run to run, and who keeps each requirement.",
    )
    parser.add_argument(
        "reports",
        metavar="DIR",
        type=Path,
        nargs="?",
        default=Path("reports"),
        help="folder in which every report.json is one published run (default: reports)",
    )
    parser.add_argument(
        "--into", metavar="DIR", type=Path, help="folder of the pages (default: DIR/site)"
    )
    servers = len({example.name for example in EXAMPLES})
    parser.add_argument(
        "--examples",
        action="store_true",
        help=f"first run {counted(len(EXAMPLES), 'example')} into DIR/examples, of {servers} embedded servers; about a minute",
    )
    return parser

"""`merge`: makes one report of parts of a run, like runs of `-k` or of single requirements."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import USAGE, Parser
from conformance.contract import UnknownRevisionError, load
from conformance.reporting import LogError, read, write_reports
from conformance.reporting.event_log import FILE, log_at
from conformance.reporting.merging import described, merge, write
from conformance.run import GENERATED
from conformance.run.checks_by_requirement import case, named_rows
from conformance.run.verdicts import exit_code

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from conformance.reporting import Run


def main(arguments: list[str]) -> int:
    """Write the merged log and its reports; return the exit code of the whole, or 4 when the parts do not fit."""
    options = _parser().parse_args(arguments)
    try:
        parts = {str(path): read(log_at(path)) for path in options.parts}
        _need_another_folder(options.into, options.parts)
        finished = [run.finished for run in parts.values() if run.finished]
        judge = functools.partial(
            exit_code,
            interrupted=any(footer["interrupted"] for footer in finished),
            allow_untested=options.allow_untested,
            outdated=any(footer.get("outdated") for footer in finished),
        )
        merged = merge(parts, _expected(parts.values()), judge)
        options.into.mkdir(parents=True, exist_ok=True)
        write(merged, options.into / FILE)
        report = write_reports(options.into / FILE, options.into)
    except (LogError, UnknownRevisionError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    except OSError as problem:
        sys.stderr.write(f"error: cannot write {str(options.into)!r}: {problem.strerror}\n")
        return USAGE
    lines = [*described(merged, len(parts)), report["headline"]]
    lines.append(f"report: {options.into / 'index.html'}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(report["exit_code"])


def _need_another_folder(into: Path, parts: Iterable[Path]) -> None:
    """Raise LogError if the merged log would replace that of a part."""
    for path in parts:
        if log_at(path).resolve() == (into / FILE).resolve():
            message = f"{into} has the log of a part, which would be replaced: name another folder by --into"
            raise LogError(message)


def _expected(parts: Iterable[Run]) -> dict[str, list[str]]:
    """Return the requirements of each check of a whole run; generated checks only if some part has them.

    What a client does is not known before, so that nothing is expected of its sessions.
    """
    runs = list(parts)
    if runs[0].started.get("subject") == "client":
        return {}
    contract = load(runs[0].started["revision"])
    generated = f"{GENERATED.name}/"
    wants_generated = any(name.startswith(generated) for run in runs for name in run.checks)
    found = {}
    for name, row, requirements in named_rows(contract):
        known = [one for one in requirements if one in contract.requirements]
        if known and (wants_generated or not name.startswith(generated)):
            found[case(name, row)] = known
    return found


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance merge",
        description="Make one report of the parts of a run: of -k, of --requirement, or of modules.",
        epilog="Exit code: that of a run that found all of it, 4 for parts that do not fit together.",
    )
    parser.add_argument(
        "parts",
        metavar="PART",
        type=Path,
        nargs="+",
        help="events.jsonl of a run, or its report folder",
    )
    parser.add_argument(
        "--into", metavar="DIR", type=Path, required=True, help="folder of the log and its reports"
    )
    parser.add_argument(
        "--allow-untested", action="store_true", help="exit 0 although requirements are untested"
    )
    return parser

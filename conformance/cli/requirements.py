"""`requirements`: lists the catalogue, explains one requirement, and shows which requirements have a check."""

from __future__ import annotations

import collections
import difflib
import functools
import inspect
import json
import sys
from typing import TYPE_CHECKING, Any

from conformance.cli import inputs, matrix
from conformance.cli.arguments import Parser
from conformance.contract import Contract, Requirement, UnknownRevisionError, load, revisions
from conformance.reference.faults.registry import FAULTS
from conformance.run.checks_by_requirement import checks_by_requirement, place_of, places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

COVERED, EXCLUDED, TO_COME = "check", "exclusion", "check to come"


def main(arguments: list[str]) -> int:
    """Run `list`, `explain` or `coverage`; return 0, 1 for open cells, 4 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        contract = load(options.revision)
        if getattr(options, "matrix", False):
            return matrix.show(contract, as_json=options.json)
        if getattr(options, "inputs", False):
            return inputs.show(contract, as_json=options.json)
        chosen = _chosen(contract, options)
    except (UnknownRevisionError, LookupError) as problem:
        sys.stderr.write(f"error: {problem.args[0]}\n")
        return 4
    rows = described(contract, chosen)
    if options.json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return 0
    show = {"list": _list, "explain": _explain, "coverage": _coverage}[options.verb]
    sys.stdout.write(show(rows) + "\n")
    return 0


def described(contract: Contract, chosen: list[Requirement]) -> list[dict[str, Any]]:
    """Return each requirement with its checks, its faults, and its coverage."""
    checks = checks_by_requirement(contract)
    return [
        {
            "id": row.id,
            "text": row.text,
            "level": row.level,
            "should_because": row.should_because,
            "area": row.area,
            "source": f"{row.page}#{row.section}",
            "url": row.url,
            "since": row.since,
            "until": row.until,
            "operations": list(row.operations),
            "needs": list(row.needs),
            "observed": [dict(entry) for entry in row.observed],
            "checks": checks.get(row.id, []),
            "faults": sorted(fault.name for fault in FAULTS.values() if row.id in fault.violates),
            "coverage": coverage(row, checks),
            "reason": row.excluded,
        }
        for row in chosen
    ]


def coverage(requirement: Requirement, checks: Mapping[str, list[str]]) -> str:
    """Return whether a requirement has a check, an exclusion with a reason, or neither: a check to come."""
    if requirement.id in checks:
        return COVERED
    return EXCLUDED if requirement.excluded else TO_COME


def _chosen(contract: Contract, options: argparse.Namespace) -> list[Requirement]:
    everything = contract.requirements
    if options.verb == "explain":
        if options.id not in everything:
            near = difflib.get_close_matches(options.id, everything, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "see `requirements list`"
            message = f"no requirement {options.id!r} at revision {contract.revision}: {hint}"
            raise LookupError(message)
        return [everything[options.id]]
    pages = {row.page for row in everything.values()}
    if options.page not in (None, *pages):
        message = f"no page {options.page!r}: known are {', '.join(sorted(pages))}"
        raise LookupError(message)
    return [row for row in everything.values() if options.page in (None, row.page)]


def _list(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['id']} ({row['level']}, {row['source']})\n  {row['text']}" for row in rows
    )


def _explain(rows: list[dict[str, Any]]) -> str:
    (row,) = rows
    until = f" until {row['until']}" if row["until"] else ""
    lines = [
        row["id"],
        f"  {row['text']}",
        f"  {row['level']}, {row['source']}, since {row['since']}{until}",
        *([f"  no MUST: {row['should_because']}"] if row["should_because"] else []),
        f"  {row['url']}",
        *(f"  {name}: {', '.join(row[name])}" for name in ("operations", "needs") if row[name]),
        *(
            f"  PluralKit production does this instead: {entry['behaviour']}{_failing(entry)}"
            for entry in row["observed"]
        ),
        *(f"  check: {check}\n    {places()[check]}" for check in row["checks"]),
        *(f"  fault: {fault}\n    {_place_of(fault)}" for fault in row["faults"]),
        *([f"  excluded: {row['reason']}"] if row["reason"] else []),
    ]
    return "\n".join(lines if row["checks"] or row["reason"] else [*lines, f"  {TO_COME}"])


def _failing(entry: Mapping[str, str]) -> str:
    return f" It fails all the same: {entry['still_fails']}" if "still_fails" in entry else ""


def _place_of(fault: str) -> str:
    """Return where the function is written that makes the server wrong; several faults may share one."""
    inject = inspect.unwrap(FAULTS[fault].inject)
    function = inject.func if isinstance(inject, functools.partial) else inject
    return place_of(function if inspect.isroutine(function) else type(function).__call__)


def _coverage(rows: list[dict[str, Any]]) -> str:
    pages: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows:
        pages[row["source"].partition("#")[0]][row["coverage"]] += 1
    total = collections.Counter(row["coverage"] for row in rows)
    head = f"{'page':<12}{'total':>7}" + "".join(
        f"{name:>15}" for name in (COVERED, EXCLUDED, TO_COME)
    )
    lines = [head, *(_line(page, counts) for page, counts in pages.items()), _line("all", total)]
    missing = [f"  {row['id']}" for row in rows if row["coverage"] == TO_COME]
    return "\n".join([*lines, *(["", f"{TO_COME}:", *missing] if missing else [])])


def _line(page: str, counts: collections.Counter[str]) -> str:
    numbers = "".join(f"{counts[name]:>15}" for name in (COVERED, EXCLUDED, TO_COME))
    return f"{page:<12}{counts.total():>7}{numbers}"


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance requirements",
        description="The requirements of the docs, and their checks.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    common = Parser(add_help=False)
    common.add_argument("--revision", default=revisions()[0], help="default: %(default)s")
    common.add_argument("--json", action="store_true", help="print JSON")
    verbs.add_parser("explain", parents=[common], help="one requirement in full").add_argument("id")
    for verb, text in (("list", "the requirements"), ("coverage", "which of them have a check")):
        paged = verbs.add_parser(verb, parents=[common], help=text)
        paged.add_argument("--page", help="only those of one page of the docs")
        if verb == "coverage":
            matrix_help = "the checks of each key of each model; exit 1 when a cell has neither check nor reason"
            paged.add_argument("--matrix", action="store_true", help=matrix_help)
            inputs_help = "the checks of each class of input in each place of a request; exit 1 when a cell has neither"
            paged.add_argument("--inputs", action="store_true", help=inputs_help)
    return parser

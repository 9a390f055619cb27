"""`never-failing`: which check functions no fault makes fail.

What the last run of `faults` saw fail needs no more; every other check runs alone against the faults of its requirements.
"""

from __future__ import annotations

import collections
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import Parser
from conformance.contract import load, revisions
from conformance.mutation import pool, reasons, trial
from conformance.mutation.collected import Collected
from conformance.mutation.preloading import preload
from conformance.reference.faults import FAULTS
from conformance.run import folders, keyword_of
from conformance.run.checks_by_requirement import checks_by_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATIENCE = 300.0  # seconds for one check
CANDIDATES = 14  # faults that are tried for a check at a revision, those that break least first
WHOLE = "not rate_limits"


def never_failing(arguments: Sequence[str]) -> int:
    """Print each check function with a fault that it caught; return 1 when there is one without."""
    options = _parser().parse_args(arguments)
    seen = caught(options.report_folder)
    held = {each: requirements_of(each) for each in revisions()}
    known = sorted({name for functions in held.values() for name in functions})
    rest = [name for name in known if name not in seen]
    print(f"{len(known) - len(rest)} of {len(known)} seen to fail by the last run of faults")  # noqa: T201 progress
    collected = _collect() if rest else {}
    pieces = [partial(find, name, held, collected) for name in rest]
    blind_ones = 0
    for number, made in pool.work_off(pieces, options.jobs, PATIENCE):
        fault = made and made["fault"]
        blind_ones += not fault
        print(f"  {rest[number]}: {fault or 'NO FAULT'}", flush=True)  # noqa: T201 progress
    sys.stdout.write(f"{len(known) - blind_ones} of {len(known)} checks fail for some fault\n")
    return 1 if blind_ones else 0


def _collect() -> dict[str, Collected]:
    preload(set(revisions()))
    paths = [str(folder) for folder in folders()]
    return {each: Collected(each, paths) for each in revisions()}


def caught(folder: str) -> set[str]:
    """Return the functions that failed in the last run of `faults`, as module::name."""
    path = Path(folder, "faults.json")
    trials = json.loads(path.read_text("utf-8"))["trials"] if path.exists() else []
    return {name for made in trials for name in made["failing"]}


def requirements_of(revision: str) -> dict[str, set[str]]:
    """Return the requirements that each check function can refute at the revision."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for requirement, names in checks_by_requirement(load(revision)).items():
        for name in names:
            found[name].add(requirement)
    return dict(found)


def find(
    function: str, held: dict[str, dict[str, set[str]]], collected: dict[str, Collected]
) -> dict[str, str]:
    """Return a fault that makes the function fail, with its revision; without one it is empty."""
    for fault, revision, keyword in _tries(function, held):
        begun = trial.Trial(fault, revision, tuple(held[revision][function]))
        run = partial(trial.as_json, collected[revision], begun, trial.Scope.ALL, keyword=keyword)
        made = pool.apart(run)
        if made and function in made["failing"]:
            return {"fault": f"{fault} at {revision}"}
    return {"fault": ""}


def _tries(function: str, held: dict[str, dict[str, set[str]]]) -> Iterator[tuple[str, str, str]]:
    """Yield faults that break a requirement of the function, where they do, and which checks to run."""
    module, _, name = function.partition("::")
    for revision, of_functions in held.items():
        own = of_functions.get(function, set())
        if own and function in reasons.shown_by():
            yield reasons.shown_by()[function], revision, WHOLE
        broken = {fault: {*trial.violates_at(fault, revision)} for fault in FAULTS}
        fitting = [fault for fault in FAULTS if broken[fault] & own]
        fitting.sort(key=lambda fault: len(FAULTS[fault].violates))
        for fault in fitting[:CANDIDATES]:
            yield fault, revision, f"{name} and {keyword_of(module)}"


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation never-failing",
        description="Show for every check function a fault that makes it fail.",
    )
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1, metavar="N")
    parser.add_argument("--report-folder", default="reports/power", metavar="DIR")
    return parser

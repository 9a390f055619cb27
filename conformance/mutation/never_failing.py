"""`never-failing`: which check functions fail for no fault.

Those that failed in the last run of `faults` are not run; every other one runs alone against the faults of its requirements.
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

CHECK_TIMEOUT = 300.0  # seconds for the faults of one check
MOST_FAULTS = (
    14  # that are tried for a check at a revision, those that violate fewest requirements first
)
ALL_BUT_RATE_LIMITS = "not rate_limits"


def never_failing(arguments: Sequence[str]) -> int:
    """Print each check function with a fault for which it fails; return 1 when there is one without."""
    options = _parser().parse_args(arguments)
    failed = failed_for_a_fault(options.report_folder)
    requirements = {each: requirements_of(each) for each in revisions()}
    known = sorted({name for functions in requirements.values() for name in functions})
    rest = [name for name in known if name not in failed]
    print(f"{len(known) - len(rest)} of {len(known)} failed in the last run of faults")  # noqa: T201 progress
    collected = _collect() if rest else {}
    functions = [partial(find, name, requirements, collected) for name in rest]
    never_failed = 0
    for number, result in pool.run_all(functions, options.jobs, CHECK_TIMEOUT):
        fault = result and result["fault"]
        never_failed += not fault
        print(f"  {rest[number]}: {fault or 'NO FAULT'}", flush=True)  # noqa: T201 progress
    sys.stdout.write(f"{len(known) - never_failed} of {len(known)} checks fail for some fault\n")
    return 1 if never_failed else 0


def _collect() -> dict[str, Collected]:
    preload(set(revisions()))
    paths = [str(folder) for folder in folders()]
    return {each: Collected(each, paths) for each in revisions()}


def failed_for_a_fault(folder: str) -> set[str]:
    """Return the functions that failed in the last run of `faults`, as module::name."""
    path = Path(folder, "faults.json")
    trials = json.loads(path.read_text("utf-8"))["trials"] if path.exists() else []
    return {name for ended in trials for name in ended["failing"]}


def requirements_of(revision: str) -> dict[str, set[str]]:
    """Return the requirements that each check function can refute at the revision."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for requirement, names in checks_by_requirement(load(revision)).items():
        for name in names:
            found[name].add(requirement)
    return dict(found)


def find(
    function: str, requirements: dict[str, dict[str, set[str]]], collected: dict[str, Collected]
) -> dict[str, str]:
    """Return a fault for which the function fails, with its revision; it is empty without one."""
    for fault, revision, keyword in _trials(function, requirements):
        planned = trial.Trial(fault, revision, tuple(requirements[revision][function]))
        run = partial(trial.as_json, collected[revision], planned, trial.Scope.ALL, keyword=keyword)
        ended = pool.run_forked(run)
        if ended and function in ended["failing"]:
            return {"fault": f"{fault} at {revision}"}
    return {"fault": ""}


def _trials(
    function: str, requirements: dict[str, dict[str, set[str]]]
) -> Iterator[tuple[str, str, str]]:
    """Yield faults that violate a requirement of the function, with the revision and the keyword for the checks to run."""
    module, _, name = function.partition("::")
    for revision, of_functions in requirements.items():
        own = of_functions.get(function, set())
        if own and function in reasons.fault_of_check():
            yield reasons.fault_of_check()[function], revision, ALL_BUT_RATE_LIMITS
        violated = {fault: {*trial.violates_at(fault, revision)} for fault in FAULTS}
        fitting = [fault for fault in FAULTS if violated[fault] & own]
        fitting.sort(key=lambda fault: len(FAULTS[fault].violates))
        for fault in fitting[:MOST_FAULTS]:
            yield fault, revision, f"{name} and {keyword_of(module)}"


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation never-failing",
        description="Show for every check function a fault that makes it fail.",
    )
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1, metavar="N")
    parser.add_argument("--report-folder", default="reports/mutation", metavar="DIR")
    return parser

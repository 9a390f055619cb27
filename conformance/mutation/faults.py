"""`faults`: for every fault the checks of the requirements that it violates, and how many of them are caught."""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from conformance.cli.arguments import Parser
from conformance.contract import revisions
from conformance.mutation import pool, requirements_without_fault, summary, trial
from conformance.mutation.collected import Collected, CollectionError
from conformance.mutation.preloading import preload
from conformance.mutation.trial import Scope, Trial
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.steps import UnknownName

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

PATIENCE = 600.0  # seconds for one trial; a search for a sequence takes the longest
GIVING_WAY = 10  # how nice a trial is that does not send at certain instants to one that does
USAGE = 4


@dataclasses.dataclass(frozen=True)
class Case:
    """A fault at a revision where one of the requirements that it violates holds and has a check."""

    fault: str
    revision: str
    violates: tuple[str, ...]

    @property
    def trial(self) -> Trial:
        """A trial of it before it begins."""
        return Trial(self.fault, self.revision, self.violates)

    @property
    def waits(self) -> bool:
        """Whether its checks wait for a limiter most of the time."""
        return any(name.startswith("rate-limit") for name in self.violates)


def faults(arguments: Sequence[str]) -> int:
    """Try the faults; return 0 when each was caught by a check of what it violates, 1 when not, 4 for bad input."""
    options = _parser().parse_args(arguments)
    if options.gaps:
        return requirements_without_fault.show(options.report_folder)
    try:
        cases = select(options)
    except (UnknownName, ValueError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    scope = options.scope
    preload({case.revision for case in cases}, generated=scope is Scope.PROPERTIES)
    started = time.monotonic()
    trials = list(try_all(cases, jobs=options.jobs, scope=scope, words=tuple(options.words)))
    made = summary.summarize(trials, full=scope is Scope.ALL, seconds=time.monotonic() - started)
    folder = summary.write(made, options.report_folder)
    sys.stdout.write(summary.text(made) + f"report: {folder}\n")
    return 0 if made["killed"] == made["total"] else 1


def select(options: argparse.Namespace) -> list[Case]:
    """Return what the options ask for.

    Raises:
        UnknownName: no fault has a name that was given.
        ValueError: a part that is none.

    """
    for name in options.only:
        find_fault(name)
    cases = [
        case for case in _cases(options.revision) if not options.only or case.fault in options.only
    ]
    cases = spread(cases)
    part, parts = map(int, options.part.split("/"))
    if not 1 <= part <= parts:
        message = f"part {options.part!r} is none: give 1/3, 2/3 or 3/3 for thirds"
        raise ValueError(message)
    return cases[part - 1 :: parts]


def spread(cases: list[Case]) -> list[Case]:
    """Return the cases in an order in which those that wait come evenly: beside them there is time for the others."""
    waiting = [case for case in cases if case.waits]
    others = [case for case in cases if not case.waits]
    placed = [
        ((number + 1 / 2) / len(kind), case)
        for kind in (waiting, others)
        for number, case in enumerate(kind)
    ]
    return [case for _, case in sorted(placed, key=lambda row: row[0])]


def try_all(
    cases: list[Case], *, jobs: int, scope: Scope, words: tuple[str, ...]
) -> Iterator[Trial]:
    """Yield the trial of each case as it ends, and print a line of it."""
    collected = {
        revision: _collect(revision, cases, scope, words)
        for revision in dict.fromkeys(case.revision for case in cases)
    }
    pieces = [functools.partial(_try, case, collected[case.revision], scope) for case in cases]
    started = time.monotonic()
    for done, (number, result) in enumerate(pool.work_off(pieces, jobs, PATIENCE), start=1):
        crashed = dataclasses.replace(cases[number].trial, problem="it crashed or hung")
        made = Trial(**result) if result else crashed
        left = (time.monotonic() - started) / done * (len(cases) - done)
        place = f"[{done:>{len(str(len(cases)))}}/{len(cases)}]"
        print(f"{place} {summary.line(made)} ({summary.duration(left)} left)", flush=True)  # noqa: T201 progress
        yield made


def _collect(
    revision: str, cases: list[Case], scope: Scope, words: tuple[str, ...]
) -> Collected | CollectionError:
    """Return the checks that the cases of the revision need, or why there are none."""
    trials = [case.trial for case in cases if case.revision == revision]
    try:
        return Collected(revision, [*trial.words(trials, scope), *words])
    except CollectionError as problem:
        return problem


def _try(case: Case, collected: Collected | CollectionError, scope: Scope) -> dict[str, Any]:
    if isinstance(collected, CollectionError):
        return dataclasses.asdict(dataclasses.replace(case.trial, problem=str(collected)))
    os.nice(0 if case.waits else GIVING_WAY)
    return trial.as_json(collected, case.trial, scope)


def _cases(revision: str | None) -> Iterator[Case]:
    for each in revisions() if revision is None else (revision,):
        for name in FAULTS:
            violates = trial.violates_at(name, each)
            if violates:
                yield Case(name, each, violates)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation faults",
        description="Serve every fault, and see whether the checks of what it violates catch it.",
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these faults alone")
    parser.add_argument("--revision", choices=revisions(), help="default: each")
    parser.add_argument("--part", default="1/1", metavar="N/M", help="one of M equal parts")
    parser.add_argument(
        "--full",
        dest="scope",
        action="store_const",
        const=Scope.ALL,
        default=Scope.OWN,
        help="all checks for each fault, to see what else they name",
    )
    parser.add_argument(
        "--properties",
        dest="scope",
        action="store_const",
        const=Scope.PROPERTIES,
        help="generated requests and sequences alone",
    )
    parser.add_argument(
        "--gaps",
        action="store_true",
        help="try nothing; show what no fault violates alone, by the last full run where there is one",
    )
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 4, metavar="N")
    parser.add_argument("--report-folder", default="reports/power", metavar="DIR")
    parser.add_argument("words", nargs="*", help="after --: options of `run`, like --shuffle 1")
    return parser

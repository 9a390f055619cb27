"""`faults`: runs the checks of the requirements that each fault violates, and counts the faults that they kill."""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from conformance.cli.arguments import Parser
from conformance.contract import revisions
from conformance.mutation import cell_faults, pool, requirements_without_fault, summary, trial
from conformance.mutation.collected import Collected, CollectionError
from conformance.mutation.preloading import preload
from conformance.mutation.trial import Scope, Trial
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.steps import UnknownName

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

TRIAL_TIMEOUT = 600.0  # seconds; a search for a sequence takes longest
NICENESS = 10  # of trials that do not send bursts, so that they do not delay those that do
USAGE = 4


@dataclasses.dataclass(frozen=True)
class Case:
    """A fault at a revision where a requirement that it violates holds and has a check."""

    fault: str
    revision: str
    violates: tuple[str, ...]

    @property
    def trial(self) -> Trial:
        """The trial of this fault, before it runs."""
        return Trial(self.fault, self.revision, self.violates)

    @property
    def sends_bursts(self) -> bool:
        """Whether its checks are about rate limits, and wait most of the time."""
        return any(name.startswith("rate-limit") for name in self.violates)


def faults(arguments: Sequence[str]) -> int:
    """Try the faults; return 0 when all were killed, 1 when not, 4 for bad input."""
    options = _parser().parse_args(arguments)
    cell_faults.register()
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
    summarized = summary.summarize(
        trials, full=scope is Scope.ALL, seconds=time.monotonic() - started
    )
    folder = summary.write(summarized, options.report_folder)
    sys.stdout.write(summary.text(summarized) + f"report: {folder}\n")
    return 0 if summarized["killed"] == summarized["total"] else 1


def select(options: argparse.Namespace) -> list[Case]:
    """Return the cases that the options select.

    Raises:
        UnknownName: there is no fault of a name.
        ValueError: there is no such part.

    """
    for name in options.only:
        find_fault(name)
    cases = [
        case for case in _cases(options.revision) if not options.only or case.fault in options.only
    ]
    cases = spread(cases)
    part, parts = map(int, options.part.split("/"))
    if not 1 <= part <= parts:
        message = f"no part {options.part!r}: give 1/3, 2/3 or 3/3 for thirds"
        raise ValueError(message)
    return cases[part - 1 :: parts]


def spread(cases: list[Case]) -> list[Case]:
    """Return the cases with those that send bursts evenly distributed: while they wait, others run."""
    bursts = [case for case in cases if case.sends_bursts]
    others = [case for case in cases if not case.sends_bursts]
    placed = [
        ((number + 1 / 2) / len(kind), case)
        for kind in (bursts, others)
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
    functions = [functools.partial(_try, case, collected[case.revision], scope) for case in cases]
    started = time.monotonic()
    for done, (number, result) in enumerate(pool.run_all(functions, jobs, TRIAL_TIMEOUT), start=1):
        crashed = dataclasses.replace(cases[number].trial, problem="it crashed or timed out")
        ended = Trial(**result) if result else crashed
        left = (time.monotonic() - started) / done * (len(cases) - done)
        place = f"[{done:>{len(str(len(cases)))}}/{len(cases)}]"
        print(f"{place} {summary.line(ended)} ({summary.duration(left)} left)", flush=True)  # noqa: T201 progress
        yield ended


def _collect(
    revision: str, cases: list[Case], scope: Scope, words: tuple[str, ...]
) -> Collected | CollectionError:
    """Return the checks of the cases of the revision, or the error of the collection."""
    trials = [case.trial for case in cases if case.revision == revision]
    try:
        return Collected(revision, [*trial.words(trials, scope), *words])
    except CollectionError as problem:
        return problem


def _try(case: Case, collected: Collected | CollectionError, scope: Scope) -> dict[str, Any]:
    if isinstance(collected, CollectionError):
        return dataclasses.asdict(dataclasses.replace(case.trial, problem=str(collected)))
    os.nice(0 if case.sends_bursts else NICENESS)
    return trial.as_json(collected, case.trial, scope)


def _cases(revision: str | None) -> Iterator[Case]:
    """Yield the cases of each revision; a fault of a cell is tried once, as its cell is sent in the same way at all of them."""
    newest, *_ = revisions()
    for each in revisions() if revision is None else (revision,):
        for name, fault in FAULTS.items():
            violates = trial.violates_at(name, each)
            tried = fault.of_cell and each not in (newest, revision)
            if violates and not (tried and trial.violates_at(name, newest)):
                yield Case(name, each, violates)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation faults",
        description="Run the checks of the requirements that each fault violates against a server with it.",
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these faults")
    parser.add_argument("--revision", choices=revisions(), help="default: each")
    parser.add_argument("--part", default="1/1", metavar="N/M", help="one of M equal parts")
    parser.add_argument(
        "--full",
        dest="scope",
        action="store_const",
        const=Scope.ALL,
        default=Scope.OWN,
        help="all checks for each fault, to see which other requirements they report",
    )
    parser.add_argument(
        "--properties",
        dest="scope",
        action="store_const",
        const=Scope.PROPERTIES,
        help="only generated requests and sequences",
    )
    parser.add_argument(
        "--gaps",
        action="store_true",
        help="run nothing; show the requirements that no fault violates alone, with the results of the last full run",
    )
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 4, metavar="N")
    parser.add_argument("--report-folder", default="reports/mutation", metavar="DIR")
    parser.add_argument("words", nargs="*", help="after --: options of `run`, like --shuffle 1")
    return parser

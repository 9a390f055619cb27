"""`limiters`: every fault of rate limits on every kind of limiter, with several latencies; or no fault, many times.

Results are written to a log, and a run continues where the last one stopped.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.arguments import Parser
from conformance.contract import load, revisions
from conformance.mutation import pool, trial
from conformance.mutation.collected import Collected
from conformance.mutation.faulty_servers import LimitedInstance
from conformance.mutation.preloading import preload
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.steps import UnknownName
from conformance.run.checks_by_requirement import checks_by_requirement

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

TRIAL_TIMEOUT = 300.0  # seconds
RATE_LIMIT = "rate-limit"  # what the ids of these requirements begin with
NO_FAULT = "none"
USAGE = 4
FALSE_ALARM, CLEAN, INCONCLUSIVE = "false alarm", "clean", "inconclusive"


@dataclasses.dataclass(frozen=True)
class Cell:
    """One trial: a fault, or none, at a revision, on one kind of limiter, with a latency in milliseconds."""

    fault: str
    revision: str
    limiter: str
    latency: int
    repetition: int = 0

    @property
    def planned(self) -> trial.Trial:
        """The trial, before it runs."""
        if self.fault == NO_FAULT:
            return trial.Trial("", self.revision, requirements_of(self.revision))
        return trial.Trial(self.fault, self.revision, trial.violates_at(self.fault, self.revision))

    def run(self, collected: Collected) -> dict[str, Any]:
        """Serve the fault, check the requirements about rate limits, and return the result."""
        instance = LimitedInstance(self.limiter, self.latency)
        ended = trial.run(collected, self.planned, trial.Scope.OWN, instance=instance)
        return {
            "verdict": self._verdict(ended),
            "named": ended.named,
            "others": ended.others,
            "problem": ended.problem,
        }

    def _verdict(self, ended: trial.Trial) -> str:
        if self.fault != NO_FAULT or ended.verdict == trial.ERROR:
            return ended.verdict
        return FALSE_ALARM if ended.named else INCONCLUSIVE if ended.others else CLEAN


def requirements_of(revision: str) -> tuple[str, ...]:
    """Return the ids of all requirements about rate limits that have a check at the revision."""
    return tuple(
        name for name in checks_by_requirement(load(revision)) if name.startswith(RATE_LIMIT)
    )


def limiters(arguments: Sequence[str]) -> int:
    """Run the trials; return 0 when every fault was killed and no alarm was false, 1 when not, 4 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        for name in options.only:
            find_fault(name)
    except UnknownName as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    log = Path(options.report_folder) / "limiters.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    verdicts = _run_cells(list(cells(options)), log, options.jobs)
    sys.stdout.write(table(verdicts) + f"log: {log}\n")
    return 0 if set(verdicts.values()) <= {trial.KILLED, CLEAN, INCONCLUSIVE} else 1


def _run_cells(wanted: list[Cell], log: Path, jobs: int) -> dict[Cell, str]:
    known = _read(log)
    left = [cell for cell in wanted if cell not in known]
    preload({cell.revision for cell in left})
    collected = {each: _collect(each, left) for each in {cell.revision for cell in left}}
    functions = [functools.partial(cell.run, collected[cell.revision]) for cell in left]
    work = pool.run_all(functions, jobs, TRIAL_TIMEOUT)
    for done, (number, result) in enumerate(work, start=1):
        row = result or {"verdict": trial.ERROR}
        known[left[number]] = row
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dataclasses.asdict(left[number]) | row) + "\n")
        print(f"[{done}/{len(left)}] {left[number]} {row['verdict']}", flush=True)  # noqa: T201 progress
    return {cell: known[cell]["verdict"] for cell in wanted}


def _collect(revision: str, left: list[Cell]) -> Collected:
    trials = [cell.planned for cell in left if cell.revision == revision]
    return Collected(revision, trial.words(trials, trial.Scope.OWN))


def cells(options: argparse.Namespace) -> Iterator[Cell]:
    """Yield the trials that the options select, repetition by repetition, so that an early end leaves some of each."""
    for repetition in range(options.sound or 1):
        for revision in (options.revision,) if options.revision else revisions():
            for fault in [NO_FAULT] if options.sound else _faults(revision, options.only):
                for latency in options.latency:
                    for limiter in options.limiter:
                        yield Cell(fault, revision, limiter, latency, repetition)


def table(verdicts: dict[Cell, str]) -> str:
    """Return a row for each fault, a column for each limiter and latency, and in each cell how often there was which verdict."""
    columns = list(dict.fromkeys((cell.limiter, cell.latency) for cell in verdicts))
    rows = list(dict.fromkeys((cell.fault, cell.revision) for cell in verdicts))
    lines = ["| fault | " + " | ".join(f"{name}, {ms} ms" for name, ms in columns) + " |"]
    lines.append("|---" * (len(columns) + 1) + "|")
    for row in rows:
        counts = [
            _tally([v for c, v in verdicts.items() if _place(c) == (*row, *column)])
            for column in columns
        ]
        lines.append(f"| {row[0]} at {row[1]} | {' | '.join(counts)} |")
    return "\n".join(lines) + "\n"


def _place(cell: Cell) -> tuple[str, str, str, int]:
    return cell.fault, cell.revision, cell.limiter, cell.latency


def _tally(verdicts: list[str]) -> str:
    return ", ".join(
        f"{verdicts.count(one)} {one}" if len(verdicts) > 1 else one
        for one in dict.fromkeys(verdicts)
    )


def _faults(revision: str, only: Sequence[str]) -> list[str]:
    violates = {name: trial.violates_at(name, revision) for name in FAULTS}
    about = [
        name for name, ids in violates.items() if any(one.startswith(RATE_LIMIT) for one in ids)
    ]
    return [name for name in about if not only or name in only]


def _read(log: Path) -> dict[Cell, dict[str, Any]]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    known = {}
    for row in map(json.loads, lines):
        cell = Cell(**{field.name: row.pop(field.name) for field in dataclasses.fields(Cell)})
        known[cell] = row
    return {cell: row for cell, row in known.items() if row["verdict"] != trial.ERROR}


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation limiters",
        description="Try every fault of rate limits on each kind of limiter. Continues where the log ends.",
    )
    add = functools.partial(parser.add_argument, nargs="+")
    add("--limiter", choices=list(ALGORITHMS), default=list(ALGORITHMS))
    add("--latency", type=int, default=[0], metavar="MS", help="of the server")
    add("--only", default=[], metavar="NAME", help="only these faults")
    parser.add_argument(
        "--sound",
        type=int,
        metavar="N",
        help="no fault, N times: no requirement may be reported as violated",
    )
    parser.add_argument("--revision", choices=revisions(), help="default: each")
    parser.add_argument("--jobs", type=int, default=3, metavar="N")
    parser.add_argument("--report-folder", default="reports/limiters", metavar="DIR")
    return parser

"""`limiters`: every fault of rate limits on every kind of limiter, near and far; or no fault, many times.

What ends is noted in a log, and a run goes on where the last one stopped. Which faults there are is not said here.
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
from conformance.mutation.faulty_servers import Way
from conformance.mutation.preloading import preload
from conformance.reference.faults import FAULTS, find_fault
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.steps import UnknownName
from conformance.run.checks_by_requirement import checks_by_requirement

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

PATIENCE = 300.0  # seconds for one trial
ABOUT = "rate-limit"  # what the ids of these requirements begin with
NONE = "none"
USAGE = 4
FALSE, CLEAN, OPEN = "false alarm", "clean", "inconclusive"


@dataclasses.dataclass(frozen=True)
class Cell:
    """One trial: a fault, or none, at a revision, on one kind of limiter so many milliseconds away."""

    fault: str
    revision: str
    limiter: str
    latency: int
    turn: int = 0

    @property
    def begun(self) -> trial.Trial:
        """Its trial before it begins."""
        if self.fault == NONE:
            return trial.Trial("", self.revision, requirements_of(self.revision))
        return trial.Trial(self.fault, self.revision, trial.violates_at(self.fault, self.revision))

    def run(self, collected: Collected) -> dict[str, Any]:
        """Serve it, check the requirements about rate limits, and return what came of it."""
        way = Way(self.limiter, self.latency)
        made = trial.run(collected, self.begun, trial.Scope.OWN, way=way)
        return {
            "verdict": self._verdict(made),
            "named": made.named,
            "others": made.others,
            "problem": made.problem,
        }

    def _verdict(self, made: trial.Trial) -> str:
        if self.fault != NONE or made.verdict == trial.BROKE_OFF:
            return made.verdict
        return FALSE if made.named else OPEN if made.others else CLEAN


def requirements_of(revision: str) -> tuple[str, ...]:
    """Return the ids of all requirements about rate limits that have a check at the revision."""
    return tuple(name for name in checks_by_requirement(load(revision)) if name.startswith(ABOUT))


def limiters(arguments: Sequence[str]) -> int:
    """Try the cells; return 0 when every fault was caught and no alarm was false, 1 when not, 4 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        for name in options.only:
            find_fault(name)
    except UnknownName as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    log = Path(options.report_folder) / "limiters.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    verdicts = _work_off(list(cells(options)), log, options.jobs)
    sys.stdout.write(table(verdicts) + f"log: {log}\n")
    return 0 if set(verdicts.values()) <= {trial.KILLED, CLEAN, OPEN} else 1


def _work_off(wanted: list[Cell], log: Path, jobs: int) -> dict[Cell, str]:
    known = _read(log)
    left = [cell for cell in wanted if cell not in known]
    preload({cell.revision for cell in left})
    collected = {each: _collect(each, left) for each in {cell.revision for cell in left}}
    pieces = [functools.partial(cell.run, collected[cell.revision]) for cell in left]
    work = pool.work_off(pieces, jobs, PATIENCE)
    for done, (number, result) in enumerate(work, start=1):
        made = result or {"verdict": trial.BROKE_OFF}
        known[left[number]] = made
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dataclasses.asdict(left[number]) | made) + "\n")
        print(f"[{done}/{len(left)}] {left[number]} {made['verdict']}", flush=True)  # noqa: T201 progress
    return {cell: known[cell]["verdict"] for cell in wanted}


def _collect(revision: str, left: list[Cell]) -> Collected:
    trials = [cell.begun for cell in left if cell.revision == revision]
    return Collected(revision, trial.words(trials, trial.Scope.OWN))


def cells(options: argparse.Namespace) -> Iterator[Cell]:
    """Return the trials that the options ask for: round by round, so that an early end leaves some of each."""
    for turn in range(options.sound or 1):
        for revision in (options.revision,) if options.revision else revisions():
            for fault in [NONE] if options.sound else _faults(revision, options.only):
                for latency in options.latency:
                    for limiter in options.limiter:
                        yield Cell(fault, revision, limiter, latency, turn)


def table(verdicts: dict[Cell, str]) -> str:
    """Return a row for each fault, a column for each limiter and latency, and what was said how often."""
    columns = list(dict.fromkeys((cell.limiter, cell.latency) for cell in verdicts))
    rows = list(dict.fromkeys((cell.fault, cell.revision) for cell in verdicts))
    lines = ["| fault | " + " | ".join(f"{name}, {ms} ms" for name, ms in columns) + " |"]
    lines.append("|---" * (len(columns) + 1) + "|")
    for row in rows:
        said = [
            _tally([v for c, v in verdicts.items() if _place(c) == (*row, *column)])
            for column in columns
        ]
        lines.append(f"| {row[0]} at {row[1]} | {' | '.join(said)} |")
    return "\n".join(lines) + "\n"


def _place(cell: Cell) -> tuple[str, str, str, int]:
    return cell.fault, cell.revision, cell.limiter, cell.latency


def _tally(said: list[str]) -> str:
    return ", ".join(
        f"{said.count(one)} {one}" if len(said) > 1 else one for one in dict.fromkeys(said)
    )


def _faults(revision: str, only: Sequence[str]) -> list[str]:
    violates = {name: trial.violates_at(name, revision) for name in FAULTS}
    about = [name for name, ids in violates.items() if any(one.startswith(ABOUT) for one in ids)]
    return [name for name in about if not only or name in only]


def _read(log: Path) -> dict[Cell, dict[str, Any]]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    known = {}
    for row in map(json.loads, lines):
        cell = Cell(**{field.name: row.pop(field.name) for field in dataclasses.fields(Cell)})
        known[cell] = row
    return {cell: row for cell, row in known.items() if row["verdict"] != trial.BROKE_OFF}


def _parser() -> Parser:
    parser = Parser(
        prog="python -m conformance.mutation limiters",
        description="Serve every fault of rate limits on each kind of limiter. Goes on where the log ends.",
    )
    add = functools.partial(parser.add_argument, nargs="+")
    add("--limiter", choices=list(ALGORITHMS), default=list(ALGORITHMS))
    add("--latency", type=int, default=[0], metavar="MS", help="how far away the server is")
    add("--only", default=[], metavar="NAME", help="these faults alone")
    parser.add_argument(
        "--sound", type=int, metavar="N", help="no fault, N times: nothing may be found broken"
    )
    parser.add_argument("--revision", choices=revisions(), help="default: each")
    parser.add_argument("--jobs", type=int, default=3, metavar="N")
    parser.add_argument("--report-folder", default="reports/limiters", metavar="DIR")
    return parser

"""One trial: a fault at a revision, the checks of the requirements that it violates, and what they say.

The checks run in this very process, which is therefore a forked one (`arena.fork`).
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.mutation import faulty_servers, pool, reasons
from conformance.reference.faults import find_fault
from conformance.run import GENERATED, folders, keyword_of
from conformance.run.checks_by_requirement import checks_by_requirement
from conformance.run.recording import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from conformance.mutation.collected import Collected


class Scope(enum.Enum):
    """Which checks a trial runs, and until when."""

    OWN = "those of the requirements that the fault violates, until one is found broken"
    PROPERTIES = (
        "the generated requests and sequences, until one of these requirements is found broken"
    )
    ALL = "all checks, to the end"


SEARCHES = 4  # for a fault that only a sequence shows: each goes another way
VIOLATED = ("failed", "warned")
KILLED, SURVIVED, BROKE_OFF = "killed", "survived", "error"


@dataclasses.dataclass
class Trial:
    """What a run against one faulty server showed.

    `named` has the requirements that checks found broken, each with the first of these checks; `failing` the functions
    of all these checks; `others` the outcomes of checks that ended otherwise than passed, failed or not-applicable.
    """

    fault: str
    revision: str
    violates: tuple[str, ...]
    verdict: str = BROKE_OFF
    named: dict[str, str] = dataclasses.field(default_factory=dict)
    failing: list[str] = dataclasses.field(default_factory=list)
    others: dict[str, str] = dataclasses.field(default_factory=dict)
    checks: int = 0
    requests: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def hit(self) -> list[str]:
        """The requirements that the fault is made to break and that were found broken."""
        return [name for name in self.violates if name in self.named]


def violates_at(fault: str, revision: str) -> tuple[str, ...]:
    """Return the requirements a fault is made to break that hold at the revision and have a check."""
    found, checked = find_fault(fault), checks_by_requirement(load(revision))
    if reasons.is_inert(fault, revision) or found.only not in (None, revision):
        return ()
    return tuple(name for name in found.violates if name in checked)


def run(
    collected: Collected,
    trial: Trial,
    scope: Scope,
    *,
    keyword: str = "",
    way: faulty_servers.Way = faulty_servers.USUAL,
    seed: int | None = None,
) -> Trial:
    """Serve the fault and run the checks of the scope, or those of them that fit the keyword; return the trial, done."""
    if seed is None and _is_searched(trial, scope):
        return _search(collected, trial, scope, way)
    options = _chosen(trial, scope)
    options |= {"keyword": keyword} if keyword else {}
    options |= {"seed": seed} if seed else {}
    faults = (trial.fault,) if trial.fault else ()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="pluralkit-power-") as folder:
        target = Path(folder, "target.toml")
        observer = Observer(trial, collected.session, stop_when_killed=scope is not Scope.ALL)
        with faulty_servers.serving(trial.revision, faults, target, way):
            collected.run(target, observer, **options)
    trial.seconds = round(time.perf_counter() - started, 2)
    trial.problem = "\n".join(said for said in trial.others.values() if said.startswith("error"))
    trial.verdict = KILLED if trial.hit else BROKE_OFF if trial.problem else SURVIVED
    return trial


def as_json(*what: Any, **how: Any) -> dict[str, Any]:
    """Run as `run` does, and return the trial as JSON."""
    return dataclasses.asdict(run(*what, **how))


def _search(collected: Collected, trial: Trial, scope: Scope, way: faulty_servers.Way) -> Trial:
    for seed in range(SEARCHES):
        piece = functools.partial(as_json, collected, trial, scope, way=way, seed=seed)
        found = pool.apart(piece)
        made = Trial(**found) if found else dataclasses.replace(trial, problem="it crashed")
        if made.hit:
            break
    return made


class Observer:
    """A pytest plugin that notes what the checks found."""

    def __init__(self, trial: Trial, session: pytest.Session, *, stop_when_killed: bool) -> None:
        """Take the trial to write to, and what can stop the run."""
        self.trial, self.stop_when_killed = trial, stop_when_killed
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one phase of a check, and what it found when it is over."""
        record: dict[str, Any] | None = getattr(report, RECORD, None)
        if record is not None:
            self.trial.requests += len(record["exchanges"])
            if report.when == "teardown":
                self._finished(record)

    def _finished(self, record: dict[str, Any]) -> None:
        self.trial.checks += 1
        if record["outcome"] in VIOLATED:
            function = record["check"].partition("[")[0]
            if function not in self.trial.failing:
                self.trial.failing.append(function)
            for name in record["requirements"]:
                self.trial.named.setdefault(name, record["check"])
        elif record["outcome"] not in ("passed", "not-applicable"):
            for name in record["requirements"]:
                self.trial.others.setdefault(name, f"{record['outcome']}: {record['reason']}")
        if self.stop_when_killed and self.trial.hit:
            self._session.shouldstop = "killed"


def _is_searched(trial: Trial, scope: Scope) -> bool:
    """Whether only requests that follow each other are tried, several times over."""
    return scope is Scope.OWN and reasons.is_sequence(trial.fault)


def words(trials: Iterable[Trial], scope: Scope) -> list[str]:
    """Return the words that collect what all these trials choose from."""
    if scope is Scope.PROPERTIES:
        return [str(GENERATED)]
    paths = [str(folder) for folder in folders()]
    chosen = [_chosen(trial, scope)["requirement"] for trial in trials]
    if not all(chosen):
        return paths
    names = dict.fromkeys(name for requirements in chosen for name in requirements)
    return [*(f"--requirement={name}" for name in names), *paths]


def _chosen(trial: Trial, scope: Scope) -> dict[str, Any]:
    """Return the options that choose the checks to run."""
    every: dict[str, Any] = {"requirement": []}
    if scope is not Scope.OWN:
        return every
    if _is_searched(trial, scope):
        return every | {"profile": "deep", "keyword": "states or sequences"}
    crowd = reasons.crowd_of(trial.fault)
    if crowd is not None:
        modules = " or ".join(map(keyword_of, crowd))
        return every | ({"keyword": modules} if modules else {})
    return {"requirement": list(trial.violates)}

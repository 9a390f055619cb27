"""One trial: a fault at a revision, and the outcomes of the checks of the requirements that it violates.

The checks run in this process, which has to be a forked one (see `pool`).
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.contract.harm import harm_of
from conformance.mutation import cell_faults, faulty_servers, pool, reasons
from conformance.reference.faults import find_fault
from conformance.reporting.causes import by_cause
from conformance.run import GENERATED, folders, keyword_of
from conformance.run.check_record import RECORD
from conformance.run.checks_by_requirement import checks_by_requirement
from conformance.run.log_header import in_order
from conformance.run.verdicts import WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from conformance.mutation.collected import Collected


class Scope(enum.Enum):
    """Which checks a trial runs, and when it stops."""

    OWN = "those of the requirements that the fault violates, until one of them fails"
    PROPERTIES = "the generated requests and sequences, until one of these requirements is reported"
    ALL = "all checks, to the end"


SEARCHES = 4  # with different seeds, for a fault that only a sequence shows
VIOLATED = ("failed", "warned")
KILLED, SURVIVED, ERROR = "killed", "survived", "error"


@dataclasses.dataclass
class Trial:
    """The result of a run against one faulty server.

    `first` is the requirement that the first card of a report names. `named` has the requirements that checks reported as violated, each with the first such check; `failing` the functions of
    all these checks; `others` the outcomes of checks that neither passed nor failed nor were not-applicable, by requirement.
    """

    fault: str
    revision: str
    violates: tuple[str, ...]
    verdict: str = ERROR
    named: dict[str, str] = dataclasses.field(default_factory=dict)
    first: str = ""
    failing: list[str] = dataclasses.field(default_factory=list)
    others: dict[str, str] = dataclasses.field(default_factory=dict)
    checks: int = 0
    requests: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def hit(self) -> list[str]:
        """The requirements that the fault violates and that were reported."""
        return [name for name in self.violates if name in self.named]


def violates_at(fault: str, revision: str) -> tuple[str, ...]:
    """Return the requirements that a fault violates, that hold at the revision and that have a check."""
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
    instance: faulty_servers.LimitedInstance = faulty_servers.DEFAULT,
    seed: int | None = None,
) -> Trial:
    """Serve the fault, run the checks of the scope that match the keyword, and return the finished trial."""
    if seed is None and _is_searched(trial, scope):
        return _search(collected, trial, scope, instance)
    options = _selection(trial, scope)
    options |= {"keyword": keyword} if keyword else {}
    options |= {"seed": seed} if seed else {}
    faults = (trial.fault,) if trial.fault else ()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as folder:
        target = Path(folder, "target.toml")
        observer = Observer(trial, collected.session, stop_when_killed=scope is not Scope.ALL)
        with faulty_servers.serving(trial.revision, faults, target, instance):
            collected.run(target, observer, **options)
    trial.seconds = round(time.perf_counter() - started, 2)
    trial.first = observer.first_card()
    trial.problem = "\n".join(
        outcome for outcome in trial.others.values() if outcome.startswith("error")
    )
    trial.verdict = KILLED if trial.hit else ERROR if trial.problem else SURVIVED
    return trial


def as_json(*what: Any, **how: Any) -> dict[str, Any]:
    """Run as `run` does, and return the trial as JSON."""
    return dataclasses.asdict(run(*what, **how))


def _search(
    collected: Collected, trial: Trial, scope: Scope, instance: faulty_servers.LimitedInstance
) -> Trial:
    for seed in range(SEARCHES):
        search = functools.partial(as_json, collected, trial, scope, instance=instance, seed=seed)
        found = pool.run_forked(search)
        ended = Trial(**found) if found else dataclasses.replace(trial, problem="it crashed")
        if ended.hit:
            break
    return ended


class Observer:
    """A pytest plugin that adds the outcomes of checks to a trial."""

    def __init__(self, trial: Trial, session: pytest.Session, *, stop_when_killed: bool) -> None:
        """Take the trial, and the session that is stopped."""
        self.trial, self.stop_when_killed = trial, stop_when_killed
        self._session = session
        self._checks: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
        self._exchanges: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of a check, and its outcome when it ended."""
        record: dict[str, Any] | None = getattr(report, RECORD, None)
        if record is not None:
            self.trial.requests += len(record["exchanges"])
            self._exchanges |= {exchange["id"]: exchange for exchange in record["exchanges"]}
            if report.when == "teardown":
                self._finished(record)

    def first_card(self) -> str:
        """Return the id of the requirement that leads the first card of a report; empty when none is violated."""
        harms = {row.id: harm_of(row) for row in in_order(load(self.trial.revision))}
        listed = list(harms)
        rows = [
            {"id": name, "harm": harms[name], "verdict": verdict, "checks": checks}
            for name, checks in sorted(self._checks.items(), key=lambda one: listed.index(one[0]))
            for verdict in VIOLATED
            if verdict == min((check["outcome"] for check in checks), key=WORST_FIRST.index)
        ]
        cards = by_cause(rows, self._exchanges)
        return str(cards[0][0]["id"]) if cards else ""

    def _finished(self, record: dict[str, Any]) -> None:
        self.trial.checks += 1
        for name in record["requirements"]:
            self._checks[name].append(record)
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
    """Whether only sequences are run, several times with different seeds."""
    return scope is Scope.OWN and reasons.is_sequence(trial.fault)


def words(trials: Iterable[Trial], scope: Scope) -> list[str]:
    """Return the words that collect the checks of all these trials."""
    if scope is Scope.PROPERTIES:
        return [str(GENERATED)]
    paths = [str(folder) for folder in folders()]
    selected = [_selection(trial, scope)["requirement"] for trial in trials]
    if not all(selected):
        return paths
    names = dict.fromkeys(name for requirements in selected for name in requirements)
    return [*(f"--requirement={name}" for name in names), *paths]


def _selection(trial: Trial, scope: Scope) -> dict[str, Any]:
    """Return the options that select the checks to run."""
    every: dict[str, Any] = {"requirement": []}
    if scope is not Scope.OWN:
        return every
    if _is_searched(trial, scope):
        return every | {"effort": "deep", "keyword": "states or sequences"}
    modules = reasons.modules_needed(trial.fault)
    if modules is not None:
        keyword = " or ".join(map(keyword_of, modules))
        return every | ({"keyword": keyword} if keyword else {})
    of_cell = cell_faults.KEYWORDS.get(trial.fault)
    return {"requirement": list(trial.violates)} | ({"keyword": of_cell} if of_cell else {})

"""One trial: a fault at a revision, the checks of the sentences that it breaks, and what they say.

The checks run under pytest in this very process, which is therefore a forked one (`arena.fork`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.commands.pytest_main import PLUGIN, configuration
from conformance.contract import load
from conformance.power import arena, reasons
from conformance.reference.faults import find_fault
from conformance.verdicts import GENERATED, folders
from conformance.verdicts.inventory import checks_by_requirement
from conformance.verdicts.recording import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterator


class Scope(enum.Enum):
    """Which checks a trial runs, and until when."""

    OWN = "those of the sentences that the fault breaks, until one is found broken"
    PROPERTIES = (
        "the generated requests and sequences, until one of these sentences is found broken"
    )
    ALL = "all checks, to the end"


SEARCHES = 4  # for a fault that only a sequence shows: each goes another way
BROKEN = ("failed", "warned")
KILLED, SURVIVED, BROKE_OFF = "killed", "survived", "error"


@dataclasses.dataclass
class Trial:
    """What a run against one faulty server showed.

    `named` has the requirements that checks found broken, each with the first of these checks; `failing` the functions
    of all these checks; `others` the outcomes of checks that ended otherwise than passed, failed or not-applicable.
    """

    fault: str
    revision: str
    trips: tuple[str, ...]
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
        """The sentences that the fault is made to break and that were found broken."""
        return [name for name in self.trips if name in self.named]


def trips_at(fault: str, revision: str) -> tuple[str, ...]:
    """Return the sentences a fault is made to break that hold at the revision and have a check."""
    found, checked = find_fault(fault), checks_by_requirement(load(revision))
    if reasons.is_inert(fault, revision) or found.only not in (None, revision):
        return ()
    return tuple(name for name in found.trips if name in checked)


def run(
    fault: str | None,
    revision: str,
    trips: tuple[str, ...],
    *,
    scope: Scope,
    words: tuple[str, ...],
    way: arena.Way = arena.USUAL,
) -> Trial:
    """Serve the fault and run the checks of the scope."""
    trial = Trial(fault or "", revision, trips)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="pluralkit-power-") as folder:
        output = Path(folder, "output")
        with (
            arena.serving(revision, (fault,) if fault else (), Path(folder, "target.toml"), way),
            _silent(output),
        ):
            for seed in range(SEARCHES if _is_searched(trial, scope) else 1):
                observer = Observer(trial, stop_when_killed=scope is not Scope.ALL)
                command = [*_command(folder, trial, scope), "--seed", str(seed), *words]
                code = pytest.main(command, [observer])
                if trial.hit:
                    break
        trial.seconds = round(time.perf_counter() - started, 2)
        if trial.hit:
            trial.verdict = KILLED
        elif code in (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            trial.verdict = SURVIVED
        else:
            trial.problem = f"exit {int(code)}: {output.read_text('utf-8')[-2000:]}"
    return trial


class Observer:
    """A pytest plugin that notes what the checks found."""

    def __init__(self, trial: Trial, *, stop_when_killed: bool) -> None:
        """Take the trial to write to."""
        self.trial, self.stop_when_killed = trial, stop_when_killed
        self._session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Keep what can stop the run."""
        self._session = session

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Iterator[None]:
        """Note one phase of a check, and what it found when it is over."""
        record: dict[str, Any] | None = getattr(report, RECORD, None)
        if record is not None:
            self.trial.requests += len(record["exchanges"])  # before the log takes them out
            if report.when == "teardown":
                self._finished(record)
        return (yield)

    def _finished(self, record: dict[str, Any]) -> None:
        self.trial.checks += 1
        if record["outcome"] in BROKEN:
            function = record["check"].partition("[")[0]
            if function not in self.trial.failing:
                self.trial.failing.append(function)
            for name in record["requirements"]:
                self.trial.named.setdefault(name, record["check"])
        elif record["outcome"] not in ("passed", "not-applicable"):
            for name in record["requirements"]:
                self.trial.others.setdefault(name, f"{record['outcome']}: {record['reason']}")
        if self.stop_when_killed and self.trial.hit and self._session:
            self._session.shouldstop = "killed"


def _command(folder: str, trial: Trial, scope: Scope) -> list[str]:
    target = ("--target", f"{folder}/target.toml", "--report-folder", folder, "--strict-docs")
    # The plugins of other packages take a quarter of a short run.
    options = ("-c", str(configuration()), "--disable-plugin-autoload", "-p", PLUGIN, *target)
    # What the docs only announce is a rule to those who require it.
    return [*options, "--require-rate-limit", *_chosen(trial, scope)]


def _is_searched(trial: Trial, scope: Scope) -> bool:
    """Whether only requests that follow each other are tried, several times over."""
    return scope is Scope.OWN and reasons.is_sequence(trial.fault)


def _chosen(trial: Trial, scope: Scope) -> list[str]:
    """Return the words that choose the checks to run."""
    paths = [str(folder) for folder in folders()]
    if scope is Scope.PROPERTIES:
        return [str(GENERATED)]
    if _is_searched(trial, scope):
        return ["--profile", "deep", "-k", "states or sequences", *paths]
    if scope is Scope.ALL:
        return paths
    crowd = reasons.crowd_of(trial.fault)
    if crowd is not None:
        modules = " or ".join(f"{module}.py" for module in crowd)
        return [*(("-k", modules) if modules else ()), *paths]
    return [*(f"--requirement={name}" for name in trial.trips), *paths]


@contextlib.contextmanager
def _silent(output: Path) -> Iterator[None]:
    """Send what is printed to a file: it is only of interest when the suite itself fails."""
    kept = [os.dup(number) for number in (1, 2)]
    with output.open("w", encoding="utf-8") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
                yield
        finally:
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)

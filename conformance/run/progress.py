"""What a run prints: how far it is, each requirement when it is first violated, and in the end all that did not pass.

On a terminal a bar shows how far it is; elsewhere a line for each tenth does, or with `--verbose` one for each module. What stands in
the end is made in `reporting.terminal`.
"""

from __future__ import annotations

import collections
import os
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from conformance.printable import counted
from conformance.reporting.terminal import STYLES, VIOLATED, findings, named, ranked
from conformance.run import module_of
from conformance.run.check_record import RECORD
from conformance.run.github import Job
from conformance.run.verdicts import outcome_at_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.run.recording import Log
    from conformance.run.session import Session
    from conformance.run.verdicts import CheckResult

WIDTH = 24  # characters of the longest name of a module
MANY = 500  # checks; the tenths of fewer say nothing
TENTHS = 10
NAMED = 36  # requirements that are named when they are first violated, in a log that nobody sees at once
LEFT_OVER = 5  # things that are not as before, in the end
FEW = 3  # violated requirements that a terminal shows in full


class Progress:
    """Replaces pytest's terminal reporter, and reports requirements instead of tests."""

    def __init__(self, reporter: Any, session: Session, log: Log) -> None:
        """Set up the bar, which is disabled where the output is no terminal."""
        self._reporter = reporter
        self.run, self.log = session, log
        self.verbosity: int = reporter.config.option.verbose
        self.console = Console(highlight=False, soft_wrap=True, emoji=False)
        self.job = Job(os.environ)
        self.named: set[str] = set()
        self.done_of_module: collections.Counter[str] = collections.Counter()
        self.total_of_module: collections.Counter[str] = collections.Counter()
        self.again: collections.Counter[str] = collections.Counter()
        self.bar = Bar(
            TextColumn(f"{{task.description:<{WIDTH}}}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[requests]} requests"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal or self.verbosity < 0,
        )
        self.task = self.bar.add_task("preflight", total=None, requests=0)

    @classmethod
    def replace_terminal(cls, config: pytest.Config, session: Session, log: Log) -> None:
        """Take the place of pytest's terminal reporter, where there is one."""
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None and not config.option.collectonly:
            config.pluginmanager.unregister(reporter)
            config.pluginmanager.register(cls(reporter, session, log), "terminalreporter")

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of pytest's terminal reporter, which other plugins use."""
        return getattr(self._reporter, name)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Print why checks could not be collected: a defect of the suite."""
        if report.failed:
            self.console.print(str(report.longrepr), style="bold magenta", markup=False)

    def pytest_internalerror(self, excrepr: Any) -> None:
        """Print an error of the suite itself."""
        text = self.run.redactor.clean(str(excrepr))
        self.console.print(text, style="bold magenta", markup=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Print the target and the revision, and take the number of checks."""
        self._out(self.job.begin())
        target = self.run.target
        if self.verbosity >= 0:
            profile = self.run.permission.profile
            self._print(
                f"checking {target.base_url} against PluralKit API v2, revision {target.revision}, profile {profile}"
            )
        self.total_of_module.update(module_of(item.path) for item in session.items)
        self.bar.update(self.task, total=len(session.items))
        self.bar.start()

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """Show the module of the check that starts."""
        del location
        self.bar.update(self.task, description=_module(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a check that ended, and name what it is the first to find violated."""
        record = getattr(report, RECORD, None)
        if record is None or report.when != "teardown":
            return
        self._name(record)
        module = _module(record["check"])
        if self.done_of_module[module] == self.total_of_module[module]:  # a second try
            self.again[record["outcome"]] += 1
            return
        self.done_of_module[module] += 1
        self.bar.update(self.task, advance=1, requests=self.log.requests.total())
        if self.verbosity > 0 and self.done_of_module[module] == self.total_of_module[module]:
            self._print(f"  {module:<{WIDTH}} {ranked(self._outcomes(module))}")
        elif self.verbosity == 0 and not self.console.is_terminal:
            self._share()

    def _outcomes(self, module: str) -> collections.Counter[str]:
        results = (one for one in self.log.results if _module(one.check) == module)
        return collections.Counter(self._shown(result) for result in results)

    def _share(self) -> None:
        """Print, for a log that somebody watches, each time that a tenth of many checks is done."""
        done, total = self.done_of_module.total(), self.total_of_module.total()
        if total >= MANY and done * TENTHS // total > (done - 1) * TENTHS // total:
            share = 100 * done // total
            requests = counted(self.log.requests.total(), "request")
            self._print(f"  {share:3} %: {done} of {total} checks, {requests}")

    def _name(self, record: dict[str, Any]) -> None:
        """Print the requirements that nothing violated before, as long as their number says something."""
        verdict, known = record["outcome"], self.run.is_known(record["requirements"])
        if self.verbosity < 0 or verdict not in VIOLATED or known:
            return
        for name in record["requirements"]:
            level = self.run.contract.requirements[name].level
            if name in self.named or outcome_at_level(verdict, [level]) != verdict:
                continue
            self.named.add(name)
            if self.console.is_terminal or self.verbosity or len(self.named) <= NAMED:
                self._print(f"  {named(verdict, name, record['reason'])}", STYLES[verdict])
            elif len(self.named) == NAMED + 1:
                self._print("  further ones are named in the end")

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Any:
        """Print the summary, once the reports are written."""
        result = yield
        self.bar.stop()
        if self.log.report:
            self._summary()
        self._out(self.job.end(self.log.report, self.run.folder / "summary.md"))
        return result

    def _out(self, lines: Iterable[str]) -> None:
        """Print lines that a program reads."""
        for line in lines:
            self.console.out(line, highlight=False)

    def _summary(self) -> None:
        report = self.log.report
        violated = sum(report["counts"][verdict] for verdict in VIOLATED)
        full = self.verbosity > 0 or (self.console.is_terminal and violated <= FEW)
        for line in findings(report, full=full) if self.verbosity >= 0 else ():
            self._print(line.text, line.style)
        for text, style in self._notes():
            self._print(text, style)
        style = "bold green" if report["exit_code"] == 0 else "bold red"
        self._print(report["headline"], style)
        checks = counted(sum(report["checks"].values()), "check")
        requests = counted(report["requests"]["total"], "request")
        waited = f" ({self.run.waited:.1f} s of it for rate limits)" if self.run.waited else ""
        self._print(
            f"{checks}, {requests}, {report['seconds']:.1f} s{waited}; report: {self.run.folder / 'index.html'}"
        )

    def _print(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style, markup=False)

    def _notes(self) -> Iterator[tuple[str, str]]:
        """Yield the lines that are about the whole run, with their styles."""
        if self.again:
            shown = ", ".join(f"{n} {outcome}" for outcome, n in sorted(self.again.items()))
            yield f"checks without a response ran again: {shown}", "yellow"
        for feature in self.run.undeclared:
            yield (
                f"not tested: the target has {feature}, which features in its file does not name",
                "yellow",
            )
        left_over = self.log.left_over
        kept = left_over if self.verbosity > 0 else left_over[:LEFT_OVER]
        for line in kept:
            yield f"not as before: {line}", "yellow"
        if len(left_over) > len(kept):
            yield f"not as before: {len(left_over) - len(kept)} more, see the report", "yellow"
        for row in self.log.outdated:
            yield f"known failure {row['message']}", "bold red"
        for line in self.log.updates:
            yield line, "yellow"
        if self.log.stopped:
            yield f"stopped early: {self.log.stopped}", "yellow"

    def _shown(self, result: CheckResult) -> str:
        """Return the outcome of a check, that of an expected failure as `known`."""
        is_known = result.outcome == "failed" and self.run.is_known(result.requirements)
        return "known" if is_known else result.outcome


def _module(check: str) -> str:
    """Return the module of a check, given by its name in reports or its node id."""
    return check.partition("::")[0].removesuffix(".py")

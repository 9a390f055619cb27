"""What a run prints: a progress bar on a terminal, a line for each module elsewhere, and a summary at the end."""

from __future__ import annotations

import collections
import os
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from conformance.printable import visible
from conformance.reporting.curl import curl
from conformance.reporting.plain import plain
from conformance.run import module_of
from conformance.run.check_record import RECORD
from conformance.run.github import Job
from conformance.run.verdicts import WORST_FIRST, outcome_at_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.run.recording import Log
    from conformance.run.session import Session
    from conformance.run.verdicts import CheckResult

WIDTH = 24  # characters of the longest name of a module
SHOWN = 3  # checks of one requirement in the summary
SUMMARIZED = ("failed", "known", "error", "inconclusive", "untested", "warned")
STYLES = {"failed": "bold red", "error": "bold magenta", "warned": "yellow"}


class Progress:
    """Replaces pytest's terminal reporter, and reports requirements instead of tests."""

    def __init__(self, reporter: Any, session: Session, log: Log) -> None:
        """Set up the bar, which is disabled where the output is no terminal."""
        self._reporter = reporter
        self.run, self.log = session, log
        self.console = Console(highlight=False, soft_wrap=True, emoji=False)
        self.job = Job(os.environ)
        self._chains: dict[str, list[str]] = {}
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
            disable=not self.console.is_terminal,
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
        self.console.print(
            f"checking {target.base_url} against PluralKit API v2, revision {target.revision}, profile {self.run.permission.profile}"
        )
        self.total_of_module.update(module_of(item.path) for item in session.items)
        self.bar.update(self.task, total=len(session.items))
        self.bar.start()

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """Show the module of the check that starts."""
        del location
        self.bar.update(self.task, description=_module(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a check that ended."""
        record = getattr(report, RECORD, None)
        if record is None or report.when != "teardown":
            return
        module = _module(record["check"])
        if self.done_of_module[module] == self.total_of_module[module]:  # a second try
            self.again[record["outcome"]] += 1
            return
        self.done_of_module[module] += 1
        self.bar.update(self.task, advance=1, requests=self.log.requests.total())
        if (
            self.done_of_module[module] == self.total_of_module[module]
            and not self.console.is_terminal
        ):
            counts = collections.Counter(
                self._shown(result)
                for result in self.log.results
                if _module(result.check) == module
            )
            shown = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
            self.console.print(f"  {module:<{WIDTH}} {shown}")

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
        self._chains = chains(report)
        unreached = [row for row in self.log.judgements if row.is_unreached]
        shown = [row for row in self.log.judgements if row.verdict in SUMMARIZED]
        # The worst last, next to the prompt.
        for judgement in sorted(shown, key=lambda row: -WORST_FIRST.index(row.verdict)):
            if judgement.known_failure and judgement.verdict == "known":
                self._known(judgement.requirement, judgement.known_failure)
            elif judgement not in unreached:
                self._requirement(judgement.requirement, judgement.verdict)
        if unreached:
            names = ", ".join(judgement.requirement for judgement in unreached)
            self.console.print(f"{len(unreached)} requirements are untested: {names}", markup=False)
        for line, style in self._notes():
            self.console.print(line, style=style, markup=False)
        style = "bold green" if report["exit_code"] == 0 else "bold red"
        self.console.print(f"{report['headline']}", style=style, markup=False)
        seconds, requests = report["seconds"], report["requests"]["total"]
        waited = f" ({self.run.waited:.1f} s of it for rate limits)" if self.run.waited else ""
        self.console.print(
            f"{sum(report['checks'].values())} checks, {requests} requests, {seconds:.1f} s{waited}; "
            f"report: {self.run.folder / 'index.html'}",
            markup=False,
        )

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
        for line in self.log.left_over:
            yield f"not as before: {line}", "yellow"
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

    def _known(self, name: str, entry: Mapping[str, str]) -> None:
        """Print one line for a requirement that is known to fail."""
        line = f"KNOWN {name}: {entry['reason']} ({entry['link']}, until {entry['expires']})"
        self.console.print(visible(line), style=STYLES["warned"], markup=False)

    def _requirement(self, name: str, verdict: str) -> None:
        requirement = self.run.contract.requirements[name]
        source = f"{requirement.level}, {requirement.page}#{requirement.section}"
        self.console.print(
            f"{verdict.upper()} {name} ({source})", style=STYLES.get(verdict, "cyan"), markup=False
        )
        self.console.print(f"  {requirement.text}", markup=False)
        results = [
            result
            for result in self.log.results
            if name in result.requirements
            and outcome_at_level(result.outcome, [requirement.level]) == verdict
        ]
        for result in results[:SHOWN]:
            self.console.print(f"    {result.check}: {result.reason}", markup=False)
            for line in self._chains.pop(result.check, ()):
                self.console.print(f"      {plain(line)}", markup=False, soft_wrap=True)
        if len(results) > SHOWN:
            self.console.print(f"    and {len(results) - SHOWN} more checks")
        self._request(name)

    def _request(self, requirement: str) -> None:
        """Print the request that shows a violated requirement, as curl line, with its caller."""
        [row] = [row for row in self.log.report["requirements"] if row["id"] == requirement]
        shown = [check["evidence"] for check in row["checks"] if check["outcome"] == "failed"]
        exchange = self.log.report["exchanges"].get(shown[0]) if shown else None
        if exchange:
            caller = exchange["caller"]
            line = plain(f"    sent as {caller}: {curl(exchange)}")
            self.console.print(line, style="dim", markup=False)


def chains(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return the curl lines of each generated check of a report that found a chain; each is printed once."""
    return {
        check["check"]: check["reproduction"]["curl"]
        for requirement in report["requirements"]
        for check in requirement["checks"]
        if check["reproduction"] and check["reproduction"]["pytest"]
    }


def _module(check: str) -> str:
    """Return the module of a check, given by its name in reports or its node id."""
    return check.partition("::")[0].removesuffix(".py")

"""The event log of a run: a line for each exchange and each check, and the verdicts that follow from all of them."""

from __future__ import annotations

import collections
import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import load
from conformance.properties.operation_counts import operation_counts
from conformance.reporting import EventLog, report_failed_preflight, write_reports
from conformance.run import verdicts
from conformance.run.check_record import RECORD
from conformance.run.log_header import header, now
from conformance.run.matrices import matrices
from conformance.run.second_try import settles

if TYPE_CHECKING:
    from conformance.run.session import Session

INTERRUPTED = "interrupted by Ctrl-C or SIGTERM"


class Log:
    """Writes the event log, and ends it with the verdicts."""

    def __init__(self, session: Session) -> None:
        """Take the session; nothing is written before `begin`."""
        self.session = session
        self.results: list[verdicts.CheckResult] = []
        self.judgements: list[verdicts.Judgement] = []
        self.report: dict[str, Any] = {}
        self.requests: collections.Counter[str] = collections.Counter()
        self.left_over: list[str] = []
        self.outdated: list[dict[str, str]] = []
        self.updates: list[str] = []
        self.stopped = ""
        self._collection_failed = False
        self._interrupted = False
        self._exchanges: dict[str, list[str]] = collections.defaultdict(list)
        self._reach: list[dict[str, Any]] = []
        self.has_begun = False

    def begin(self) -> None:
        """Open the log, and write its header and the exchanges of preflight."""
        self._started = time.monotonic()
        self._log = EventLog(self.session.folder / "events.jsonl")
        self.has_begun = True
        self._write("run-started", **header(self.session))
        for exchange in self.session.take_exchanges():
            self._add_exchange(exchange.event("preflight"))

    def report_failed_preflight(self, problem: str) -> None:
        """Write for CI servers why nothing runs; no log is begun."""
        started: Any = {"event": "run-started", **header(self.session)}
        report_failed_preflight(started, self.session.redactor.clean(problem), self.session.folder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the exchanges of one phase, and the check when it is over."""
        record: dict[str, Any] | None = getattr(report, RECORD, None)
        if record is None:
            return
        for exchange in record.pop("exchanges"):
            self._exchanges[record["check"]].append(exchange["id"])
            self._add_exchange(exchange)
            self._reach.append(_without_response(exchange))
        if report.when == "teardown":
            self._finished(record)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember that checks could not be collected, which pytest treats like an interruption."""
        self._collection_failed |= report.failed

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember that the user stopped the run; pytest itself stops with subclasses of KeyboardInterrupt."""
        self._interrupted |= excinfo.type is KeyboardInterrupt

    def finish(
        self,
        left_over: list[str],
        exitstatus: int,
        *,
        allow_untested: bool,
        first_failures: str = "",
    ) -> int:
        """Take what is not as before, and the option by which the first failures stopped the run; judge, write the reports; return the exit code."""
        self.left_over = left_over
        for exchange in self.session.take_exchanges():
            self._add_exchange(exchange.event("clean-up"))
        unreached = self.not_reached()
        self.stopped = self._why_stopped(first_failures) if unreached else ""
        if self.session.stopped:
            self.results += unreached
        requirements = self.session.contract.requirements.values()
        known = self.session.known_failures
        self.judgements = known.judged(verdicts.judge(requirements, self.results))
        self.judgements += [] if self.session.partial else self._undeclared()
        tested = self.session.tested(self.results) if known.path else set[str]()
        self.outdated = known.outdated(self.judgements, tested)
        for judgement in self.judgements:
            self._write("requirement-judged", **dataclasses.asdict(judgement))
        for one in [] if self.session.partial else matrices(load(self.session.contract.revision)):
            self._write("matrix", **one)
        for row in operation_counts(self.session.contract, self._reach):
            self._write("operation-reached", **row)
        counts = collections.Counter(judgement.verdict for judgement in self.judgements)
        interrupted = self._interrupted
        code = verdicts.exit_code(
            counts,
            interrupted=interrupted,
            allow_untested=allow_untested,
            outdated=bool(self.outdated),
        )
        if self._collection_failed or exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            code = verdicts.Exit.SUITE_FAILED
        self._write("run-finished", **self._footer(code, interrupted=interrupted))
        self._log.close()
        self.report = write_reports(self.session.folder / "events.jsonl", self.session.folder)
        if not interrupted:
            self.updates = known.update(self.judgements, tested)
        return code

    def _undeclared(self) -> list[verdicts.Judgement]:
        """Return what is not applicable because the target file declares features, and not those that it needs."""
        contract = self.session.contract
        reason = "needs a feature that the target file does not declare"
        return [
            verdicts.Judgement(name, "not-applicable", reason, ())
            for name, row in load(contract.revision).requirements.items()
            if name not in contract.requirements and row.excluded is None
        ]

    def _add_exchange(self, exchange: dict[str, Any]) -> None:
        self.requests[exchange["scope"]] += 1
        self._log.append(exchange)  # type: ignore[arg-type] # made by Exchange.event

    def not_reached(self) -> list[verdicts.CheckResult]:
        """Return the selected checks that did not run, as untested."""
        finished = {result.check for result in self.results}
        return [
            verdicts.CheckResult(
                check, names, "untested", f"{verdicts.NOT_REACHED}{self.session.stopped}"
            )
            for check, names in self.session.selected.items()
            if check not in finished
        ]

    def _why_stopped(self, first_failures: str) -> str:
        return INTERRUPTED if self._interrupted else self.session.stopped or first_failures

    def _finished(self, record: dict[str, Any]) -> None:
        """Take in a check; a second try replaces the first one only if it settles what that left open."""
        generated = record.pop("open_ended")
        if record.pop("is_second_try"):
            if not settles(record["outcome"], generated=generated):
                return
            self.results = [one for one in self.results if one.check != record["check"]]
        names = ("check", "requirements", "outcome", "reason")
        self.results.append(verdicts.CheckResult(**{name: record[name] for name in names}))
        untested = tuple(record.pop("untested"))
        if untested:
            reason = f"the server failed: {record['reason']}"
            again = verdicts.CheckResult(record["check"], untested, "untested", reason)
            self.results.append(again)
        exchanges = self._exchanges.pop(record["check"], [])
        chain, test = record.pop("chain"), record.pop("test")
        if chain:
            self._write("chain-found", check=record["check"], exchanges=chain, test=test)
        self._write("check-finished", **record, exchanges=exchanges)

    def _footer(self, code: int, *, interrupted: bool) -> dict[str, Any]:
        return {
            "finished": now(),
            "seconds": round(time.monotonic() - self._started, 2),
            "requests": self.requests.total(),
            "by_scope": dict(self.requests),
            "partial": self.session.partial,
            "selection": self.session.selection,
            "stopped": self.stopped,
            "interrupted": interrupted,
            "exit_code": int(code),
            "left_over": self.left_over,
            "outdated": self.outdated,
            "waited": round(self.session.waited, 2),
        }

    def _write(self, event: str, **facts: Any) -> None:
        self._log.append({"event": event, **facts})  # type: ignore[arg-type] # facts fit the event


def _without_response(exchange: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an exchange from which `operation_counts` counts."""
    return {name: exchange[name] for name in ("check", "operation", "request", "status")}

"""The record of each check, from its exception to its line in the event log, and the verdicts that follow from all records."""

from __future__ import annotations

import collections
import dataclasses
import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import AsUpstream, PreconditionFailed
from conformance.properties.operation_counts import operation_counts
from conformance.reporting import EventLog, write_reports
from conformance.run import GENERATED, module_of, verdicts
from conformance.run.log_header import header, now
from conformance.run.outcomes import deviations, outcome_of, server_failed

if TYPE_CHECKING:
    from collections.abc import Container

    from conformance.http import Exchange
    from conformance.run.session import Session

RECORD = "conformance_record"
RECORD_KEY = pytest.StashKey["Record"]()
# A server that rejects everything, or returns nothing, violates few requirements; that they passed would say nothing.
NO_SYSTEM = (
    "the target does not show the system of the token, so that a check that passes proves nothing"
)
INTERRUPTED = "interrupted by Ctrl-C or SIGTERM"


@dataclasses.dataclass
class Record:
    """One check: what it tests, and its outcome so far (over setup, call and teardown).

    A generated check is `open_ended`: a failure of it may violate any requirement, not only those that it names. `untested` are
    those that it names and could not test, because the server failed in a request that they need.
    """

    check: str
    description: str
    requirements: tuple[str, ...]
    open_ended: bool = False
    outcome: str = "passed"
    reason: str = ""
    expected: str | None = None
    actual: str | None = None
    evidence: str | None = None
    milliseconds: float = 0.0
    chain: list[str] = dataclasses.field(default_factory=list)
    test: str = ""
    exchanges: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    untested: tuple[str, ...] = ()

    def after(self, call: pytest.CallInfo[None], session: Session) -> Record:
        """Take in one phase of the check."""
        self.milliseconds += call.duration * 1000
        self.exchanges = [exchange.event(self.check) for exchange in session.take_exchanges()]
        if call.excinfo is not None and self.outcome == "passed":
            self._take(call.excinfo.value, session)
        elif (call.when, self.outcome) == ("teardown", "passed") and session.snapshot.is_blank:
            self.outcome, self.reason = "untested", NO_SYSTEM
        return self

    def apply_to(self, report: pytest.TestReport, session: Session) -> None:
        """Set the outcome of pytest's report: failed, skipped or passed."""
        if report.outcome == "passed":
            return
        if self.outcome == "failed" and session.is_known(self.requirements):
            report.outcome = "passed"  # or --maxfail would count it
        elif self.outcome in ("failed", "error"):
            text = str(report.longrepr) if self.outcome == "error" else self.reason
            report.longrepr = session.redactor.clean(text)
            report.outcome = "failed"
        elif self.outcome == "warned":
            report.outcome = "passed"
        else:
            report.outcome = "skipped"
            report.longrepr = (str(report.location[0]), report.location[1] or 0, self.reason)

    def keep(self, requirements: Container[str]) -> None:
        """Leave out the requirements that do not hold at the revision under test."""
        self.requirements = tuple(name for name in self.requirements if name in requirements)

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON."""
        names = [field.name for field in dataclasses.fields(self) if field.name != "open_ended"]
        return {name: getattr(self, name) for name in names}

    def _take(self, problem: BaseException, session: Session) -> None:
        possible = session.contract.requirements if self.open_ended else self.requirements
        exchange: Exchange | None = getattr(problem, "exchange", None)
        if (
            isinstance(problem, PreconditionFailed)
            and exchange
            and session.server_errors.is_new(exchange)
        ):
            failure = server_failed(exchange, session.contract)
            self.untested = tuple(set(self.requirements).difference(failure.violates))
            problem, possible = failure, session.contract.requirements
        violated = [name for name in getattr(problem, "violates", ()) if name in possible]
        self.requirements = tuple(violated) or self.requirements
        rows = [session.contract.requirements[name] for name in self.requirements]
        self.outcome = outcome_of(
            problem, rows, session.contract.revision, strict_docs=session.strict_docs
        )
        if self.outcome == "failed":
            self._blame(session, exchange)
        self.reason = session.redactor.clean(getattr(problem, "reason", None) or _one_line(problem))
        if isinstance(problem, AsUpstream) and deviations(rows, session.contract.revision):
            self.reason = f"as PluralKit production does: {self.reason}"
        self.expected = getattr(problem, "expected", None)
        self.actual = getattr(problem, "actual", None)
        if self.outcome == "failed" or isinstance(problem, AsUpstream):
            session.server_errors.report(exchange, repeated=self.open_ended)
        if isinstance(problem, AsUpstream) and exchange:
            session.server_errors.as_upstream.add((exchange.operation.id, exchange.status))
        self.evidence = exchange.id if exchange else None
        self.chain = [step.id for step in getattr(problem, "chain", ())]
        self.test = getattr(problem, "test", "")

    def _blame(self, session: Session, exchange: Exchange | None) -> None:
        """Blame only what failed before, if a generated check could not tell which of several requirements is violated."""
        explained = tuple(name for name in self.requirements if name in session.failed)
        if self.open_ended and explained:
            self.requirements = explained
        session.failed.update(self.requirements)
        if exchange:
            session.responses.failed.add(exchange.id)


def record_of(item: pytest.Item) -> Record:
    """Return the record of a collected check."""
    if RECORD_KEY not in item.stash:
        documentation = getattr(getattr(item, "function", None), "__doc__", None) or item.name
        markers = item.iter_markers("requirement")
        item.stash[RECORD_KEY] = Record(
            check=f"{module_of(item.path)}::{item.name}",
            description=documentation.strip().partition("\n")[0],
            requirements=tuple(dict.fromkeys(name for marker in markers for name in marker.args)),
            open_ended=item.path.parent == GENERATED,
        )
    return item.stash[RECORD_KEY]


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
        tested = self.session.tested(self.results) if known.path else set[str]()
        self.outdated = known.outdated(self.judgements, tested)
        for judgement in self.judgements:
            self._write("requirement-judged", **dataclasses.asdict(judgement))
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

    def _add_exchange(self, exchange: dict[str, Any]) -> None:
        self.requests[self.session.contract.operations[exchange["operation"]].scope] += 1
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


def _one_line(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}".partition("\n")[0]

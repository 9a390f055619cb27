"""The record of each check, from its exception to its outcome, with the requirements that it is about."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import AsUpstream, PreconditionFailed
from conformance.run import GENERATED, module_of
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

NOTHING = "the docs of this revision have nothing that it could look at"


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
    is_without_response: bool = False  # which makes it inconclusive
    is_second_try: bool = False

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
        names = [field.name for field in dataclasses.fields(self)]
        return {name: getattr(self, name) for name in names if name != "is_without_response"}

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
        unanswered = exchange is not None and exchange.status is None
        self.is_without_response = self.outcome == "inconclusive" and unanswered
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


def renew_record(item: pytest.Item) -> None:
    """Give a check that runs a second time a new record."""
    old = record_of(item)
    item.stash[RECORD_KEY] = Record(
        old.check, old.description, old.requirements, old.open_ended, is_second_try=True
    )


def _one_line(problem: BaseException) -> str:
    if isinstance(
        problem, pytest.skip.Exception
    ):  # a table without rows, of which pytest says other words
        return NOTHING
    return f"{type(problem).__name__}: {problem}".partition("\n")[0]

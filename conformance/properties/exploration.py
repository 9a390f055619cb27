"""Runs the state machine within a budget, and finds the shortest sequence that shows each defect.

Hypothesis chooses the sequences and shortens those that fail. A sequence ends at a defect that is found already,
so that others are found as well. What does not repeat is inconclusive.
"""

from __future__ import annotations

import collections
import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from conformance.http import Inconclusive, Outcome, Refuted
from conformance.http.assertions import described
from conformance.http.outcomes import AsUpstream
from conformance.properties import constants, initial_state
from conformance.properties.budget import Budget
from conformance.properties.sender import Sender, SpentError
from conformance.properties.shortening import Shortener
from conformance.properties.state_machine import Choices, Sequence
from conformance.properties.write_requests import WriteRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from conformance.http import Exchange
    from conformance.properties.budget import RunBudget
    from conformance.properties.steps import Step

constants.pin()

STEPS = 30  # of one sequence
FEWEST = 20  # requests that a sequence needs to be of use
CLEARANCE = 4  # requests that are kept for the end of a sequence
MOST_DEFECTS = 6
SHARE = 3  # a third of the reserve is for Hypothesis, which makes values simple, the rest for fewer steps
MANY = 1000  # requests of a budget with more reads at the end of a sequence
LAST_READS, LAST_READS_OF_MANY = 18, 26


@dataclasses.dataclass
class Defect:
    """One way in which the target differs from the docs: the shortest sequence so far, and how often it was seen."""

    problem: Refuted
    steps: tuple[Step, ...]  # that led to it
    place: int  # of the wrong response in its sequence
    seen: int = 1
    # The requests of a sequence that ought to have shown it.
    sent_without_it: list[Exchange] = dataclasses.field(default_factory=list)

    def seen_again(self, problem: Refuted, steps: tuple[Step, ...]) -> None:
        """Count it once more; the shorter sequence stays."""
        self.seen += 1
        if len(problem.chain) <= len(self.problem.chain):
            self.problem, self.steps = problem, steps

    @property
    def repeated(self) -> bool:
        """Whether it was seen whenever it was tried again."""
        return self.seen > 1 or not self.sent_without_it

    def outcome(self) -> Outcome:
        """Return the failure; one that was tried again and not seen is inconclusive."""
        if self.repeated:
            return self.problem
        again = self.sent_without_it[min(self.place, len(self.sent_without_it) - 1)]
        shown = self.problem.exchange
        first = f"{shown.id} ({described(shown)})" if shown else "?"
        reason = f"did not repeat: {self.problem.reason}; first in {first}, then in {again.id} ({described(again)})"
        return Inconclusive(reason, shown)


class Exploration:
    """The sequences of requests to one target, and the defects that they show."""

    def __init__(self, account: Account, run_budget: RunBudget) -> None:
        """Take the account, and the budget of the run."""
        self.account, self.contract = account, account.contract
        self.budget, self.reserve = run_budget.sequences(), run_budget.reserve // SHARE
        self.shortening = Budget(run_budget.reserve - self.reserve)
        self.sender = Sender(account, account.contract, self.budget)
        self.others = ("other", "anonymous") if account.other.token is not None else ("anonymous",)
        self.callers = ("owner", *self.others)
        self.choices = Choices(self.contract, self.others)
        self.unknown_ref = account.unknown_uuid()
        self.most_reads = LAST_READS_OF_MANY if self.budget.limit > MANY else LAST_READS
        self.defects: list[Defect] = []
        self.trouble: Outcome | None = None  # that ended all sequences
        # Responses by operation and class of status.
        self.status_counts: collections.Counter[tuple[str, int]] = collections.Counter()
        self.requests: WriteRequests  # of the present sequence
        self._trying: Defect | None = None  # which Hypothesis is shortening
        self._failed = self._cut_short = False  # the present sequence

    def run(self) -> None:
        """Run sequences until the budget is used up, or enough is found; then shorten those that showed a defect."""
        self._search()
        if self.trouble is None:
            self._shorten()

    def _search(self) -> None:
        initial_state.clear(self.sender)
        for number in itertools.count():
            limit, sent = self.budget.limit, self.budget.sent
            self._run_machine(number)
            if self._trying is not None:
                self._trying = None
                beyond = min(self.reserve, max(0, self.budget.sent - sent))
                self.reserve, self.budget.limit = self.reserve - beyond, limit + beyond
            enough = len(self.defects) >= MOST_DEFECTS or self.budget.left < FEWEST
            if enough or self.trouble or self.budget.sent == sent:
                return

    def _shorten(self) -> None:
        shortener = Shortener(self.sender, self.callers, self.shortening)
        shortened = [
            defect for defect in self.defects if defect.repeated and self._fails(defect.problem)
        ]
        for defect in sorted(shortened, key=lambda defect: len(defect.steps)):
            defect.problem = shortener.shortest(defect.problem, defect.steps)

    def _run_machine(self, number: int) -> None:
        machine = type("Machine", (Sequence,), {"exploration": self})
        settings = hypothesis.settings(
            max_examples=max(1, self.budget.left // FEWEST),
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
            suppress_health_check=list(hypothesis.HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=hypothesis.Verbosity.quiet,
        )
        seeded: Any = hypothesis.seed(self.account.seed * 1000 + number)(machine)
        try:
            run_state_machine_as_test(seeded, settings=settings)
        except (hypothesis.errors.Unsatisfiable, hypothesis.errors.Flaky):
            return  # sequences ended early, or differed from before: what was seen is in the defects
        except Exception:  # whatever Hypothesis raises: what was seen is in the defects
            if self._trying is None:
                raise

    def may_begin(self) -> bool:
        """Whether another sequence fits the budget."""
        self._failed = self._cut_short = False
        return self.trouble is None and self.budget.left >= FEWEST

    def may_send(self) -> bool:
        """Whether one more request fits the budget, and the deletion of all that was created."""
        self._cut_short = self.budget.left <= CLEARANCE + len(self.sender.created)
        return not self._cut_short

    def begin(self) -> None:
        """Read the account, which is in the state in which every sequence begins."""
        self.requests = WriteRequests(self.sender, initial_state.read(self.sender))

    def attempt(self, request: Callable[[], object]) -> None:
        """Send one request; a wrong response is kept, and raised to Hypothesis unless its defect is found already."""
        try:
            request()
        except Refuted as problem:
            self._keep(problem)
        except SpentError:
            hypothesis.reject()
        except Inconclusive as problem:
            self.trouble = problem
            hypothesis.reject()
        except Outcome:
            hypothesis.reject()

    def _keep(self, problem: Refuted) -> None:
        if self._trying is None and not self._is_known(problem):
            self._trying = Defect(problem, self._steps(), len(self.sender.sent) - 1)
            self.defects.append(self._trying)
            if self._fails(problem):
                self.budget.limit += self.reserve // 3
            self._failed = True
            raise problem
        if self._trying is not None and set(problem.violates) & set(self._trying.problem.violates):
            self._trying.seen_again(problem, self._steps())
            self._failed = True
            raise problem
        hypothesis.reject()

    def _steps(self) -> tuple[Step, ...]:
        return tuple(self.requests.steps)

    def _fails(self, problem: Refuted) -> bool:
        """Whether it fails a run and not only warns: only then are more requests spent on a shorter sequence."""
        requirements = [self.contract.requirements[one] for one in problem.violates]
        return not isinstance(problem, AsUpstream) and any(
            one.level == "must" for one in requirements
        )

    def _is_known(self, problem: Refuted) -> bool:
        found = {one for defect in self.defects for one in defect.problem.violates}
        return set(problem.violates) <= found

    def finish(self) -> None:
        """Count the responses of the sequence, and delete what it created."""
        for exchange in self.sender.sent:
            self.status_counts[exchange.operation.id, (exchange.status or 0) // 100] += 1
        ended = self._failed or self._cut_short
        if self._trying is not None and self._trying.seen == 1 and self.sender.sent and not ended:
            self._trying.sent_without_it = list(self.sender.sent)
        if any(exchange.operation.id == "updateSystem" for exchange in self.sender.sent):
            initial_state.clear(self.sender)
        self.sender.clear()

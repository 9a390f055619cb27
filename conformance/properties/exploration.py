"""Runs the state machine within a budget, and keeps the shortest sequence that shows each defect.

Hypothesis chooses the sequences and shortens those that fail. A defect that is known ends the sequences that come upon it
again, so that the others are found as well. A failure that does not repeat is not one.
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
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.comparison import Arena, SpentError
from conformance.properties.shortening import Shortener
from conformance.properties.state_machine import Choices, Sequence
from conformance.properties.write_requests import Moves

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from conformance.http import Exchange
    from conformance.properties.budget import Shares
    from conformance.properties.steps import Step

STEPS = 30  # of one sequence
FEWEST = 20  # requests for which a sequence is worth while
CLEARANCE = 4  # requests that are kept for the end of a sequence
MOST_DEFECTS = 6
SHARE = 3  # one such part of the reserve is Hypothesis', which makes values simple, the rest for fewer steps
MANY = 1000  # requests from which on everything is read at the end of a sequence


@dataclasses.dataclass
class Defect:
    """One way in which the target differs from the docs: the shortest sequence so far, and how often it was seen."""

    problem: Refuted
    trail: tuple[Step, ...]  # what led to it
    place: int  # of the telling exchange in its sequence
    seen: int = 1
    missed: list[Exchange] = dataclasses.field(
        default_factory=list
    )  # a sequence that ought to have shown it

    def met(self, problem: Refuted, trail: tuple[Step, ...]) -> None:
        """Take it again; the shorter sequence stays."""
        self.seen += 1
        if len(problem.chain) <= len(self.problem.chain):
            self.problem, self.trail = problem, trail

    @property
    def repeated(self) -> bool:
        """Whether it showed whenever it was tried again."""
        return self.seen > 1 or not self.missed

    def outcome(self) -> Outcome:
        """Return what is to be said of it: one that was tried again and did not repeat is inconclusive."""
        if self.repeated:
            return self.problem
        again = self.missed[self.place] if self.place < len(self.missed) else self.missed[-1]
        shown = self.problem.exchange
        first = f"{shown.id} ({described(shown)})" if shown else "?"
        reason = f"did not repeat: {self.problem.reason}; first in {first}, then in {again.id} ({described(again)})"
        return Inconclusive(reason, shown)


class Explorer:
    """Explores one target with sequences of requests."""

    def __init__(self, account: Account, shares: Shares) -> None:
        """Take the account, and how much may be sent."""
        self.account, self.contract = account, account.contract
        self.budget, self.reserve = shares.sequences(), shares.reserve // SHARE
        self.shortening = Budget(shares.reserve - self.reserve)
        self.arena = Arena(account, account.contract, self.budget)
        self.others = ("other", "anonymous") if account.other.token is not None else ("anonymous",)
        self.callers = ("owner", *self.others)
        self.choices = Choices(self.contract, self.others)
        self.nobody = account.unknown_uuid()
        self.most_views = 26 if self.budget.limit > MANY else 18
        self.defects: list[Defect] = []
        self.trouble: Outcome | None = None
        self.reach: collections.Counter[tuple[str, int]] = collections.Counter()
        self.moves: Moves  # of the sequence that is under way
        self._trying: Defect | None = None
        self._failed = self._cut_short = False  # of the sequence that is under way

    def explore(self) -> None:
        """Run sequences until the budget is used up, or enough is found; then shorten those that found something."""
        self._search()
        if self.trouble is None:
            self._shorten()

    def _search(self) -> None:
        initial_state.clear(self.arena)
        for number in itertools.count():
            limit, sent = self.budget.limit, self.budget.sent
            self._run(number)
            if self._trying is not None:
                self._trying = None
                beyond = min(self.reserve, max(0, self.budget.sent - sent))
                self.reserve, self.budget.limit = self.reserve - beyond, limit + beyond
            enough = len(self.defects) >= MOST_DEFECTS or self.budget.left < FEWEST
            if enough or self.trouble or self.budget.sent == sent:
                return

    def _shorten(self) -> None:
        shortener = Shortener(self.arena, self.callers, self.shortening)
        worth = [
            defect for defect in self.defects if defect.repeated and self._fails(defect.problem)
        ]
        for defect in sorted(worth, key=lambda defect: len(defect.trail)):
            defect.problem = shortener.shortest(defect.problem, defect.trail)

    def _run(self, number: int) -> None:
        machine = type("Machine", (Sequence,), {"explorer": self})
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
            return  # sequences ended early, or otherwise than before: what was seen is in the defects
        except Exception:  # whatever Hypothesis makes of it: what was seen is in the defects
            if self._trying is None:
                raise

    def may_begin(self) -> bool:
        """Whether another sequence fits the budget."""
        self._failed = self._cut_short = False
        return self.trouble is None and self.budget.left >= FEWEST

    def may_step(self) -> bool:
        """Whether one more request fits, and the deletion of all that was made."""
        self._cut_short = self.budget.left <= CLEARANCE + len(self.arena.made)
        return not self._cut_short

    def begin(self) -> None:
        """Look at the account, which is as at the beginning of every sequence."""
        self.moves = Moves(self.arena, initial_state.read(self.arena))

    def guarded(self, move: Callable[[], object]) -> None:
        """Carry out one move; what it refutes is kept, and reported to Hypothesis unless it is known."""
        try:
            move()
        except Refuted as problem:
            self._met(problem)
        except SpentError:
            hypothesis.reject()
        except Inconclusive as problem:
            self.trouble = problem
            hypothesis.reject()
        except Outcome:
            hypothesis.reject()

    def _met(self, problem: Refuted) -> None:
        if self._trying is None and not self._is_known(problem):
            self._trying = Defect(problem, self._trail(), len(self.arena.sent) - 1)
            self.defects.append(self._trying)
            if self._fails(problem):
                self.budget.limit += self.reserve // 3
            self._failed = True
            raise problem
        if self._trying is not None and set(problem.violates) & set(self._trying.problem.violates):
            self._trying.met(problem, self._trail())
            self._failed = True
            raise problem
        hypothesis.reject()

    def _trail(self) -> tuple[Step, ...]:
        return tuple(self.moves.trail)

    def _fails(self, problem: Refuted) -> bool:
        """Whether it fails a run, and the shortest sequence is worth more requests; a mere warning is not."""
        rules = [self.contract.requirements[name] for name in problem.violates]
        return not isinstance(problem, AsUpstream) and any(rule.level == "must" for rule in rules)

    def _is_known(self, problem: Refuted) -> bool:
        rules = {rule for defect in self.defects for rule in defect.problem.violates}
        return set(problem.violates) <= rules

    def finish(self) -> None:
        """Delete what the sequence made."""
        for exchange in self.arena.sent:
            self.reach[exchange.operation.id, (exchange.status or 0) // 100] += 1
        reported = self._failed or self._cut_short
        if self._trying is not None and self._trying.seen == 1 and self.arena.sent and not reported:
            self._trying.missed = list(self.arena.sent)
        if any(exchange.operation.id == "updateSystem" for exchange in self.arena.sent):
            initial_state.clear(self.arena)
        self.arena.clear()

"""The privacy of an account is changed again and again, and after each change every caller reads it.

The requests are those of `privacy_rounds`, one round after the other. Wrong responses are kept by operation.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from conformance.http import AsUpstream, Outcome, Refuted
from conformance.properties.privacy_rounds import PrivacyRounds
from conformance.properties.sender import SpentError
from conformance.properties.shortening import Shortener

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.properties.budget import Budget
    from conformance.properties.own_entities import OwnEntities
    from conformance.properties.steps import Step
    from conformance.properties.write_requests import WriteRequests

LEAST = 24  # requests that a round needs to be of use
KEPT = 6  # requests for the deletion of what is left
MANY = 400  # requests of a budget with long lists
MOST_SHORTENED = 6  # failures
MOST_WRONG_WRITES = 4  # each ends a round


class PrivacyChanges:
    """The changes, and the wrong responses by operation."""

    def __init__(self, entities: OwnEntities) -> None:
        """Take the account; nothing is sent yet."""
        self.entities = entities
        # A seed keeps its meaning as long as this text is the same.
        draw = random.Random(f"walk {entities.account.seed}")  # noqa: S311 no secret
        self.rounds = PrivacyRounds(entities, draw, self._send)
        self.found: dict[str, list[Refuted]] = {}
        self.sent: set[str] = set()  # operations
        self.trouble: Outcome | None = None  # that ended all rounds
        self._steps: dict[Refuted, tuple[Step, ...]] = {}
        self._wrong_writes = 0

    @property
    def requests(self) -> WriteRequests:
        """The requests to the account."""
        return self.entities.requests

    def run(self, budget: Budget) -> None:
        """Send rounds until the budget is used up, and delete all that was created."""
        self.entities.sender.budget = budget
        self.entities.start_anew()
        if budget.left >= MANY:
            self._attempt(self.rounds.send_long_lists)
        while (
            budget.left >= LEAST and self.trouble is None and self._wrong_writes < MOST_WRONG_WRITES
        ):
            self._attempt(self.rounds.send_round)

    def failure_of(self, operation: str) -> Refuted | None:
        """Return a wrong response of an operation, a known deviation only where there is no other."""
        found = self.found.get(operation, [])
        return min(found, key=lambda problem: isinstance(problem, AsUpstream), default=None)

    def shorten(self, budget: Budget) -> None:
        """Replace the failures by the same with the shortest chains that can be found within the budget."""
        if self.trouble is not None:
            return
        entities, linked = self.entities, self.entities.target.fixtures.get("account_id")
        shortener = Shortener(entities.sender, ("owner", *entities.others), budget, linked)
        failures = [found for found in map(self.failure_of, self.found) if found is not None]
        shortened = [one for one in failures if not isinstance(one, AsUpstream)][:MOST_SHORTENED]
        for problem in sorted(shortened, key=lambda problem: len(self._steps[problem])):
            found = self.found[_shown_by(problem)]
            found[found.index(problem)] = shortener.shortest(problem, self._steps[problem])
        entities.start_anew()

    def _attempt(self, requests: Callable[[], None]) -> None:
        try:
            requests()
        except Refuted as problem:
            # The response to a write was wrong, and the state of the account is not known any more.
            self._wrong_writes += 1
            self._keep(problem)
        except SpentError:
            pass
        except Outcome as problem:
            self.trouble = problem
        self.entities.start_anew()

    def _send(self, request: Callable[..., object], *arguments: Any, **keywords: Any) -> None:
        """Send a request if the budget holds it and the deletion of all that was created.

        Raises:
            Refuted: the response is wrong, and the state of the account unknown.
            SpentError: the budget is used up.

        """
        sender = self.entities.sender
        if sender.budget.left <= len(sender.created) + KEPT:
            raise SpentError
        try:
            request(*arguments, **keywords)
        except Refuted as problem:
            if not self.requests.leaves_state_known(problem):
                raise
            self._keep(problem)
        self.sent.add(sender.sent[-1].operation.id)

    def _keep(self, problem: Refuted) -> None:
        self._steps[problem] = tuple(self.requests.steps)
        self.found.setdefault(_shown_by(problem), []).append(problem)


def _shown_by(problem: Refuted) -> str:
    """Return the id of the operation whose response was wrong."""
    assert problem.exchange is not None
    return problem.exchange.operation.id

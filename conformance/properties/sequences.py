"""After any sequence of requests an account is shown to three callers as the docs say.

Hypothesis chooses the sequences (`state_machine`, `exploration`). One run of them serves all checks of this module: each
fails with what was found in the responses of one operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import Inconclusive, Outcome, Refuted
from conformance.http.outcomes import BudgetSpent
from conformance.properties import attribution
from conformance.properties.exploration import Exploration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.properties.budget import RunBudget


def without_fixtures(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that need no guild and no message."""
    for operation in contract.operations.values():
        if not operation.needs and operation.entity != "AutoproxySettings":
            yield Row(operation, operation.id, attribution.returned(contract, operation.id))


@pytest.fixture(scope="session")
def exploration(account: Account, run_budget: RunBudget) -> Exploration:
    """The sequences, when all are sent."""
    sequences = Exploration(account, run_budget)
    try:
        sequences.run()
    finally:
        sequences.sender.clear()
    return sequences


@each("operation", without_fixtures)
def check_sequence_agrees_with_the_model(operation: Operation, exploration: Exploration) -> None:
    """Whatever was sent before, a response shows exactly what the docs say."""
    found = [
        defect.outcome()
        for defect in exploration.defects
        if _shown_by(defect.problem) == operation.id
    ]
    if found:
        raise min(found, key=lambda outcome: isinstance(outcome, Inconclusive))
    if exploration.trouble is not None:
        raise exploration.trouble
    if not exploration.status_counts[operation.id, 2]:
        raise BudgetSpent(operation.id)


def _shown_by(problem: Outcome) -> str:
    """Return the id of the operation whose response was wrong."""
    return (
        problem.exchange.operation.id if isinstance(problem, Refuted) and problem.exchange else ""
    )

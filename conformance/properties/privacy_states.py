"""In every state of its privacy an account is shown to every caller as the docs say (docs: reference#authentication, models).

One series of such states (`privacy_changes`) serves all checks of this module: each fails with what was found in the responses
of one operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import each
from conformance.http.outcomes import BudgetSpent
from conformance.properties.privacy_changes import LEAST, PrivacyChanges
from conformance.properties.sequences import without_fixtures

if TYPE_CHECKING:
    from conformance.contract import Operation
    from conformance.properties.budget import RunBudget
    from conformance.properties.own_entities import OwnEntities


@pytest.fixture(scope="session")
def privacy_changes(entities: OwnEntities, run_budget: RunBudget) -> PrivacyChanges:
    """The changes of privacy, when all are sent."""
    changes = PrivacyChanges(entities)
    with run_budget.part("states", 1, 1, LEAST) as budget:
        changes.run(budget)
    with run_budget.shortening() as budget:
        changes.shorten(budget)
    return changes


@each("operation", without_fixtures)
def check_privacy_is_as_documented_for_every_caller(
    operation: Operation, privacy_changes: PrivacyChanges
) -> None:
    """Whatever is private, a response shows each caller exactly what the docs say."""
    found = privacy_changes.failure_of(operation.id)
    if found is not None:
        raise found
    if privacy_changes.trouble is not None:
        raise privacy_changes.trouble
    if operation.id not in privacy_changes.sent:
        raise BudgetSpent(operation.id)

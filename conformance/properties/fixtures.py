"""The fixtures that all properties of a run share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import RunBudget
from conformance.properties.own_entities import OwnEntities

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.target import Target


@pytest.fixture(scope="session", name="run_budget")
def budget_of_run(account: Account, pytestconfig: pytest.Config) -> RunBudget:
    """How many requests the properties may send."""
    options = pytestconfig.option
    return RunBudget.of_effort(options.effort, options.budget, paced=account.owner.client.is_paced)


@pytest.fixture(scope="session")
def entities(account: Account, target: Target) -> OwnEntities:
    """The entities that generated requests of single operations name."""
    return OwnEntities(account, target)

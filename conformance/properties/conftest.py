"""What all properties of a run share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import Shares, shares
from conformance.properties.entities import Cast

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.target import Target


@pytest.fixture(scope="session", name="shares")
def of_the_run(account: Account, pytestconfig: pytest.Config) -> Shares:
    """How many requests the properties may send."""
    options = pytestconfig.option
    return shares(options.profile, options.budget, paced=account.owner.client.is_paced)


@pytest.fixture(scope="session")
def cast(account: Account, target: Target) -> Cast:
    """What generated requests of single operations work with."""
    return Cast(account, target)

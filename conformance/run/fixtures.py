"""What every check may ask for by name: the parts of the run's state. What only some look at is in the folder of the checks."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

from conformance import rate_limits, scenarios
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller
    from conformance.rate_limits.schedule import Schedule
    from conformance.scenarios.rejections import Rejections
    from conformance.scenarios.responses import Responses
    from conformance.target import Target


def of_scenarios() -> list[ModuleType]:
    """Return the modules that say what checks share; a check asks for it by the name of a fixture there."""
    folders = (scenarios, rate_limits)
    return [
        importlib.import_module(module.name)
        for folder in folders
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}.")
    ]


SESSION = pytest.StashKey[Session]()


@pytest.fixture(scope="session")
def contract(pytestconfig: pytest.Config) -> Contract:
    """The contract of the revision under test."""
    return pytestconfig.stash[SESSION].contract


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """What the tester knows about the target."""
    return pytestconfig.stash[SESSION].target


@pytest.fixture(scope="session")
def owner(pytestconfig: pytest.Config) -> Caller:
    """The owner of the system under test."""
    return pytestconfig.stash[SESSION].owner


@pytest.fixture(scope="session")
def anonymous(pytestconfig: pytest.Config) -> Caller:
    """Somebody without a token."""
    return pytestconfig.stash[SESSION].anonymous


@pytest.fixture(scope="session")
def other(pytestconfig: pytest.Config) -> Caller:
    """The owner of another system; not-applicable without its token."""
    return pytestconfig.stash[SESSION].need_other()


@pytest.fixture(scope="session")
def callers(pytestconfig: pytest.Config) -> Mapping[str, Callable[[], Caller]]:
    """Functions that return each caller: a check asks for the other system only when it needs it."""
    session = pytestconfig.stash[SESSION]
    return {
        "owner": lambda: session.owner,
        "anonymous": lambda: session.anonymous,
        "other": session.need_other,
    }


@pytest.fixture(scope="session")
def schedule(pytestconfig: pytest.Config) -> Schedule:
    """The bursts of the checks of rate limits."""
    return pytestconfig.stash[SESSION].schedule


@pytest.fixture(scope="session")
def responses(pytestconfig: pytest.Config) -> Responses:
    """The responses of the run, from its first check on."""
    return pytestconfig.stash[SESSION].responses


@pytest.fixture(scope="session")
def rejections(pytestconfig: pytest.Config) -> Rejections:
    """The rejections of the run, from its first check on."""
    return pytestconfig.stash[SESSION].rejections


@pytest.fixture(scope="session")
def account(pytestconfig: pytest.Config) -> Account:
    """What the run creates on the target."""
    return pytestconfig.stash[SESSION].account

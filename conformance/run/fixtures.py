"""The fixtures of all checks: the parts of the run's session. Those of some areas are in `scenarios` and `rate_limits`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance import rate_limits, scenarios
from conformance.run import GENERATED
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller
    from conformance.rate_limits.schedule import Schedule
    from conformance.scenarios.rejections import Rejections
    from conformance.scenarios.responses import Responses
    from conformance.scenarios.server_errors import ServerErrors
    from conformance.target import Target

PROPERTIES = "conformance.properties.fixtures"


def modules_with_fixtures(paths: Iterable[str]) -> list[ModuleType]:
    """Return the pytest plugins with the fixtures that checks share: the modules of `scenarios` and `rate_limits`.

    Where one of the paths that are collected has properties, theirs are among them; they take long to import.
    """
    folders = (scenarios, rate_limits)
    generated = any(
        Path(path.partition("::")[0]).resolve().is_relative_to(GENERATED) for path in paths
    )
    of_properties = [importlib.import_module(PROPERTIES)] if generated else []
    return of_properties + [
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
    """A caller without a token."""
    return pytestconfig.stash[SESSION].anonymous


@pytest.fixture(scope="session")
def other(pytestconfig: pytest.Config) -> Caller:
    """The owner of another system; without its token the check is not applicable."""
    return pytestconfig.stash[SESSION].need_other()


@pytest.fixture(scope="session")
def callers(pytestconfig: pytest.Config) -> Mapping[str, Callable[[], Caller]]:
    """A function for each caller, so that only a check that uses the other system is not applicable without it."""
    session = pytestconfig.stash[SESSION]
    return {
        "owner": lambda: session.owner,
        "anonymous": lambda: session.anonymous,
        "other": session.need_other,
    }


@pytest.fixture(scope="session")
def schedule(pytestconfig: pytest.Config) -> Schedule:
    """The bursts that the checks of rate limits send."""
    return pytestconfig.stash[SESSION].bursts.schedule


@pytest.fixture(scope="session")
def responses(pytestconfig: pytest.Config) -> Responses:
    """All responses since the first check."""
    return pytestconfig.stash[SESSION].responses


@pytest.fixture(scope="session")
def rejections(pytestconfig: pytest.Config) -> Rejections:
    """All rejections since the first check."""
    return pytestconfig.stash[SESSION].rejections


@pytest.fixture(scope="session")
def server_errors(pytestconfig: pytest.Config) -> ServerErrors:
    """All server errors since the first check."""
    return pytestconfig.stash[SESSION].server_errors


@pytest.fixture(scope="session")
def account(pytestconfig: pytest.Config) -> Account:
    """What the run creates on the target."""
    return pytestconfig.stash[SESSION].account

"""What every check may ask for by name. What only some of them look at is in the folder of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.checks.answered import Answered
    from conformance.checks.rate_stage import Stage
    from conformance.checks.refused import Refused
    from conformance.contract import Contract
    from conformance.target import Target
    from conformance.verdicts.session import Session
    from conformance.wire import Caller
    from conformance.world import World


class Fixtures:
    """The parts of a run's state, each a fixture that needs no other: pytest asks for all of them anew for each check."""

    def __init__(self, session: Session) -> None:
        """Take the run's state."""
        self._session = session

    @pytest.fixture(scope="session")
    def contract(self) -> Contract:
        """The contract of the revision under test."""
        return self._session.contract

    @pytest.fixture(scope="session")
    def target(self) -> Target:
        """What the tester knows about the target."""
        return self._session.target

    @pytest.fixture(scope="session")
    def owner(self) -> Caller:
        """The owner of the system under test."""
        return self._session.owner

    @pytest.fixture(scope="session")
    def anonymous(self) -> Caller:
        """Somebody without a token."""
        return self._session.anonymous

    @pytest.fixture(scope="session")
    def other(self) -> Caller:
        """The owner of another system; not-applicable without its token."""
        return self._session.need_other()

    @pytest.fixture(scope="session")
    def callers(self) -> Mapping[str, Callable[[], Caller]]:
        """Functions that return each caller: a check asks for the other system only when it needs it."""
        return {
            "owner": lambda: self._session.owner,
            "anonymous": lambda: self._session.anonymous,
            "other": self._session.need_other,
        }

    @pytest.fixture(scope="session")
    def stage(self) -> Stage:
        """What the checks of rate limits look at."""
        return self._session.stage

    @pytest.fixture(scope="session")
    def answered(self) -> Answered:
        """The answers of the run, from its first check on."""
        return self._session.answered

    @pytest.fixture(scope="session")
    def refused(self) -> Refused:
        """The refusals of the run, from its first check on."""
        return self._session.refused

    @pytest.fixture(scope="session")
    def world(self) -> World:
        """What the run creates on the target."""
        return self._session.world

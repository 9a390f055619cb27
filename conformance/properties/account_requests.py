"""What the requests of a property to its account share: who sends them, the state that they change, and the steps they leave."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from conformance.account.refs import Address
from conformance.http import ME, AsUpstream, Refuted
from conformance.properties import expected_settings
from conformance.properties.oracle import Oracle
from conformance.properties.sender import SpentError
from conformance.properties.steps import Step, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.properties.account_state import AccountState, EntityState
    from conformance.properties.expected_reads import ExpectedRead
    from conformance.properties.sender import Sender


class AccountRequests:
    """The requests to one account, each recorded as a step, and reads."""

    def __init__(self, sender: Sender, account_state: AccountState) -> None:
        """Take what sends the requests, and the state of the account that they change."""
        self.sender, self.account_state = sender, account_state
        self.contract = sender.contract
        self.oracle = Oracle(sender.contract, account_state)
        self.steps: list[Step] = []
        # The last wrong response to a write after which all was stored as it must be.
        self._stored_all_the_same: Refuted | None = None

    @property
    def wrote(self) -> bool:
        """Whether anything was sent that may have changed the account."""
        return any(exchange.operation.writes for exchange in self.sender.evidence)

    def leaves_state_known(self, problem: Refuted) -> bool:
        """Whether the account is in the expected state in spite of a wrong response."""
        read = problem.exchange is not None and not problem.exchange.operation.writes
        return read or isinstance(problem, AsUpstream) or problem is self._stored_all_the_same

    def refs(self, entity: EntityState, id_format: str) -> dict[str, str]:
        """Return the path parameter that names an entity, in this id format where it has one; "short" is @me for the system.

        A format that the server does not take for the system under test is replaced by @me.
        """
        if entity.model == "System" and id_format == "short":
            return dict(ME)
        if id_format == "dashed" and len(entity.id) != 6:
            id_format = "short"
        address = Address(entity.model, entity.id, entity.uuid, self.account_state.linked)
        refs = address.refs(id_format)
        foreign = entity.model == "System" and not self.sender.names_own_system(refs)
        return dict(ME) if foreign else refs

    @step
    def read(self, read: ExpectedRead, *, as_evidence: bool) -> None:
        """Send a read and compare its response; later failures show it too if it is taken `as_evidence`."""
        self.sender.send_and_compare(
            read.operation,
            read.caller,
            read.expected_response,
            read.refs,
            query=read.query,
            as_evidence=as_evidence,
        )

    @contextlib.contextmanager
    def stored_too(
        self, operation: str, refs: Mapping[str, str], entity: EntityState | None
    ) -> Iterator[None]:
        """When the response to a write is wrong, read what is stored with this operation, and violate what the read violates too."""
        try:
            yield
        except Refuted as problem:
            if problem.exchange is not None and problem.exchange.ok:
                with contextlib.suppress(SpentError):
                    more = self._violated_by_read(operation, refs, entity)
                    problem.also_violates(more)
                    if not more:
                        self._stored_all_the_same = problem
            raise

    def _violated_by_read(
        self, operation: str, refs: Mapping[str, str], entity: EntityState | None
    ) -> list[str]:
        """Return what the read of an entity, or of the settings, violates."""
        state = self.account_state
        expected_response = (
            expected_settings.own(self.contract, state.settings, state.settings_requirements)
            if entity is None
            else self.oracle.entity(entity, owner=True)
        )
        try:
            self.sender.send_and_compare(
                operation, "owner", expected_response, refs, as_evidence=False
            )
        except AsUpstream:
            return []
        except Refuted as problem:
            return list(problem.violates)
        return []

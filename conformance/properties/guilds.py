"""Generated settings of a guild: what a PATCH sets is in its response and in a GET, and all else stays."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.samples import sample
from conformance.http import Outcome, Refuted
from conformance.http.assertions import ABSENT, lacks_row, need_object
from conformance.properties import attribution
from conformance.properties.expected_response import SHOWN, Difference, ExpectedResponse
from conformance.properties.requirement_ids import GUILD_KEYS
from conformance.properties.valid_bodies import valid_body
from conformance.scenarios.valid_writes import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract, Operation
    from conformance.http import Exchange
    from conformance.properties.own_entities import OwnEntities

NOT_COMPARED = {"autoproxy_member", "last_latch_timestamp"}  # the server sets them
DEPENDENT = {"autoproxy_mode", "autoproxy_member"}  # the value of one limits the other
NO_NULL = ("proxying_enabled", "tag_enabled", "keep_proxy")  # PluralKit production rejects it


def patch_guild_settings(entities: OwnEntities, operation: Operation, case: Any) -> bool:
    """PATCH the settings of a guild, and read them; return whether there was anything to send."""
    settings = GuildSettings(
        entities, operation, entities.refs(operation), entities.query(operation)
    )
    before = need_object(settings.read())
    sent = _body(entities, operation, case, before)
    if not sent:
        return False
    others = _all_values(entities, operation)
    if others:
        # A key that the PATCH leaves out must have a value, else the read cannot show whether it keeps it.
        settings.patch(others)
    settings.patch_and_compare(sent, need_object(settings.read()) if others else before)
    return True


def _body(
    entities: OwnEntities, operation: Operation, case: Any, before: Mapping[str, Any]
) -> dict[str, Any]:
    if operation.id == "updateAutoproxy":
        return {"autoproxy_mode": "off" if before.get("autoproxy_mode") == "front" else "front"}
    body = valid_body(entities.contract, operation.entity, case.body, post=False)
    return {
        key: value
        for key, value in body.items()
        if key not in DEPENDENT and not (value is None and key in NO_NULL)
    }


def _all_values(entities: OwnEntities, operation: Operation) -> dict[str, Any]:
    """Return a value for each key that can be set without another one."""
    if operation.id == "updateAutoproxy":
        return {}
    fields = entities.contract.fields_of(operation.entity)
    free = [field for field in fields if field.in_patch and field.key not in DEPENDENT]
    return {field.key: sample(field, 1) for field in free}


@dataclasses.dataclass(frozen=True)
class GuildSettings:
    """The settings that one operation changes: those of the system or of a member in the declared guild."""

    entities: OwnEntities
    operation: Operation
    refs: Mapping[str, str]
    query: Mapping[str, str] | None

    @property
    def reading(self) -> str:
        """The operation that reads them."""
        return reading(self.operation.id)

    def read(self) -> Exchange:
        """Read them, whatever the response is."""
        return self.entities.sender.send(self.reading, "owner", self.refs, query=self.query)

    def patch(self, body: Mapping[str, Any]) -> Exchange:
        """Set some of them, whatever the response is."""
        message: dict[str, Any] = {"json": dict(body), "query": self.query}
        return self.entities.sender.send(self.operation.id, "owner", self.refs, **message)

    def patch_and_compare(self, sent: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Set some of them, and compare the response and a read with what they were before.

        Raises:
            Refuted: one of the two is wrong; it violates what either of them violates.

        """
        contract, model = self.entities.contract, self.operation.entity
        known = {field.key for field in contract.fields_of(model)} - NOT_COMPARED
        expected = {key: value for key, value in {**before, **sent}.items() if key in known}
        returned = attribution.returned(contract, self.operation.id)
        stored = contract.named("persists", operation=self.operation.id)
        problems: list[Refuted] = []
        for exchange, requirements in (
            (self.patch(sent), returned),
            (self.read(), stored),
        ):
            self.entities.sender.evidence.append(exchange)
            expected_settings = ExpectedGuildSettings(
                contract, model, expected, set(sent), requirements
            )
            expected_response = ExpectedResponse(
                (200,), returned, differences=expected_settings.differences
            )
            try:
                self.entities.sender.compare(exchange, expected_response)
            except Refuted as problem:
                problems.append(problem)
        if problems:
            problems[0].also_violates(one for problem in problems for one in problem.violates)
            raise problems[0]


def lacks_guild_settings(entities: OwnEntities, exchange: Exchange | None) -> bool:
    """Whether a member has no settings in the guild: a PATCH is rejected with the same code as the read."""
    if exchange is None or not lacks_row(exchange):
        return False
    operation = "updateMemberGuildSettings"
    refs = entities.refs(entities.contract.operations[operation])
    entities.sender.budget.take()
    with contextlib.suppress(Outcome):
        return lacks_row(entities.account.owner.send(operation, refs, json={"display_name": None}))
    return False


class ExpectedGuildSettings:
    """The settings of a guild after a PATCH."""

    def __init__(
        self,
        contract: Contract,
        model: str,
        expected: dict[str, Any],
        named: set[str],
        requirements: tuple[str, ...],
    ) -> None:
        """Take all keys, those that the PATCH named, and what a wrong value of one of these violates."""
        self.contract, self.model, self.expected = contract, model, expected
        self.named, self.requirements = named, requirements

    def differences(self, body: Any) -> Iterator[Difference]:
        """Yield how a body differs from the settings."""
        shown = body if isinstance(body, dict) else {}
        for key, value in self.expected.items():
            actual = shown.get(key, ABSENT)
            if actual != value:
                requirements = self._missing() if actual is ABSENT else self._wrong(key)
                yield Difference(key, value, actual, requirements, f"{SHOWN}[{key!r}] == {value!r}")

    def _wrong(self, key: str) -> tuple[str, ...]:
        kept = attribution.known(self.contract, "patch-preserves-missing-keys")
        return self.requirements if key in self.named else kept

    def _missing(self) -> tuple[str, ...]:
        """Return the requirements on which keys there are."""
        return (*attribution.known(self.contract, *GUILD_KEYS[self.model]), *self.requirements)

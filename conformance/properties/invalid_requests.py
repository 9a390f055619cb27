"""Invalid generated bodies are rejected with an error, and nothing of them is stored (docs: errors, models)."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import ME
from conformance.http.outcomes import BudgetSpent
from conformance.properties import attribution
from conformance.properties.expected_response import (
    REJECTED,
    Difference,
    ExpectedResponse,
    no_differences,
)
from conformance.properties.invalid_bodies import (
    UNREADABLE,
    WITHOUT_KEYS,
    InvalidBody,
    bodies_of,
    invalid_messages,
)
from conformance.properties.own_entities import also_violating
from conformance.properties.sender import CREATES
from conformance.scenarios.valid_writes import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import RunBudget
    from conformance.properties.own_entities import OwnEntities

# The model of a body, and how many parts of the budget its operation gets: one for every ten invalid bodies or so.
WITH_MODEL = {
    "updateMember": ("Member", 6),
    "updateGroup": ("Group", 4),
    "updateSystem": ("System", 4),
    "updateSystemSettings": ("SystemSettings", 3),
    "createMember": ("Member", 5),
    "createGroup": ("Group", 4),
}
WITHOUT_MODEL = (
    1  # parts for an operation whose body has no model: only its headers and form are tried
)
JSON = "application/json"


def with_body(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that take a body, those whose bodies are models first."""
    with_schema = [name for name, one in contract.operations.items() if one.request_schema]
    order = [name for name in WITH_MODEL if name in with_schema]
    order += [name for name in with_schema if name not in WITH_MODEL]
    return (Row(contract.operations[name], name) for name in order)


def parts(operation: Operation) -> int:
    """Return how many parts of the budget an operation gets."""
    return WITH_MODEL[operation.id][1] if operation.id in WITH_MODEL else WITHOUT_MODEL


@requirement("errors-are-4xx-json")
@each("operation", with_body)
def check_invalid_body_is_rejected(
    operation: Operation, contract: Contract, entities: OwnEntities, run_budget: RunBudget
) -> None:
    """An invalid body is rejected with a 4xx and an error object, and nothing of it is stored."""
    model = WITH_MODEL[operation.id][0] if operation.id in WITH_MODEL else None
    whole = sum(parts(row.value) for row in with_body(contract))
    with run_budget.part("invalid", parts(operation), whole, 3 if model else 1) as budget:
        if not budget.left:
            raise BudgetSpent(operation.id)
        with entities.within(budget):
            InvalidRequests(entities, operation, model).try_all()


def _message(invalid_body: InvalidBody, body: Any) -> dict[str, Any]:
    """Return the message of a request with this invalid body."""
    if invalid_body.headers is None and invalid_body.content is None:
        return {"json": body}
    content = (
        invalid_body.content if invalid_body.content is not None else json.dumps(body).encode()
    )
    return {"content": content, "headers": {"Content-Type": JSON, **(invalid_body.headers or {})}}


class InvalidRequests:
    """The requests of one operation with invalid bodies."""

    def __init__(self, entities: OwnEntities, operation: Operation, model: str | None) -> None:
        """Take the entities to name, the operation, and the model of its body if it has one."""
        self.entities, self.operation, self.model = entities, operation, model
        self.creates = operation.id in CREATES

    def try_all(self) -> None:
        """Send as many as the budget allows, and read what they were to change."""
        entities = self.entities
        refs = {} if self.creates and self.model else self._refs()
        found = (
            bodies_of(entities.contract, self.operation, self.model)
            if self.model
            else list(
                invalid_messages(entities.contract, self.operation, entities.body(self.operation))
            )
        )
        # A seed keeps its meaning as long as this text is the same.
        random.Random(f"flaws {entities.account.seed}").shuffle(found)  # noqa: S311 no secret
        # First those that generated bodies miss.
        found.sort(key=lambda invalid_body: invalid_body.kind not in WITHOUT_KEYS)
        reads = self.model is not None and not self.creates
        for invalid_body in found[: max(1, entities.sender.budget.left - reads)]:
            entities.sender.evidence.clear()
            self._try(invalid_body, refs)
        if reads:
            self._read()

    def _refs(self) -> dict[str, str]:
        if self.model in ("System", "SystemSettings"):
            return dict(ME)
        if self.model is None:
            return self.entities.refs(self.operation)
        return self.entities.requests.refs(self.entities.entity(self.model), "short")

    def _try(self, invalid_body: InvalidBody, refs: dict[str, str]) -> None:
        entities = self.entities
        body = invalid_body.body
        if self.creates and self.model and isinstance(body, dict) and invalid_body.key != "name":
            body = {"name": entities.account.name(), **body}
        exchange = entities.sender.send(
            self.operation.id,
            "owner",
            refs,
            query=entities.query(self.operation),
            **_message(invalid_body, body),
        )
        entities.sender.adopt(exchange)
        general = attribution.known(entities.contract, "errors-are-4xx-json")
        requirements = invalid_body.requirements if exchange.ok else general
        if invalid_body.code is not None and not exchange.ok:
            requirements = (*invalid_body.requirements, *general)
        entities.sender.evidence.append(exchange)
        entities.sender.compare(exchange, self._expected_response(invalid_body, requirements))
        self._violate_when_stored(invalid_body)

    def _expected_response(
        self, invalid_body: InvalidBody, requirements: tuple[str, ...]
    ) -> ExpectedResponse:
        if invalid_body.code is None:
            plain = invalid_body.headers is None and invalid_body.content is None
            return ExpectedResponse(REJECTED, requirements, any_code=plain)
        differences: Callable[[Any], Iterable[Difference]] = no_differences
        if invalid_body.code == UNREADABLE and invalid_body.key in invalid_body.body:
            differences = partial(invalid_body.differences, contract=self.entities.contract)
            requirements = attribution.known(self.entities.contract, *requirements, "err-40001")
        return ExpectedResponse((400,), requirements, (invalid_body.code,), differences=differences)

    def _violate_when_stored(self, invalid_body: InvalidBody) -> None:
        """Let a later read that shows the rejected value violate the same requirements."""
        if self.model in ("System", "Member", "Group") and not self.creates:
            requirements_of = self.entities.entity(self.model).requirements_of
            earlier = requirements_of.get(invalid_body.key, ())
            requirements_of[invalid_body.key] = (*earlier, *invalid_body.requirements)

    def _read(self) -> None:
        """Read what must be unchanged."""
        for read in self.entities.reads(reading(self.operation.id))[:1]:
            with also_violating(*attribution.known(self.entities.contract, "errors-are-4xx-json")):
                self.entities.requests.read(read, as_evidence=False)

"""POST, PATCH and DELETE of members, groups and the system: sent, compared with the docs, and carried out in the account state.

What is valid must succeed; what is not must be rejected and change nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.account.refs import rule_of
from conformance.http import ME
from conformance.properties import attribution
from conformance.properties.account_requests import AccountRequests
from conformance.properties.account_state import READ_ONLY, EntityState, Switch
from conformance.properties.expected_entities import ExpectedEntity
from conformance.properties.expected_response import SHOWN, Difference, ExpectedResponse
from conformance.properties.requirement_ids import TOKEN_NEEDED
from conformance.properties.steps import step
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CREATED = (200, 201)  # statuses
NOT_OWN = {"Member": 30006, "Group": 30007}  # codes


class EntityRequests(AccountRequests):
    """The requests that create, change and delete one entity."""

    @step
    def create(self, model: str, body: Mapping[str, Any]) -> EntityState | None:
        """POST a member or group; read-only keys in the body may be rejected, but never have an effect."""
        sent = {"name": self.sender.account.name(), **body}
        entity = EntityState.posted(
            self.contract, model, {k: v for k, v in sent.items() if k not in READ_ONLY}
        )
        operation = f"create{model}"
        extra = [key for key in READ_ONLY if key in body]
        with_privacy = ("create-takes-privacy-keys",) if "privacy" in body else ()
        requirements = (
            *attribution.returned(self.contract, operation),
            *attribution.of_key(self.contract, model, body),
            *attribution.known(self.contract, *with_privacy),
        )
        differences = partial(self._differences_of_created, entity, operation, sent, extra)
        exchange = self.sender.send(operation, "owner", json=sent)
        adopted = self.sender.adopt(exchange, sent)
        self.sender.evidence.append(exchange)
        statuses = (*CREATED, *((400,) if extra else ()))
        self.sender.compare(
            exchange, ExpectedResponse(statuses, requirements, differences=differences)
        )
        if not exchange.ok or adopted is None:
            return None
        entity.take_chosen(exchange.json)
        self.account_state.of(model).append(entity)
        return entity

    def _differences_of_created(
        self,
        entity: EntityState,
        operation: str,
        sent: Mapping[str, Any],
        extra: list[str],
        body: Any,
    ) -> Iterable[Difference]:
        yield from ExpectedEntity(entity, operation, owner=True).differences(body)
        for key in extra:
            shown = body.get(key) if isinstance(body, dict) else None
            if shown == sent[key] or (moment(shown) and moment(shown) == moment(sent[key])):
                requirements = attribution.known(
                    self.contract, READ_ONLY[key], "id-uuid-created-ignored-on-post"
                )
                yield Difference(
                    f"{key} of the new {entity.model.lower()}",
                    "a value of the server",
                    sent[key],
                    requirements,
                    f"{SHOWN}[{key!r}] != {sent[key]!r}",
                )

    @step
    def patch(
        self,
        entity: EntityState,
        body: Mapping[str, Any],
        id_format: str = "short",
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        """PATCH a system, member or group; keys `beside` those of the body are not of its model, and must not matter."""
        operation = f"update{entity.model}"
        refs = self.refs(entity, id_format)
        extra = [key for key in READ_ONLY if key in body]
        self.sender.require_budget()
        before = dict(entity.values), dict(entity.privacy), dict(entity.requirements_of)
        entity.patch(body)
        differences = ExpectedEntity(
            entity, operation, owner=True, patch_body=dict(body)
        ).differences
        requirements = (
            attribution.of_values(self.contract, entity.model, body)
            if id_format == "short"
            else (rule_of(entity.model, id_format),)
        )
        if beside:
            requirements += attribution.known(self.contract, "patch-needs-a-valid-key")
        sent = {**body, **(beside or {})}
        statuses = (200, *((400,) if extra else ()))
        expected_response = ExpectedResponse(statuses, requirements, differences=differences)
        with self.stored_too(f"get{entity.model}", refs, entity):
            exchange = self.sender.send_and_compare(
                operation, "owner", expected_response, refs, json=sent
            )
        if not exchange.ok:
            entity.values, entity.privacy, entity.requirements_of = before

    @step
    def delete(self, entity: EntityState | Switch, id_format: str = "short") -> None:
        """DELETE a member, a group or a switch."""
        model = "Switch" if isinstance(entity, Switch) else entity.model
        operation = f"delete{model}"
        refs = (
            {**ME, "switchId": entity.id}
            if isinstance(entity, Switch)
            else self.refs(entity, id_format)
        )
        requirements = (
            attribution.returned(self.contract, operation)
            if id_format == "short"
            else (rule_of(model, id_format),)
        )
        exchange = self.sender.send_and_compare(
            operation, "owner", ExpectedResponse((204,), requirements), refs
        )
        if exchange.status == 204:
            self.sender.forget(entity.id)
        self.account_state.delete(entity)

    @step
    def write_as(self, entity: EntityState, caller: str, body: Mapping[str, Any] | None) -> None:
        """Send a PATCH (or, without a body, a DELETE) as a caller who may not."""
        if caller == "anonymous":
            requirements = attribution.known(
                self.contract, "auth-missing-gives-401", TOKEN_NEEDED[entity.model], "err-0-401"
            )
            expected_response = ExpectedResponse((401,), requirements, (0,))
        else:
            code = NOT_OWN[entity.model]
            expected_response = ExpectedResponse(
                (403,), attribution.of_code(self.contract, code), (code,)
            )
        operation = f"delete{entity.model}" if body is None else f"update{entity.model}"
        refs = dict(ME) if entity.model == "System" else self.refs(entity, "short")
        message: dict[str, Any] = {} if body is None else {"json": dict(body)}
        self.sender.send_and_compare(operation, caller, expected_response, refs, **message)

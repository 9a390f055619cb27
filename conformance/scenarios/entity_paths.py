"""Requests that name a system, member or group in one of its id formats, each sent once (docs: models#notes-on-ids).

What the responses must be is in `conformance.checks.ids`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

import pytest

from conformance.account.refs import Address, rule_of
from conformance.contract.rows import Row
from conformance.http import Exchange, Outcome, PreconditionFailed
from conformance.http.assertions import need_object
from conformance.http.client import NO_BODY
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Operation
    from conformance.scenarios.shown_entities import ShownEntities
    from conformance.target import Target

# Id formats of the own system that the client does not write to until a read has shown whose they are.
NEEDS_PERMISSION = ("uuid", "account")
# The key that a PATCH changes which names the entity in this id format, so that one read shows the effect of all.
CHANGED = {"short": "pronouns", "upper": "description", "uuid": "name", "account": "tag"}


@dataclasses.dataclass(frozen=True)
class PathRequest:
    """One operation on something that the path names in one id format."""

    operation: str
    model: str
    id_format: str


def patches(contract: Contract) -> Iterator[Row]:
    """Rows for changing each model by its id formats, a system by its short id, too; at the launch a system was only `@me`."""
    all_formats = rule_of("System", "upper") in contract.requirements
    for id_format in ("short", "upper", "uuid", "account") if all_formats else ("upper",):
        yield row_of(contract, PathRequest("updateSystem", "System", id_format))
    for model in ("Member", "Group"):
        for id_format in ("upper", "uuid"):
            yield row_of(contract, PathRequest(f"update{model}", model, id_format))


def row_of(contract: Contract, path_request: PathRequest) -> Row:
    """Return the row of a request, with the requirements that its rejection, or a response as to another user, violates."""
    rules = (
        rule_of(path_request.model, path_request.id_format),
        *owner_requirements(contract, path_request),
        *_system_key_requirement(contract, path_request),
    )
    return Row(path_request, f"{path_request.operation}-{path_request.id_format}", rules)


def _system_key_requirement(contract: Contract, path_request: PathRequest) -> tuple[str, ...]:
    """Return the requirement that a member or group read by itself names its system, where the revision has it."""
    alone = path_request.operation == f"get{path_request.model}"
    return contract.named("system_key", model=path_request.model) if alone else ()


def owner_requirements(contract: Contract, path_request: PathRequest) -> tuple[str, ...]:
    """Return the requirement that is violated when the owner is not recognised, for id formats that all revisions accept."""
    if contract.operations[path_request.operation].writes or path_request.id_format.endswith(
        ("upper", "dashed")
    ):
        return ()
    of_settings = path_request.operation == "getSystemSettings"
    return ("get-settings-owner" if of_settings else "privacy-object-shown-to-owner",)


class PathRequests:
    """Sends each request once, the PATCHes before the reads."""

    def __init__(
        self,
        account: Account,
        target: Target,
        separate_entities: ShownEntities,
        minimal_entities: ShownEntities,
    ) -> None:
        """Take the entities that paths name; the switch is that of `minimal_entities`."""
        self.account = account
        self._minimal_entities, self._separate_entities = minimal_entities, separate_entities
        system = account.snapshot.system
        discord_id = target.fixtures.get("account_id")
        self.addresses = {
            "System": Address(
                "System", account.system_id, str(system.get("uuid") or ""), discord_id
            ),
            "Member": _address("Member", separate_entities.members[0]),
            "Group": _address("Group", separate_entities.groups[0]),
        }
        self._responses: dict[PathRequest, Exchange | Outcome] = {}
        self._single_reads: dict[str, Exchange] = {}

    def response(self, path_request: PathRequest) -> Exchange:
        """Return the response to a request; a PATCH sets a key of its own."""
        if path_request.operation == f"update{path_request.model}":
            self.single_read(path_request.model)
        return self._send(path_request)

    def _send(self, path_request: PathRequest) -> Exchange:
        if path_request not in self._responses:
            refs = self.addresses[path_request.model].refs(path_request.id_format)
            operation = self.account.contract.operations[path_request.operation]
            of_system = operation.entity in ("System", "SystemSettings", "SystemGuildSettings")
            if path_request.id_format in NEEDS_PERMISSION and operation.writes and of_system:
                self._allow_system(path_request.id_format)
            if path_request.operation == "getSwitch":
                refs["switchId"] = self._switch()
            body = self._body(operation, path_request.id_format)
            # Kept if it failed, too: sent again, it would come after the read that shows its effect.
            self._responses[path_request] = outcome_of(
                lambda: self.account.owner.send(path_request.operation, refs, json=body)
            )
        return value_or_raise(self._responses[path_request])

    def single_read(self, model: str) -> Exchange:
        """Return the read of the entity by its short id, right after it was changed by its other id formats."""
        if model not in self._single_reads:
            for id_format in ("short", "uuid"):  # a server that keeps what it has read shows it
                refs = self.addresses[model].refs(id_format)
                self.account.owner.send(f"get{model}", refs)
            for row in patches(self.account.contract):
                if row.value.model == model:
                    with contextlib.suppress(Outcome):  # reported by the check of the change
                        self._send(row.value)
            path_request = PathRequest(f"get{model}", model, "short")
            self._responses.pop(path_request, None)
            self._single_reads[model] = self.response(path_request)
        return self._single_reads[model]

    def needs_stored_patch(self, model: str) -> None:
        """Raise PreconditionFailed where not even a PATCH by the short id is stored."""
        name = f"update{model}"
        refs, body = self.addresses[model].refs("short"), {"description": self.account.name()}
        self.account.owner.send(name, refs, json=body)
        shown = self.account.owner.send(f"get{model}", refs)
        if need_object(shown).get("description") != body["description"]:
            reason = f"no PATCH of a {model.lower()} is stored, whatever the id format"
            raise PreconditionFailed(reason, shown)

    def needs_loss_alone(self, path_request: PathRequest) -> None:
        """Raise PreconditionFailed where the PATCH is stored when no other one follows: then that one undid it."""
        name, model = path_request.operation, path_request.model
        refs = self.addresses[model].refs(path_request.id_format)
        key, value = CHANGED[path_request.id_format], self.account.name()
        self.account.owner.send(name, refs, json={key: value})
        shown = self.account.owner.send(f"get{model}", self.addresses[model].refs("short"))
        if need_object(shown).get(key) == value:
            reason = f"{key} is stored by this id format, until another PATCH undoes it"
            raise PreconditionFailed(reason, shown)

    def _allow_system(self, id_format: str) -> None:
        """Let the client write to the system in this id format, if a read shows that it names the system under test."""
        exchange = self.response(PathRequest("getSystem", "System", id_format))
        if need_object(exchange).get("id") != self.account.system_id:
            reason = f"{exchange.label} did not show the system under test"
            raise PreconditionFailed(reason, exchange)
        self.account.owner.client.guard.allow(self.addresses["System"].in_format(id_format))

    def _body(self, operation: Operation, id_format: str) -> object:
        """Return a body that sets a new name, or one that changes nothing once all writes of `other_writes` are done."""
        if operation.id == "updateSystemSettings":
            of_settings = need_object(
                self.response(PathRequest("getSystemSettings", "System", "short"))
            )
            return {"pings_enabled": of_settings.get("pings_enabled")}
        if operation.action == "overwrite":
            return []
        if operation.entity == "GroupMembers" and operation.writes:
            return [self._separate_entities.members[1].id]
        if operation.entity == "MemberGroups" and operation.writes:
            return [self._minimal_entities.groups[0].id]
        return (
            {CHANGED[id_format]: self.account.name()} if operation.action == "update" else NO_BODY
        )

    def _switch(self) -> str:
        if self._minimal_entities.switch is None:
            raise self._minimal_entities.problems["getSwitch"]
        return self._minimal_entities.switch.id


def _address(model: str, entity: Entity) -> Address:
    return Address(model, entity.id, entity.uuid)


@pytest.fixture(scope="session")
def path_requests(
    account: Account,
    target: Target,
    separate_entities: ShownEntities,
    minimal_entities: ShownEntities,
) -> PathRequests:
    """The requests that checks of ids and of id formats share."""
    return PathRequests(account, target, separate_entities, minimal_entities)

"""What the docs say that reads of an account return, given its state. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.account_state import EntityState
from conformance.properties.expected_entities import ExpectedEntity
from conformance.properties.expected_response import SHOWN, Difference, ExpectedResponse, success
from conformance.properties.expected_switches import ExpectedSwitches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract import Contract
    from conformance.properties.account_state import AccountState


class Oracle:
    """The expected reads of one account, by the owner and by others."""

    def __init__(self, contract: Contract, account_state: AccountState) -> None:
        """Take the state of the account; it changes between the reads."""
        self.contract, self.account_state = contract, account_state
        self.switches = ExpectedSwitches(contract)

    def entity(self, entity: EntityState, *, owner: bool) -> ExpectedResponse:
        """Return the expected GET of one system, member or group."""
        operation = f"get{entity.model}"
        return success(
            self.contract, operation, partial(self._alone, entity, operation, owner=owner)
        )

    def _alone(
        self, entity: EntityState, operation: str, body: Any, *, owner: bool
    ) -> Iterator[Difference]:
        yield from ExpectedEntity(entity, operation, owner).differences(body)
        requirements = self.contract.named("system_key", model=entity.model)
        if isinstance(body, dict) and requirements:
            expected = self.account_state.system.id
            if body.get("system") != expected:
                yield Difference(
                    "system",
                    expected,
                    body.get("system", ABSENT),
                    requirements,
                    f"{SHOWN}.get('system') == {expected!r}",
                )

    def listed(
        self,
        operation: str,
        entities: Iterable[EntityState],
        absent: Iterable[EntityState],
        *,
        owner: bool,
        requirements: tuple[str, ...],
    ) -> ExpectedResponse:
        """Return the expected list of these entities without the absent ones; `requirements` are those on what it contains."""
        differences = partial(
            self._rows,
            operation,
            list(entities),
            list(absent),
            attribution.known(self.contract, *requirements),
            owner=owner,
        )
        return success(self.contract, operation, differences)

    def _rows(
        self,
        operation: str,
        entities: list[EntityState],
        absent: list[EntityState],
        requirements: tuple[str, ...],
        body: Any,
        *,
        owner: bool,
    ) -> Iterator[Difference]:
        if not isinstance(body, list):
            yield Difference(
                "the response",
                "a list",
                body,
                attribution.returned(self.contract, operation),
                f"isinstance({SHOWN}, list)",
            )
            return
        rows = {row.get("id"): row for row in body if isinstance(row, dict)}
        for entity in entities:
            if not owner and entity.privacy.get("visibility") == "private":
                yield from self._unlisted(entity, rows)
            elif entity.id not in rows:
                yield self._row(entity, "listed", "not listed", requirements, "in")
            else:
                where = f"next(row for row in {SHOWN} if row['id'] == {entity.id!r})"
                yield from ExpectedEntity(entity, operation, owner, where).differences(
                    rows[entity.id]
                )
        for entity in absent:
            if entity.id in rows:
                deleted = entity in self.account_state.deleted[entity.model]
                requirements = (
                    self.contract.named("gone", operation=f"delete{entity.model}")
                    if deleted
                    else requirements
                )
                yield self._row(entity, "not listed", "listed", requirements, "not in")

    def _unlisted(self, entity: EntityState, rows: dict[Any, Any]) -> Iterator[Difference]:
        if entity.id in rows:
            requirements = self.contract.named(
                "private_key", model=entity.model, privacy="visibility"
            )
            yield self._row(entity, "not listed", "listed", requirements, "not in")

    @staticmethod
    def _row(
        entity: EntityState,
        expected: str,
        actual: str,
        requirements: tuple[str, ...],
        operator: str,
    ) -> Difference:
        test = f"{entity.id!r} {operator} [row['id'] for row in {SHOWN}]"
        return Difference(
            f"{entity.model.lower()} {entity.id}", expected, actual, requirements, test
        )

    def groups(self, operation: str, *, owner: bool, with_members: bool) -> ExpectedResponse:
        """Return the expected list of the groups of the system; `with_members`: each with the UUIDs of its members."""
        account_state = self.account_state
        plain = self.listed(
            operation,
            account_state.groups,
            [
                entity
                for entity in account_state.deleted["Group"]
                if isinstance(entity, EntityState)
            ],
            owner=owner,
            requirements=("get-groups-contains-created",),
        )
        differences = partial(
            self._with_members, plain.differences, owner=owner, asked=with_members
        )
        return dataclasses.replace(plain, differences=differences)

    def _with_members(
        self, plain: Callable[[Any], Iterable[Difference]], body: Any, *, owner: bool, asked: bool
    ) -> Iterator[Difference]:
        yield from plain(body)
        rows = (
            {row.get("id"): row for row in body if isinstance(row, dict)}
            if isinstance(body, list)
            else {}
        )
        for group in self.account_state.groups:
            if group.id in rows:
                yield from self._members_key(
                    group, rows[group.id].get("members", ABSENT), owner=owner, asked=asked
                )

    def _members_key(
        self, group: EntityState, actual: Any, *, owner: bool, asked: bool
    ) -> Iterator[Difference]:
        where = f"next(row for row in {SHOWN} if row['id'] == {group.id!r})"
        if not asked:
            if actual is not ABSENT:
                requirements = attribution.known(self.contract, "get-groups-without-members")
                yield Difference(
                    f"members of group {group.id}",
                    ABSENT,
                    actual,
                    requirements,
                    f"'members' not in {where}",
                )
            return
        members = self.account_state.members_of(group)
        changed = self.account_state.memberships_requirements.get(group, ()) if owner else ()
        requirements = attribution.known(self.contract, *changed, "get-groups-with-members")
        if not owner:
            members = [one for one in members if one.privacy.get("visibility") != "private"]
            if group.privacy.get("list_privacy") == "private":
                members, requirements = (
                    [],
                    attribution.known(self.contract, "group-list-privacy-covers-with-members"),
                )
                if not isinstance(actual, list):
                    return
        expected = sorted(member.uuid for member in members)
        known = sorted(map(str, actual)) if isinstance(actual, list) else actual
        if known != expected:
            yield Difference(
                f"members of group {group.id}",
                expected,
                known,
                requirements,
                f"sorted({where}['members']) == {expected!r}",
            )

    def closed(self, operation: str, *, owner: bool) -> ExpectedResponse | None:
        """Return the expected rejection of a list that privacy closes; None while it is open."""
        private = self.contract.operations[operation].private_list
        if owner or private is None or private.model != "System":
            return None
        if self.account_state.system.privacy.get(private.key) != "private":
            return None
        return self.rejected_list(operation)

    def rejected_list(self, operation: str) -> ExpectedResponse:
        """Return the expected rejection of a closed list."""
        private = self.contract.operations[operation].private_list
        assert private is not None
        own = self.contract.about(operation=operation, list=private.key)
        general = (
            *self.contract.about(code=private.code, status=private.status),
            *(("private-list-is-403",) if private.status == 403 else ()),
        )
        # What the docs leave half open for one list violates no requirement on all of them.
        is_should = any(self.contract.requirements[name].level == "should" for name in own)
        requirements = own if is_should else (*own, *general)
        return ExpectedResponse(
            (private.status,), attribution.known(self.contract, *requirements), (private.code,)
        )

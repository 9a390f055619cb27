"""Every read of an account by every caller, with the expected response. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from conformance.account.entities import path_refs
from conformance.account.refs import ID_FORMATS, PARAMETER, Address, rule_of
from conformance.properties import attribution, expected_settings
from conformance.properties.account_state import EntityState, Switch
from conformance.properties.expected_response import LAUNCH, ExpectedResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract
    from conformance.properties.oracle import Oracle

# The codes of a path that names nothing; of switches the docs name two.
NOT_FOUND = {"Member": (20002,), "Group": (20004,), "Switch": (20007, 20008)}
CONTAINS = {
    "Group": "get-group-members-returns-members",
    "Member": "get-member-groups-returns-groups",
}


@dataclasses.dataclass(frozen=True)
class ExpectedRead:
    """A read by a caller, and the expected response."""

    operation: str
    caller: str
    refs: Mapping[str, str]
    expected_response: ExpectedResponse
    query: Mapping[str, str] | None = None


class ExpectedReads:
    """The reads of one account as it is now."""

    def __init__(self, oracle: Oracle, callers: tuple[str, ...]) -> None:
        """Take the oracle, and the callers: without a token of the other system there is no other."""
        self.oracle, self.callers = oracle, callers
        self.account_state, self.contract = oracle.account_state, oracle.contract

    def plain(self) -> list[ExpectedRead]:
        """Return the reads by short id without pages, those that show most first."""
        found = [*self._of_memberships("owner")]
        found += [read for caller in self.callers for read in self._of_system(caller)]
        found += [read for caller in self.callers[1:] for read in self._of_memberships(caller)]
        found += [read for caller in self.callers for read in self._of_entities(caller)]
        return [*map(self._violating_public_reads, found), *self._of_deleted()]

    def _violating_public_reads(self, read: ExpectedRead) -> ExpectedRead:
        """Add what is violated when other callers do not get what is public."""
        if read.caller == "owner" or 200 not in read.expected_response.statuses:
            return read
        public = attribution.known(self.contract, "auth-optional-for-public-reads")
        violates = (*read.expected_response.violates, *public)
        return dataclasses.replace(
            read, expected_response=dataclasses.replace(read.expected_response, violates=violates)
        )

    def _of_system(self, caller: str) -> Iterator[ExpectedRead]:
        owner, account_state = caller == "owner", self.account_state
        system = self.system(caller)
        if account_state.system.named:
            yield ExpectedRead(
                "getSystem", caller, system, self.oracle.entity(account_state.system, owner=owner)
            )
        members = self.oracle.listed(
            "getSystemMembers",
            account_state.members,
            self._others("Member", account_state.members),
            owner=owner,
            requirements=("get-members-contains-created",),
        )
        yield self._list("getSystemMembers", caller, members)
        for value in ("true", "false", None) if account_state.groups else ():
            asked = value == "true"
            if not asked or owner or self.contract.revision != LAUNCH:
                groups = self.oracle.groups("getSystemGroups", owner=owner, with_members=asked)
                query = {"with_members": value} if value else None
                yield dataclasses.replace(
                    self._list("getSystemGroups", caller, groups), query=query
                )
        yield from self._switches(caller)
        if account_state.settings_requirements:
            settings = expected_settings.own if owner else expected_settings.public
            expected_response = settings(
                self.contract, account_state.settings, account_state.settings_requirements
            )
            yield ExpectedRead("getSystemSettings", caller, system, expected_response)

    def _switches(self, caller: str) -> Iterator[ExpectedRead]:
        owner, history = caller == "owner", self.account_state.history()
        deleted = [one for one in self.account_state.deleted["Switch"] if isinstance(one, Switch)]
        if history:
            assert history[0].time is not None
            before = history[0].time + dt.timedelta(seconds=1)
            expected_response = self.oracle.switches.history(history, deleted)
            query = {"before": before.strftime("%Y-%m-%dT%H:%M:%SZ")}
            yield dataclasses.replace(
                self._list("getSystemSwitches", caller, expected_response), query=query
            )
        current = self.account_state.current()
        if current is not None:
            yield self._list(
                "getFronters",
                caller,
                self.oracle.switches.switch(current, "getFronters", owner=owner),
            )
        elif deleted and owner:
            expected_response = self.oracle.switches.unknown_fronters(deleted)
            yield ExpectedRead("getFronters", caller, self.system(caller), expected_response)

    def pages(self) -> Iterator[ExpectedRead]:
        """Yield pages of the switches: one and two of those up to each of them."""
        history = self.account_state.history()
        for caller in self.callers:
            for number, switch in enumerate(history):
                assert switch.time is not None
                up_to = switch.time + dt.timedelta(seconds=1)
                for limit in (1, 2):
                    rows = history[number : number + limit]
                    page = self.oracle.switches.page(rows, limit)
                    query = {"before": f"{up_to:%Y-%m-%dT%H:%M:%SZ}", "limit": str(limit)}
                    yield dataclasses.replace(
                        self._list("getSystemSwitches", caller, page), query=query
                    )

    def in_format(self, read: ExpectedRead) -> Iterator[ExpectedRead]:
        """Yield a read once for each other id format that the docs accept in its path."""
        for model, name in PARAMETER.items():
            if name not in read.refs:
                continue
            entity = self._named(model, read.refs[name])
            if entity is None or not entity.uuid:
                continue
            linked = self.account_state.linked if model == "System" else None
            for id_format in (*ID_FORMATS, *(("account",) if linked else ())):
                dashed = id_format == "dashed" and len(entity.id) != len("abcdef")
                if not dashed and rule_of(model, id_format) in self.contract.requirements:
                    address = Address(model, entity.id, entity.uuid, linked)
                    refs = {**read.refs, **address.refs(id_format)}
                    expected_response, rule = read.expected_response, rule_of(model, id_format)
                    rejected = (
                        () if 200 in expected_response.statuses else expected_response.violates
                    )
                    expected_response = dataclasses.replace(
                        expected_response, violates=(*rejected, rule)
                    )
                    yield dataclasses.replace(read, refs=refs, expected_response=expected_response)

    def _named(self, model: str, ref: str) -> EntityState | None:
        if model == "System":
            return self.account_state.system
        return next((entity for entity in self.account_state.of(model) if entity.id == ref), None)

    def _of_memberships(self, caller: str) -> Iterator[ExpectedRead]:
        owner, account_state = caller == "owner", self.account_state
        privacy = account_state.system.privacy
        for group in account_state.groups:
            if group.privacy.get("list_privacy") == "private" and not owner:
                yield ExpectedRead(
                    "getGroupMembers",
                    caller,
                    path_refs("group", group.id),
                    self.oracle.rejected_list("getGroupMembers"),
                )
            elif owner or privacy.get("member_list_privacy") != "private":
                inside = account_state.members_of(group)
                outside = self._others("Member", inside)
                expected_response = self.oracle.listed(
                    "getGroupMembers",
                    inside,
                    outside,
                    owner=owner,
                    requirements=self._contains(group, "Group"),
                )
                yield ExpectedRead(
                    "getGroupMembers", caller, path_refs("group", group.id), expected_response
                )
        for member in account_state.members:
            closed = self.oracle.closed("getMemberGroups", owner=owner)
            inside = account_state.groups_of(member)
            outside = self._others("Group", inside)
            expected_response = closed or self.oracle.listed(
                "getMemberGroups",
                inside,
                outside,
                owner=owner,
                requirements=self._contains(member, "Member"),
            )
            hidden = not owner and any(
                group.privacy.get("list_privacy") == "private" for group in inside
            )
            if closed or not hidden:
                yield ExpectedRead(
                    "getMemberGroups", caller, path_refs("member", member.id), expected_response
                )

    def _others(self, model: str, inside: list[EntityState]) -> list[EntityState]:
        """Return what must not be in a list of these entities: all others, and those that are deleted."""
        deleted = [one for one in self.account_state.deleted[model] if isinstance(one, EntityState)]
        return [
            *(entity for entity in self.account_state.of(model) if entity not in inside),
            *deleted,
        ]

    def _contains(self, entity: EntityState, model: str) -> tuple[str, ...]:
        """Return what a wrong list of members of a group, or groups of a member, violates."""
        default = (CONTAINS[model], "membership-symmetric")
        return self.account_state.memberships_requirements.get(entity, default)

    def _of_entities(self, caller: str) -> Iterator[ExpectedRead]:
        owner = caller == "owner"
        for entity in (*self.account_state.members, *self.account_state.groups):
            refs = path_refs(entity.model.lower(), entity.id)
            yield ExpectedRead(
                f"get{entity.model}", caller, refs, self.oracle.entity(entity, owner=owner)
            )
        for switch in self.account_state.switches:
            refs = {**self.system(caller), "switchId": switch.id}
            expected_response = self.oracle.closed(
                "getSwitch", owner=owner
            ) or self.oracle.switches.switch(switch, "getSwitch", owner=owner)
            if expected_response.codes:
                expected_response = dataclasses.replace(expected_response, codes=(20007, 20008))
            yield ExpectedRead("getSwitch", caller, refs, expected_response)

    def _of_deleted(self) -> Iterator[ExpectedRead]:
        for model, entities in self.account_state.deleted.items():
            for entity in entities:
                refs = path_refs(model.lower(), entity.id)
                yield ExpectedRead(f"get{model}", "owner", refs, not_found(self.contract, model))

    def _list(
        self, operation: str, caller: str, expected_response: ExpectedResponse
    ) -> ExpectedRead:
        closed = self.oracle.closed(operation, owner=caller == "owner")
        return ExpectedRead(operation, caller, self.system(caller), closed or expected_response)

    def system(self, caller: str) -> dict[str, str]:
        """Return the path parameter by which this caller names the system."""
        return {"systemId": "@me" if caller == "owner" else self.account_state.system.id}


def not_found(contract: Contract, model: str) -> ExpectedResponse:
    """Return the expected rejection of a path that names what is deleted."""
    codes = NOT_FOUND[model]
    of_code = attribution.of_code(contract, codes[-1])
    requirements = (*of_code, *contract.named("gone", operation=f"delete{model}"))
    return ExpectedResponse((404,), requirements, codes)

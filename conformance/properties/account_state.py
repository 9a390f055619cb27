"""The state of the account after the requests of a property, as far as the docs determine it. Nothing is sent from here.

A value that the docs leave to the server is CHOSEN_BY_SERVER and never compared. With each value go the requirements that a
read violates which shows its owner another one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.fields import MISSING
from conformance.properties import attribution

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from conformance.contract import Contract

CHOSEN_BY_SERVER = object()
PUBLIC = "public"
# Keys that no request sets, with the requirement that says so.
READ_ONLY = {
    "id": "id-not-settable",
    "uuid": "uuid-not-settable",
    "created": "created-not-settable",
}


@dataclasses.dataclass(eq=False)
class EntityState:
    """A system, a member or a group: its keys, its privacy, and what a wrong value of each violates."""

    contract: Contract
    model: str
    values: dict[str, Any]
    privacy: dict[str, str]
    # By key, as all that follows with "privacy." before the keys of privacy.
    requirements_of: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    named: tuple[str, ...] = ()  # keys of the last request that wrote it

    @property
    def id(self) -> str:
        """The short id."""
        return str(self.values["id"])

    @property
    def uuid(self) -> str:
        """The UUID."""
        return str(self.values.get("uuid", ""))

    @classmethod
    def posted(cls, contract: Contract, model: str, body: Mapping[str, Any]) -> EntityState:
        """Return what a POST of this body creates; what the server chooses is CHOSEN_BY_SERVER."""
        posted = cls(contract, model, {}, {})
        for field in contract.fields_of(model):
            if field.always and field.key != "privacy":
                default = CHOSEN_BY_SERVER if field.post_default is MISSING else field.post_default
                sent = field.in_post and field.key in body
                posted.values[field.key] = body[field.key] if sent else default
                requirement = "create-stores-sent-keys" if sent else "post-clears-missing-keys"
                posted.requirements_of[field.key] = attribution.known(contract, requirement)
        posted._set_posted_privacy(body.get("privacy") or {})
        posted.named = _keys(body)
        return posted

    def _set_posted_privacy(self, sent: Mapping[str, Any]) -> None:
        for key in self.contract.privacy_keys_of(self.model):
            self.privacy[key.key] = sent.get(key.key) or PUBLIC
            requirement = (
                "create-takes-privacy-keys" if key.key in sent else "post-clears-missing-keys"
            )
            self.requirements_of[f"privacy.{key.key}"] = attribution.known(
                self.contract, requirement
            )

    @classmethod
    def read(cls, contract: Contract, model: str, body: Mapping[str, Any]) -> EntityState:
        """Return what a GET of the owner showed."""
        privacy = body.get("privacy")
        keys = [field.key for field in contract.fields_of(model) if field.always]
        values = {key: body[key] for key in keys if key in body and key != "privacy"}
        levels = privacy if isinstance(privacy, dict) else {}
        known = {
            row.key: levels[row.key] for row in contract.privacy_keys_of(model) if row.key in levels
        }
        return cls(contract, model, values, known)

    def take_chosen(self, body: Mapping[str, Any]) -> None:
        """Take what the server chose from the response that reported it first; it must not change any more."""
        for key, value in self.values.items():
            if value is CHOSEN_BY_SERVER and key in body:
                self.values[key] = body[key]
        self.requirements_of["uuid"] = attribution.known(self.contract, "uuid-stable")

    def patch(self, body: Mapping[str, Any]) -> None:
        """Carry out a valid PATCH."""
        kept = attribution.known(self.contract, "patch-preserves-missing-keys")
        self.requirements_of = dict.fromkeys(
            [*self.values, *(f"privacy.{key}" for key in self.privacy)], kept
        )
        self.named = _keys(body)
        for key, value in body.items():
            if key in READ_ONLY:
                self.requirements_of[key] = attribution.known(self.contract, READ_ONLY[key])
            elif key != "privacy":
                self.values[key] = value
                self.requirements_of[key] = attribution.of_stored(
                    self.contract, self.model, value, private=False
                )
        for key, value in (body.get("privacy") or {}).items():
            self.privacy[key] = value or PUBLIC
            requirements = attribution.of_stored(self.contract, self.model, value, private=True)
            self.requirements_of[f"privacy.{key}"] = requirements

    def hides(self, key: str) -> str | None:
        """Return the privacy key that hides a key from others now, "owner" for what only the owner ever sees."""
        field = self.contract.field(self.model, key)
        hidden = field.hidden_by
        return hidden if hidden == "owner" or self.privacy.get(str(hidden)) == "private" else None


@dataclasses.dataclass(eq=False)
class Switch:
    """A switch. `time` is None for now; `members` is None where the docs leave open who they are."""

    id: str
    time: dt.datetime | None
    members: list[EntityState] | None
    time_changed: bool = False  # by a PATCH
    members_changed: bool = False  # by a PATCH


@dataclasses.dataclass(eq=False)
class AccountState:
    """The system of the owner, and all that a property created in it."""

    system: EntityState
    settings: dict[str, Any]
    linked: str | None = None  # the Discord account that names the system too, where known
    members: list[EntityState] = dataclasses.field(default_factory=list)
    groups: list[EntityState] = dataclasses.field(default_factory=list)
    switches: list[Switch] = dataclasses.field(default_factory=list)  # not in any order
    # Pairs of a group and a member of it.
    memberships: set[tuple[EntityState, EntityState]] = dataclasses.field(default_factory=set)
    # What a wrong list of its members, or of its groups, violates.
    memberships_requirements: dict[EntityState, tuple[str, ...]] = dataclasses.field(
        default_factory=dict
    )
    # What a wrong value of a setting violates, by key.
    settings_requirements: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    deleted: dict[str, list[EntityState | Switch]] = dataclasses.field(
        default_factory=lambda: {"Member": [], "Group": [], "Switch": []}
    )

    def of(self, model: str) -> list[EntityState]:
        """Return the members or the groups."""
        return self.members if model == "Member" else self.groups

    def members_of(self, group: EntityState) -> list[EntityState]:
        """Return the members of a group."""
        return [member for member in self.members if (group, member) in self.memberships]

    def groups_of(self, member: EntityState) -> list[EntityState]:
        """Return the groups of a member."""
        return [group for group in self.groups if (group, member) in self.memberships]

    def delete(self, entity: EntityState | Switch) -> None:
        """Carry out a DELETE: who is in the switches of a deleted member is left open by the docs."""
        if isinstance(entity, Switch):
            self.switches.remove(entity)
            self.deleted["Switch"].append(entity)
            return
        self.of(entity.model).remove(entity)
        self.deleted[entity.model].append(entity)
        self.memberships = {pair for pair in self.memberships if entity not in pair}
        for switch in self.switches:
            if switch.members and entity in switch.members:
                switch.members = None

    def change_memberships(
        self,
        entity: EntityState,
        verb: str,
        listed: list[EntityState],
        requirements: tuple[str, ...],
    ) -> None:
        """Add, remove or overwrite the members of a group, or the groups of a member.

        `requirements` are those that a list of them violates which does not show it.
        """
        pairs = {_pair(entity, one) for one in listed}
        if verb == "add":
            self.memberships |= pairs
        elif verb == "remove":
            self.memberships -= pairs
        else:
            self.memberships = {pair for pair in self.memberships if entity not in pair} | pairs
        self.memberships_requirements[entity] = requirements
        others = self.members if entity.model == "Group" else self.groups
        for other in others if verb == "overwrite" else listed:
            self.memberships_requirements[other] = (*requirements, "membership-symmetric")

    def history(self) -> list[Switch]:
        """Return the switches with a time, newest first."""
        dated = [switch for switch in self.switches if switch.time is not None]
        return sorted(dated, key=lambda switch: str(switch.time), reverse=True)

    def current(self) -> Switch | None:
        """Return the switch that is the newest of all for certain, if there is one."""
        return next((switch for switch in self.switches if switch.time is None), None)

    def may_create_switch(self, members: list[EntityState], *, now: bool) -> bool:
        """Whether the docs determine the response to a new switch of these members: not where the one before or after has the same."""
        current = self.current()
        if now and current is not None:
            return current.members is not None and bool(members) and current.members == members
        return self.has_none_alike(members)

    def has_none_alike(self, members: list[EntityState]) -> bool:
        """Whether no switch of the account is of these members, nor of members that are not known."""
        if any(switch.members is None for switch in self.switches):
            return False
        alike = any(set(switch.members or ()) == set(members) for switch in self.switches)
        return not alike and (bool(members) or self.current() is not None)


def _pair(one: EntityState, other: EntityState) -> tuple[EntityState, EntityState]:
    return (one, other) if one.model == "Group" else (other, one)


def _keys(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of a body, those of its privacy with "privacy." before them."""
    nested = body.get("privacy") or {}
    return (*(key for key in body if key != "privacy"), *(f"privacy.{key}" for key in nested))

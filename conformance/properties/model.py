"""What a system holds after the requests of a run, as far as the docs determine it. Nothing is sent from here.

A value that the docs leave to the server is UNKNOWN and never compared. With each value goes why the owner must see it:
the requirements that are broken when a read shows another one.
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

UNKNOWN = object()
PUBLIC = "public"
READ_ONLY = {
    "id": "id-not-settable",
    "uuid": "uuid-not-settable",
    "created": "created-not-settable",
}


@dataclasses.dataclass(eq=False)
class Thing:
    """A system, a member or a group: its keys, its privacy, and why each has its value."""

    contract: Contract
    model: str
    values: dict[str, Any]
    privacy: dict[str, str]
    why: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    named: tuple[
        str, ...
    ] = ()  # keys of the last request that wrote it, those of privacy with "privacy." before them

    @property
    def id(self) -> str:
        """The short id."""
        return str(self.values["id"])

    @property
    def uuid(self) -> str:
        """The UUID."""
        return str(self.values.get("uuid", ""))

    @classmethod
    def posted(cls, contract: Contract, model: str, body: Mapping[str, Any]) -> Thing:
        """Return what a POST of this body makes; what the server chooses is UNKNOWN."""
        made = cls(contract, model, {}, {})
        for field in contract.fields_of(model):
            if field.always and field.key != "privacy":
                default = UNKNOWN if field.post_default is MISSING else field.post_default
                sent = field.in_post and field.key in body
                made.values[field.key] = body[field.key] if sent else default
                rule = "create-stores-sent-keys" if sent else "post-clears-missing-keys"
                made.why[field.key] = attribution.known(contract, rule)
        made._post_privacy(body.get("privacy") or {})
        made.named = _names(body)
        return made

    def _post_privacy(self, sent: Mapping[str, Any]) -> None:
        for key in self.contract.privacy_keys_of(self.model):
            self.privacy[key.key] = sent.get(key.key) or PUBLIC
            rule = "create-takes-privacy-keys" if key.key in sent else "post-clears-missing-keys"
            self.why[f"privacy.{key.key}"] = attribution.known(self.contract, rule)

    @classmethod
    def found(cls, contract: Contract, model: str, body: Mapping[str, Any]) -> Thing:
        """Return what the owner was shown."""
        privacy = body.get("privacy")
        keys = [field.key for field in contract.fields_of(model) if field.always]
        values = {key: body[key] for key in keys if key in body and key != "privacy"}
        levels = privacy if isinstance(privacy, dict) else {}
        known = {
            row.key: levels[row.key] for row in contract.privacy_keys_of(model) if row.key in levels
        }
        return cls(contract, model, values, known)

    def learn(self, body: Mapping[str, Any]) -> None:
        """Take what the server chose from the response that reported it first; it must not change any more."""
        for key, value in self.values.items():
            if value is UNKNOWN and key in body:
                self.values[key] = body[key]
        self.why["uuid"] = attribution.known(self.contract, "uuid-stable")

    def patch(self, body: Mapping[str, Any]) -> None:
        """Carry out a PATCH that is valid."""
        kept = attribution.known(self.contract, "patch-preserves-missing-keys")
        self.why = dict.fromkeys([*self.values, *(f"privacy.{key}" for key in self.privacy)], kept)
        self.named = _names(body)
        for key, value in body.items():
            if key in READ_ONLY:
                self.why[key] = attribution.known(self.contract, READ_ONLY[key])
            elif key != "privacy":
                self.values[key] = value
                self.why[key] = attribution.of_stored(
                    self.contract, self.model, value, private=False
                )
        for key, value in (body.get("privacy") or {}).items():
            self.privacy[key] = value or PUBLIC
            rules = attribution.of_stored(self.contract, self.model, value, private=True)
            self.why[f"privacy.{key}"] = rules

    def hides(self, key: str) -> str | None:
        """Return the privacy key that hides a key from others now, "owner" for what only the owner ever sees."""
        field = self.contract.field(self.model, key)
        hidden = field.hidden_by
        return hidden if hidden == "owner" or self.privacy.get(str(hidden)) == "private" else None


@dataclasses.dataclass(eq=False)
class Switch:
    """A switch: when it was, whose it was. `time` is None for now; `members` is None when the docs do not tell them."""

    id: str
    time: dt.datetime | None
    members: list[Thing] | None
    moved: bool = False  # whether its time was changed
    changed: bool = False  # whether its members were replaced


@dataclasses.dataclass(eq=False)
class AccountState:
    """The system of the owner, and everything in it that a run made."""

    system: Thing
    settings: dict[str, Any]
    linked: str | None = (
        None  # the Discord account that names the system as well, where one is known
    )
    members: list[Thing] = dataclasses.field(default_factory=list)
    groups: list[Thing] = dataclasses.field(default_factory=list)
    switches: list[Switch] = dataclasses.field(default_factory=list)  # not in any order
    pairs: set[tuple[Thing, Thing]] = dataclasses.field(default_factory=set)  # group, member
    # Why a thing is in what it is in: the requirements on the last request about it.
    moved: dict[Thing, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    settings_why: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    gone: dict[str, list[Thing | Switch]] = dataclasses.field(
        default_factory=lambda: {"Member": [], "Group": [], "Switch": []}
    )

    def of(self, model: str) -> list[Thing]:
        """Return the members or the groups."""
        return self.members if model == "Member" else self.groups

    def members_of(self, group: Thing) -> list[Thing]:
        """Return who is in a group."""
        return [member for member in self.members if (group, member) in self.pairs]

    def groups_of(self, member: Thing) -> list[Thing]:
        """Return what a member is in."""
        return [group for group in self.groups if (group, member) in self.pairs]

    def delete(self, thing: Thing | Switch) -> None:
        """Forget something, and what the docs then leave open."""
        if isinstance(thing, Switch):
            self.switches.remove(thing)
            self.gone["Switch"].append(thing)
            return
        self.of(thing.model).remove(thing)
        self.gone[thing.model].append(thing)
        self.pairs = {pair for pair in self.pairs if thing not in pair}
        for switch in self.switches:
            if switch.members and thing in switch.members:
                switch.members = None

    def belong(
        self, side: Thing, verb: str, listed: list[Thing], word: str, special: tuple[str, ...]
    ) -> None:
        """Carry out a change of what belongs to a side; its requirements call it `word`, the special ones are on its body."""
        mine = {_pair(side, thing) for thing in listed}
        if verb == "add":
            self.pairs |= mine
        elif verb == "remove":
            self.pairs -= mine
        else:
            self.pairs = {pair for pair in self.pairs if side not in pair} | mine
        empty = (f"{verb}-{word}-empty",) if verb == "overwrite" and not listed else ()
        why = attribution.known(side.contract, f"{verb}-{word}-takes-effect", *empty, *special)
        self.moved[side] = why
        others = self.members if side.model == "Group" else self.groups
        for thing in others if verb == "overwrite" else listed:
            self.moved[thing] = (*why, "membership-symmetric")

    def history(self) -> list[Switch]:
        """Return the switches that lie in the past, newest first."""
        dated = [switch for switch in self.switches if switch.time is not None]
        return sorted(dated, key=lambda switch: str(switch.time), reverse=True)

    def current(self) -> Switch | None:
        """Return the switch that is the newest of all for certain, if there is one."""
        return next((switch for switch in self.switches if switch.time is None), None)

    def may_log(self, members: list[Thing], *, now: bool) -> bool:
        """Whether the docs tell what becomes of a new switch of these members: not when neighbours are alike."""
        current = self.current()
        if now and current is not None:
            return current.members is not None and bool(members) and current.members == members
        return self.may_hold(members)

    def may_hold(self, members: list[Thing]) -> bool:
        """Whether no switch of the account is of these members already, nor of members that are not known."""
        if any(switch.members is None for switch in self.switches):
            return False
        alike = any(set(switch.members or ()) == set(members) for switch in self.switches)
        return not alike and (bool(members) or self.current() is not None)


def _pair(one: Thing, other: Thing) -> tuple[Thing, Thing]:
    return (one, other) if one.model == "Group" else (other, one)


def _names(body: Mapping[str, Any]) -> tuple[str, ...]:
    nested = body.get("privacy") or {}
    return (*(key for key in body if key != "privacy"), *(f"privacy.{key}" for key in nested))

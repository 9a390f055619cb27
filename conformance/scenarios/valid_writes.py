"""Requests that write, with valid bodies, and the read that shows whether they had an effect.

Checks that send writes which must be rejected take them from here, and send them by `rejected_writes`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account import Entity
from conformance.account.put_back import VOLATILE
from conformance.contract.inputs import parameters
from conformance.http import Outcome, PreconditionFailed
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.http import Exchange
    from conformance.target import Target

# Which read shows what a write did.
SHOWN_BY = {
    "updateSystem": "getSystem",
    "updateSystemSettings": "getSystemSettings",
    "updateSystemGuildSettings": "getSystemGuildSettings",
    "updateAutoproxy": "getAutoproxy",
    "updateMember": "getMember",
    "deleteMember": "getMember",
    "updateMemberGuildSettings": "getMemberGuildSettings",
    "updateGroup": "getGroup",
    "deleteGroup": "getGroup",
    "updateSwitch": "getSwitch",
    "deleteSwitch": "getSwitch",
    "createMember": "getSystemMembers",
    "createGroup": "getSystemGroups",
    "createSwitch": "getSystemSwitches",
    "addMemberGroups": "getMemberGroups",
    "removeMemberGroups": "getMemberGroups",
    "overwriteMemberGroups": "getMemberGroups",
    "addGroupMembers": "getGroupMembers",
    "removeGroupMembers": "getGroupMembers",
    "overwriteGroupMembers": "getGroupMembers",
    "updateSwitchMembers": "getSwitch",
}
# The texts of the entities that writes would change; they are private, except the display name.
GONE = 404
SHOWN_OF_ROWS = ("id", "timestamp", "members")
TEXTS = {"display_name": "shown to others", "description": "a secret of the owner"}


def reading(operation: str) -> str:
    """Return the operation that shows what a write did."""
    return SHOWN_BY[operation]


@dataclasses.dataclass(frozen=True)
class Write:
    """One request that would change something."""

    operation: str
    refs: dict[str, str]
    body: Any
    kind: str | None  # what it creates
    deletes: str | None  # the kind of what its path names, where it would delete that


@dataclasses.dataclass(frozen=True)
class Read:
    """The read that shows whether a write had an effect."""

    operation: str
    refs: tuple[tuple[str, str], ...]


class ValidWrites:
    """Returns the writes. It creates the entities that they would change, and again when a server deletes one after all."""

    def __init__(self, account: Account, contract: Contract, target: Target) -> None:
        """Take the account; nothing is sent before the first write is asked for."""
        self.account, self.contract, self.target = account, contract, target
        self._made: dict[str, Entity | Outcome] = {}
        # Of the switches that must not be created: each has another second.
        self._seconds = itertools.count(account.random.randrange(10_000, 50_000))

    def write(self, operation: Operation) -> Write:
        """Return a valid request for the operation.

        Raises:
            NotApplicable: it needs a fixture that the target file does not name.
            PreconditionFailed: the entity that it would change could not be created.

        """
        refs = self._refs(operation)
        kind = operation.entity.lower()
        created, deleted = (
            kind if operation.action == action else None for action in ("create", "delete")
        )
        return Write(operation.id, refs, self.body(operation), created, deleted)

    def read(self, write: Write) -> Exchange:
        """Send the read that shows whether the write had an effect."""
        exchange = self._read(self.reader(write))
        if write.deletes and not exchange.ok:
            gone = self._made.pop(write.deletes, None)
            if isinstance(gone, Entity) and exchange.status == GONE:
                self.account.journal.deleted(gone.kind, gone.id)
        return exchange

    def state(self, write: Write, exchange: Exchange) -> Any:
        """Return the part of a response that the write could change: of a list that it adds to, what it added."""
        return self._created(write, exchange) if write.kind else self.shown(exchange)

    def claim(self, write: Write, state: Any) -> None:
        """Take what a write created although it should not have into the account, so that it is deleted with the rest."""
        for row in state if write.kind else ():
            if isinstance(row.get("id"), str):
                self.account.claim(str(write.kind), row["id"])

    def _entity(self, name: str, make: Callable[[], Entity]) -> Entity:
        if name not in self._made:
            self._made[name] = outcome_of(make)
        return value_or_raise(self._made[name])

    def private_texts(self, model: str) -> list[str]:
        """Return the private texts of the member or group that the writes would change; none where it could not be made private."""
        made = self._made.get(model.lower())
        privacy = made.body.get("privacy") if isinstance(made, Entity) else None
        if not isinstance(made, Entity) or not isinstance(privacy, dict):
            return []
        sent = made.sent.keys() - {"display_name"}  # shown instead of a hidden name
        fields = [f for f in self.contract.fields_of(model) if f.key in sent]
        return [made.sent[f.key] for f in fields if privacy.get(f.hidden_by) == "private"]

    def member(self) -> Entity:
        """Return the member that writes would change."""
        return self._entity(
            "member", lambda: self._with_private_texts(self.account.member, "Member")
        )

    def group(self) -> Entity:
        """Return the group that writes would change."""
        return self._entity("group", lambda: self._with_private_texts(self.account.group, "Group"))

    def _with_private_texts(self, make: Callable[..., Entity], model: str) -> Entity:
        """Create an entity in which all that can be hidden is private; one without texts where that is rejected."""
        keys = [key.key for key in self.contract.privacy_keys_of(model) if key.hides]
        try:
            return make(**TEXTS, privacy=dict.fromkeys(keys, "private"))
        except PreconditionFailed:
            return make()

    def _switch(self) -> Entity:
        return self._entity("switch", lambda: self.account.switch(self.member()))

    def _refs(self, operation: Operation) -> dict[str, str]:
        refs = {name: self.ref(name) for name in parameters(operation)}
        member = self.target.fixtures.get("guild_member_id")
        return refs | (
            {"memberId": member} if member and {"memberId", "guildId"} <= refs.keys() else {}
        )

    def ref(self, name: str) -> str:
        """Return a valid ref for a parameter of a path."""
        if name == "guildId":
            return self.target.fixture("guild_id")
        if name == "systemId":
            return "@me"
        made = {"memberId": self.member, "groupId": self.group, "switchId": self._switch}
        return made[name]().id

    def body(self, operation: Operation) -> Any:
        """Return a valid body for the operation; None where it takes none."""
        if operation.request_schema is None:
            return None
        if operation.entity == "MemberGroups":
            return [self.group().id]
        if operation.entity == "GroupMembers":
            return [self.member().id]
        bodies: dict[str, Any] = {
            "createMember": {"name": self.account.name()},
            "createGroup": {"name": self.account.name()},
            "createSwitch": {"members": [], "timestamp": self._timestamp()},
            "updateSwitch": {"timestamp": "2020-05-06T07:09:10Z"},
            "updateSwitchMembers": [],
            "updateSystemSettings": {"latch_timeout": 4321},
            "updateSystemGuildSettings": {"display_name": "changed"},
            "updateMemberGuildSettings": {"display_name": "changed"},
            "updateAutoproxy": {"autoproxy_mode": "latch"},
        }
        return bodies.get(operation.id, {"description": "changed by a rejected request"})

    def _timestamp(self) -> str:
        moment = dt.datetime(2020, 5, 6) + dt.timedelta(seconds=next(self._seconds))  # noqa: DTZ001 the Z is appended
        return f"{moment.isoformat()}Z"

    def reader(self, write: Write) -> Read:
        """Return the read that shows whether the write had an effect."""
        operation = self.contract.operations[reading(write.operation)]
        refs = {name: write.refs.get(name) or self.ref(name) for name in parameters(operation)}
        return Read(operation.id, tuple(refs.items()))

    def _read(self, read: Read) -> Exchange:
        operation = self.contract.operations[read.operation]
        return self.account.owner.send(read.operation, dict(read.refs), query=self.query(operation))

    def query(self, operation: Operation) -> dict[str, str] | None:
        """Return the query that the operation needs: autoproxy belongs to a guild."""
        return (
            {"guild_id": self.target.fixture("guild_id")}
            if operation.entity == "AutoproxySettings"
            else None
        )

    @staticmethod
    def _created(write: Write, exchange: Exchange) -> list[Any]:
        """Return the rows of a list that the write created, recognised by what it sent."""
        key = "timestamp" if write.kind == "switch" else "name"
        sent = write.body[key].removesuffix("Z")
        rows = exchange.json if isinstance(exchange.json, list) else []
        return [row for row in rows if isinstance(row, dict) and str(row.get(key)).startswith(sent)]

    @staticmethod
    def shown(exchange: Exchange) -> Any:
        """Return the body without what changes by itself; of the entries of lists the ids, of switches the time and members, too."""
        body = exchange.json
        if isinstance(body, list):
            rows = [row for row in body if isinstance(row, dict)]
            return sorted(
                str([row.get(key) for key in SHOWN_OF_ROWS if key in row]) for row in rows
            )
        if isinstance(body, dict) and isinstance(body.get("members"), list):
            rows = [row for row in body["members"] if isinstance(row, dict)]
            return {**body, "members": [row.get("id") for row in rows]}
        return (
            {key: value for key, value in body.items() if key not in VOLATILE}
            if isinstance(body, dict)
            else body
        )


@pytest.fixture(scope="session")
def valid_writes(account: Account, contract: Contract, target: Target) -> ValidWrites:
    """Valid writes, with entities of their own, for checks that send them where they must be rejected."""
    return ValidWrites(account, contract, target)

"""The account of a run: creates members, groups and switches, changes the system, and notes everything in the journal."""

from __future__ import annotations

import dataclasses
import itertools
import random
import string
import time
import uuid
from typing import TYPE_CHECKING, Any

from conformance.account.entities import DELETE, Entity, path_refs
from conformance.account.settable import settable
from conformance.http import ME, PreconditionFailed
from conformance.http.assertions import need_object

if TYPE_CHECKING:
    from conformance.account.journal import Journal
    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.http.client import Message
    from conformance.target import Snapshot

CREATE = {"member": "createMember", "group": "createGroup"}
CREATED_BY = {"createMember": "member", "createGroup": "group", "createSwitch": "switch"}
TELLING = ("name", "timestamp", "members")  # keys by which a created entity is found again
HTTP_NOT_FOUND = 404
SWITCH_AT_SAME_TIME = 40005  # error code
NEXT_SECOND = 1.05  # seconds until the time of a new switch differs


@dataclasses.dataclass
class Account:
    """Creates entities of the system under test; three callers see them."""

    contract: Contract
    owner: Caller
    other: Caller
    anonymous: Caller
    snapshot: Snapshot
    journal: Journal
    seed: int

    def __post_init__(self) -> None:
        """Protect what was there before from writes, and allow those to the own system."""
        guard = self.owner.client.guard
        for refs in self.snapshot.refs.values():
            guard.protect(refs)
        guard.allow(self.system_id)
        for known in self.snapshot.objects:
            for ref in known.refs.values():
                guard.allow_operation(known.updating, ref)
        self.owner.client.before_write.append(self._note)
        self.owner.client.listeners.append(self._note_response)
        self.random = random.Random(f"account {self.seed}")  # noqa: S311 not for secrets
        self._numbers = itertools.count(1)

    @property
    def system_id(self) -> str:
        """The short id of the system under test."""
        return str(self.snapshot.system["id"])

    def name(self) -> str:
        """Return a new name that begins with the run's mark."""
        return f"{self.journal.record.mark} {next(self._numbers)}"

    def member(self, **keys: Any) -> Entity:
        """Create a member of the system under test; it gets a name unless one is given."""
        return self._create("member", {"name": self.name(), **keys})

    def group(self, **keys: Any) -> Entity:
        """Create a group of the system under test; it gets a name unless one is given."""
        return self._create("group", {"name": self.name(), **keys})

    def switch(self, *members: Entity, **keys: Any) -> Entity:
        """Log a switch to these members, now unless a timestamp is given."""
        body = {"members": [member.id for member in members], **keys}
        return self._created("switch", body, self.log_switch(body))

    def log_switch(self, body: dict[str, Any]) -> Exchange:
        """Send a new switch; again a second later if there is one of this second already (40005)."""
        exchange = self.owner.send("createSwitch", ME, json=body)
        rejected = exchange.json if isinstance(exchange.json, dict) else {}
        if (
            "timestamp" not in body
            and not exchange.ok
            and rejected.get("code") == SWITCH_AT_SAME_TIME
        ):
            time.sleep(NEXT_SECOND)
            exchange = self.owner.send("createSwitch", ME, json=body)
        return exchange

    def adopt(self, kind: str, sent: dict[str, Any], exchange: Exchange) -> Entity | None:
        """Note what another request created, if it did, so that it is undone with the rest."""
        body = exchange.json
        if exchange.ok and isinstance(body, dict) and isinstance(body.get("id"), str):
            return self._created(kind, sent, exchange)
        return None

    def claim(self, kind: str, ref: str) -> None:
        """Note what a request created whose response did not say so, unless it is known already."""
        before = self.snapshot.refs.get(f"{kind}s", ())
        if ref not in before and (kind, ref) not in self.journal.record.created:
            self.owner.client.guard.allow(ref)
            self.journal.created(kind, ref)

    def change_system(self, **keys: Any) -> Exchange:
        """PATCH the own system."""
        return self.owner.send("updateSystem", ME, json=keys)

    def old_system(self) -> dict[str, Any]:
        """Return the settable keys of the system as they were before the run."""
        return settable(self.contract, "System", self.snapshot.system)

    def delete(self, entity: Entity) -> Exchange:
        """Delete an entity of this run now."""
        exchange = self.owner.send(DELETE[entity.kind], entity.refs)
        if exchange.ok or exchange.status == HTTP_NOT_FOUND:
            self.journal.deleted(entity.kind, entity.id)
        return exchange

    def unknown_uuid(self) -> str:
        """Return a UUIDv4 that names nothing; writes to it are allowed."""
        unknown = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.owner.client.guard.allow(unknown)
        return unknown

    def unknown_id(self) -> str:
        """Return a short id that names nothing: PluralKit production has no ids of six letters with these letters."""
        return "".join(self.random.choices("dilmq", k=6))

    def unknown_token(self) -> str:
        """Return a token of the usual shape that belongs to nobody."""
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=64))

    def _note(self, operation: Operation, message: Message) -> None:
        """Write into the journal what a request is about to create or change."""
        if operation.id in CREATED_BY:
            body = message.json if isinstance(message.json, dict) else {}
            keys = {key: body[key] for key in TELLING if key in body}
            self.journal.creating(CREATED_BY[operation.id], keys)
        for known in self.snapshot.objects:
            if known.updating == operation.id and known.body:
                self.journal.changing(known.name)

    def _note_response(self, exchange: Exchange) -> None:
        if exchange.operation.id in CREATED_BY and exchange.error is None:
            self.journal.responded()

    def _create(self, kind: str, body: dict[str, Any]) -> Entity:
        return self._created(kind, body, self.owner.send(CREATE[kind], json=body))

    def _created(self, kind: str, sent: dict[str, Any], exchange: Exchange) -> Entity:
        body = need_object(exchange)
        ref = body.get("id")
        if not isinstance(ref, str) or not ref:
            reason = f"{exchange.label} returned without an id"
            raise PreconditionFailed(reason, exchange)
        long_ref = str(body.get("uuid") or ref)
        self.owner.client.guard.allow(ref, long_ref)
        self.journal.created(kind, ref)
        return Entity(kind=kind, id=ref, uuid=long_ref, sent=sent, created=exchange)


__all__ = ["Account", "path_refs"]

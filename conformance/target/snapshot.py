"""The account before a run: what it holds, and the objects that no run creates but that a run may change.

Whether the target may be tested at all is in `preflight`; how a run is undone is in `conformance.account.restore`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.http import ME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Caller
    from conformance.target.description import Target

LISTS = {
    "members": "getSystemMembers",
    "groups": "getSystemGroups",
    "switches": "getSystemSwitches",
}
SETTINGS = "getSystemSettings"
WITH_MEMBERS = {"with_members": "true"}
BLANK = {"id": ME["systemId"]}


@dataclasses.dataclass(frozen=True)
class ExistingObject:
    """An object of the account that no run creates.

    `name` is what the operations that read and change it call it; `body` is how its owner saw it before the run, empty if it
    could not be read.
    """

    name: str
    refs: dict[str, str]
    query: dict[str, str] | None = None
    body: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def reading(self) -> str:
        """The operation that reads it."""
        return f"get{self.name}"

    @property
    def updating(self) -> str:
        """The operation that changes it."""
        return f"update{self.name}"


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """The account before the run, as its owner sees it: its own objects, and the rows of its lists."""

    objects: tuple[ExistingObject, ...]
    rows: dict[str, list[dict[str, Any]]] = dataclasses.field(default_factory=dict)
    limiter_seen: bool = False

    @property
    def system(self) -> dict[str, Any]:
        """The system under test."""
        return self.body_of("System")

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the system; empty if there are none."""
        return self.body_of("SystemSettings")

    def body_of(self, name: str) -> dict[str, Any]:
        """Return the object of this name; empty if there is none, or if it could not be read."""
        return next((known.body for known in self.objects if known.name == name), {})

    @property
    def refs(self) -> dict[str, tuple[str, ...]]:
        """The ids of what the account held, by the kind of list."""
        return {
            kind: tuple(str(row.get("id")) for row in self.rows.get(kind, ())) for kind in LISTS
        }

    @property
    def is_blank(self) -> bool:
        """Whether the target did not show the system, which ends a run without --skip-preflight."""
        return bool(self.system.get("id") == ME["systemId"])

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON, for the journal."""
        return dataclasses.asdict(self)

    def within(self, contract: Contract) -> Snapshot:
        """Return it without the objects that the contract has no operation for."""
        known = tuple(one for one in self.objects if one.reading in contract.operations)
        return dataclasses.replace(self, objects=known)

    @classmethod
    def blank(cls) -> Snapshot:
        """Return what is known of a system that the target did not show."""
        return cls((ExistingObject("System", ME, body=dict(BLANK)),))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Snapshot:
        """Make it from `as_json` again."""
        objects = tuple(ExistingObject(**known) for known in data["objects"])
        return cls(objects, data["rows"], data["limiter_seen"])


def take_snapshot(
    target: Target, owner: Caller, system: dict[str, Any], *, limiter_seen: bool
) -> Snapshot:
    """Return what the account has, given its system; a list that cannot be read counts as empty."""
    objects = [ExistingObject("System", ME, body=system)]
    for known in existing_objects(owner.contract, target):
        body = owner.send(known.reading, known.refs, query=known.query).json
        objects.append(dataclasses.replace(known, body=body if isinstance(body, dict) else {}))
    rows = {kind: list_rows(owner, kind) for kind in LISTS}
    return Snapshot(tuple(objects), rows, limiter_seen)


def existing_objects(contract: Contract, target: Target) -> Iterator[ExistingObject]:
    """Yield the settings that a run of this target may change, without their values."""
    guild, member = (target.fixtures.get(name) for name in ("guild_id", "guild_member_id"))
    known = [ExistingObject("SystemSettings", ME)]
    if guild:
        known.append(ExistingObject("SystemGuildSettings", {"guildId": guild}))
        known.append(ExistingObject("Autoproxy", {}, {"guild_id": guild}))
    if guild and member:
        known.append(ExistingObject("MemberGuildSettings", {"memberId": member, "guildId": guild}))
    return (one for one in known if one.reading in contract.operations)


def list_rows(owner: Caller, kind: str) -> list[dict[str, Any]]:
    """Return the rows of a list, groups with the ids of their members; none where the list cannot be read."""
    return read_list(owner, kind) or []


def read_list(owner: Caller, kind: str) -> list[dict[str, Any]] | None:
    """Return the rows of a list; None where it cannot be read."""
    rows = _rows(owner, kind, None)
    return (kind == "groups" and rows and _rows(owner, kind, WITH_MEMBERS)) or rows


def _rows(owner: Caller, kind: str, query: dict[str, str] | None) -> list[dict[str, Any]] | None:
    exchange = owner.send(LISTS[kind], ME, query=query)
    if not exchange.ok or not isinstance(exchange.json, list):
        return None
    return [row for row in exchange.json if isinstance(row, dict) and "id" in row]

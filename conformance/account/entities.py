"""Entities that a run created: members, groups and switches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.http import Exchange

PATH_PARAMETER = {"member": "memberId", "group": "groupId", "switch": "switchId"}
DELETE = {"member": "deleteMember", "group": "deleteGroup", "switch": "deleteSwitch"}


@dataclasses.dataclass(frozen=True)
class Entity:
    """One created entity, with the exchange that created it."""

    kind: str
    id: str
    uuid: str
    sent: dict[str, Any]
    created: Exchange

    @property
    def refs(self) -> dict[str, str]:
        """The path parameters that name it: `owner.send("getMember", member.refs)`."""
        return path_refs(self.kind, self.id)

    @property
    def body(self) -> dict[str, Any]:
        """The object that the creation returned."""
        body: dict[str, Any] = self.created.json
        return body


def path_refs(kind: str, ref: str) -> dict[str, str]:
    """Return the path parameters for a ref of this kind; the path of a switch names the own system, too."""
    system = {"systemId": "@me"} if kind == "switch" else {}
    return {**system, PATH_PARAMETER[kind]: ref}

"""The id formats in which a path may name a system, a member or a group (docs: models#notes-on-ids, endpoints)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.http import NotApplicable, PreconditionFailed

if TYPE_CHECKING:
    from conformance.contract import Contract

HALF = 3  # letters before and after the dash of a six-letter id
PARAMETER = {"System": "systemId", "Member": "memberId", "Group": "groupId"}
SHORT_ID = {
    "System": "systemref-short-id",
    "Member": "memberref-short-id",
    "Group": "groupref-short-id",
}
UUID = {"System": "systemref-uuid", "Member": "memberref-uuid", "Group": "groupref-uuid"}
FOR_ALL = {
    "upper": "id-accepted-uppercase",
    "capitals": "id-accepted-uppercase",  # and with a dash, if it has six letters
    "dashed": "id-accepted-with-dash",
    "upper-dashed": "id-accepted-with-dash",
    "account": "systemref-discord-id",
}
ID_FORMATS = ("short", "upper", "dashed", "uuid", "upper-uuid")


@dataclasses.dataclass(frozen=True)
class Address:
    """The ids of one entity; a system may also have a linked Discord account."""

    model: str
    short: str
    uuid: str
    discord_id: str | None = None

    def in_format(self, id_format: str) -> str:
        """Return the entity's id in this format.

        Raises:
            NotApplicable: the entity has no id in this format.
            PreconditionFailed: its UUID is not known.

        """
        if id_format == "account":
            return self._discord_id()
        if id_format == "capitals":
            return (self._dashed() if len(self.short) == 2 * HALF else self.short).upper()
        if id_format.endswith("dashed"):
            return self._dashed().upper() if id_format.startswith("upper") else self._dashed()
        plain = self.uuid if id_format.endswith("uuid") else self.short
        if not plain:
            reason = f"the {self.model.lower()} shows no UUID"
            raise PreconditionFailed(reason)
        return plain.upper() if id_format.startswith("upper") else plain

    def refs(self, id_format: str) -> dict[str, str]:
        """Return the path parameter that names the entity."""
        return {PARAMETER[self.model]: self.in_format(id_format)}

    def _discord_id(self) -> str:
        if self.discord_id is None:
            reason = "needs account_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.discord_id

    def _dashed(self) -> str:
        if len(self.short) != 2 * HALF:
            reason = f"the id {self.short} has no two halves of three"
            raise NotApplicable(reason)
        return f"{self.short[:HALF]}-{self.short[HALF:]}"


def rule_of(model: str, id_format: str) -> str:
    """Return the requirement that this id format is accepted."""
    rules = {"short": SHORT_ID[model], "uuid": UUID[model], "upper-uuid": UUID[model], **FOR_ALL}
    return rules[id_format]


def addressed(contract: Contract, model: str, *, writes: bool) -> tuple[str, ...]:
    """Return the operations with an id of the model in their path, except those that need a guild."""
    listed = contract.requirements[rule_of(model, "uuid")].operations
    known = (contract.operations[name] for name in listed if name in contract.operations)
    return tuple(
        operation.id
        for operation in known
        if operation.writes == writes and "{guildId}" not in operation.path
    )

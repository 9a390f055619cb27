"""What changed in a server since it was last looked at: which of its values are other ones, and which are gone."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from conformance.sandbox import state

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.sandbox.state import Key, Record


class Changes:
    """Compares a server with what was seen of it; nothing at first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._seen: dict[Key, Any] = {}

    def found(self) -> tuple[list[Record], list[Key]]:
        """Return what is new or other than seen, and the keys of what is there no more."""
        now = dict(state.records(self._server))
        seen = self._seen
        changed = [record for record in now.items() if seen.get(record[0]) != record[1]]
        return changed, [key for key in seen if key not in now]

    def see(self, changed: list[Record], gone: list[Key]) -> None:
        """Take what was found as seen."""
        self._seen.update(copy.deepcopy(changed))
        for key in gone:
            del self._seen[key]

"""Query parameters: optional, but never without a value. docs: endpoints#endpoints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.calls import Call
    from conformance.reference.storage import Store

MOST_SWITCHES = 100
_NUMBER = re.compile(r"[0-9]{1,1000}")


class Queries:
    """Reads the parameters that the docs name; others are ignored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def value(self, call: Call, name: str) -> str | None:
        """Return the text of a parameter, None when it was left out."""
        value = call.query.get(name)
        if value == "":
            raise Rejected(Problem.BAD_REQUEST, f"{name} has no value")
        return value

    def flag(self, call: Call, name: str) -> bool:
        """Return a parameter that is true or false, false by default."""
        value = (self.value(call, name) or "false").lower()
        if value not in ("true", "false"):
            raise Rejected(Problem.BAD_REQUEST, f"{name} is true or false")
        return value == "true"

    def limit(self, call: Call) -> int:
        """Return how many switches to list, 100 by default and at most."""
        value = self.value(call, "limit") or str(MOST_SWITCHES)
        if not _NUMBER.fullmatch(value):
            raise Rejected(Problem.BAD_REQUEST, "limit is a number")
        return min(int(value), MOST_SWITCHES)

    def before(self, call: Call) -> datetime:
        """Return the instant before which switches are listed, now by default."""
        value = self.value(call, "before")
        if value is None:
            return self._store.now()
        moment = moments.read(value)
        if moment is None:
            raise Rejected(Problem.BAD_REQUEST, "before is a timestamp")
        return moment

"""The writes of a run by what they are about, so that those which may have led to a response are found without a look at all.

Which of them did is decided in `evidence`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.reporting.history import History

_IN_GUILD = re.compile(r"/members [^/]+(/guilds/[^/]+)")
_SYSTEM = "/systems"

Places = dict[object, list[int]]


class SentWrites:
    """The places of all writes, by check, by resource, and by what each names."""

    def __init__(self, history: History) -> None:
        """Take the exchanges of a run."""
        self._history = history
        self._by_check: Places = defaultdict(list)
        self._by_resource: Places = defaultdict(list)
        self._by_guild: Places = defaultdict(list)
        self._naming: Places = defaultdict(list)
        self._in_path: Places = defaultdict(list)
        for place in filter(history.writes, range(len(history.sent))):
            self._by_check[history.sent[place]["check"]].append(place)
            self._by_resource[history.resource[place]].append(place)
            self._by_guild[guild_of(history.resource[place])].append(place)
            for entity in history.named[place]:
                self._naming[entity].append(place)
            for entity in history.in_path[place]:
                self._in_path[entity].append(place)

    def before(self, end: int, about: Iterable[int]) -> Iterator[int]:
        """Yield the places of the writes before `end` that may concern its response, which shows these entities."""
        history = self._history
        guild = guild_of(history.resource[end])
        found = {place for place in about if history.writes(place)}
        found.update(self._by_check[history.sent[end]["check"]])
        found.update(self._by_resource[history.resource[end]], self._by_resource[_SYSTEM])
        found.update(self._by_guild[guild] if guild else ())
        found.update(*(self._naming[entity] for entity in about))
        return (place for place in found if place < end)

    def below(self, entities: Iterable[int], end: int) -> Iterator[int]:
        """Yield the places of the writes before `end` with one of these entities in their path."""
        found = set().union(*(self._in_path[entity] for entity in entities))
        return (place for place in found if place < end)


def guild_of(resource: str) -> str:
    """Return the guild of the settings of a member there; empty for another resource."""
    found = _IN_GUILD.fullmatch(resource)
    return found[1] if found else ""

"""The requests that led to a failure: of all that a run sent before, those without which the judged response would be another.

They are found in the event log alone, and are both what a report shows of a failure and what reproduces it on a system that has
no members, groups and switches. Which chain a generated check found is in the log itself; how a chain is sent again is in `chain`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.reporting.history import History
from conformance.reporting.sent_writes import SentWrites, guild_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.reporting.events import CheckFinished, Exchange

_ENTITY = re.compile(r"/(members|groups) [^/]+")
_ITSELF = re.compile(rf"{_ENTITY.pattern}|/systems/switches/[^/]+")
_LIST = re.compile(r"/systems/(members|groups|switches|fronters)")
_SYSTEM, _SETTINGS = "/systems", "/systems/settings"
_AUTOPROXY = {"autoproxy_mode", "autoproxy_member"}
_HIDDEN_BY_NONE = re.compile(r"/systems/(settings|autoproxy|guilds/.*)")
_CREATES = "POST"
_CHANGES = "PATCH"


class Evidence:
    """What a run sent, and what of it led to the outcome of a check."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Take all exchanges in the order of the log."""
        self.history = History(exchanges)
        self._writes = SentWrites(self.history)
        self._found: dict[tuple[int, frozenset[int]], list[str]] = {}

    def steps(self, check: CheckFinished) -> list[str]:
        """Return the ids of the exchanges that led to the outcome of a check, the judged one last; none without one."""
        judged, history = check["evidence"], self.history
        if judged not in history.place:
            return [judged] if judged else []
        end = history.place[judged]
        about = frozenset(self._about(check, end))
        if (end, about) not in self._found:
            self._found[end, about] = self._steps_to(end, about)
        return self._found[end, about]

    def _steps_to(self, end: int, about: frozenset[int]) -> list[str]:
        """Return the ids of the exchanges that led to a response that shows these entities."""
        history = self.history
        needed = set(self._needed(end, about))
        chosen = {end, *self._without_overwritten(needed)}
        last = max(needed, default=None) if not history.writes(end) else end
        if last is not None:
            wanted = {history.resource[end], history.resource[last]}
            chosen |= {place for place in [history.last_read(wanted, last)] if place is not None}
        return [history.sent[place]["id"] for place in sorted(self._with_creations(chosen))]

    def _about(self, check: CheckFinished, end: int) -> set[int]:
        """Return what was created and the judged request names or its response shows, or the failure mentions, or a list could show."""
        history = self.history
        failure = f"{check['reason']} {check['expected']} {check['actual']}"
        found = history.named[end] | history.shown(end) | history.known(failure, end)
        lists, exchange = _LIST.fullmatch(history.resource[end]), history.sent[end]
        if lists and not (exchange["caller"] == "other" and "/@me/" in exchange["url"]):
            shown = "switches" if lists[1] == "fronters" else lists[1]
            found |= history.existing(shown, end)
        return found

    def _needed(self, end: int, about: frozenset[int]) -> Iterator[int]:
        """Yield the places of the writes that the judged response depends on, apart from those that created what is named."""
        history = self.history
        read = history.last_read({history.resource[end]}, end)
        possible = self._writes.before(end, about)
        direct = {place for place in possible if self._concerns(place, end, about, read)}
        yield from direct
        if _ENTITY.fullmatch(history.resource[end]):
            return
        named = direct.union(*(history.named[place] for place in direct)) - about
        for place in self._writes.below(named, end):
            if _ITSELF.fullmatch(history.resource[place]) and history.succeeded(place):
                yield place

    def _concerns(self, place: int, end: int, about: frozenset[int], read: int | None) -> bool:
        """Whether a write changed, or could have changed, what the judged response shows.

        Settings of a member in a guild are changed by those of another member there, if the server mixes them up.
        What an entity itself shows no list of another one changes, so that such lists count only where something below it, or a
        list, was judged. A write that was rejected must not have had any effect: a read shows whether it had one, or the same
        request once more.
        """
        history = self.history
        same_check = history.sent[place]["check"] == history.sent[end]["check"]
        since_read = read is None or place > read
        written, judged = history.resource[place], history.resource[end]
        may_show = same_check or since_read
        if history.writes(end):
            may_show = written == judged and history.sends_the_same(place, end)
        if not history.succeeded(place) and not may_show:
            return False
        names = history.in_path if _ENTITY.fullmatch(judged) else history.named
        if place in about or names[place] & about or _concern_the_same(written, judged):
            return True
        if written == _SYSTEM:
            may_hide = judged.startswith(_SYSTEM) and not _HIDDEN_BY_NONE.fullmatch(judged)
            return may_hide or same_check
        if written == _SETTINGS and same_check:
            return True
        return same_check and read is not None and place > read

    def _without_overwritten(self, writes: set[int]) -> set[int]:
        """Return the places without PATCHes of which later ones set every key, and returned it as they set it.

        None of an autoproxy is left out: which of its values are allowed depends on those before.
        """
        history, kept = self.history, set[int]()
        later: dict[str, set[str]] = {}
        for place in sorted(writes, reverse=True):
            exchange, resource = history.sent[place], history.resource[place]
            if exchange["method"] == _CREATES:
                later.pop(_SETTINGS, None)
            if exchange["method"] == _CHANGES and history.succeeded(place) and exchange["response"]:
                sent = history.values_of(place, "request")
                shown = history.values_of(place, "response")
                known = later.setdefault(resource, set())
                if sent and sent.keys() <= known - _AUTOPROXY:
                    continue
                known |= {key for key, value in sent.items() if shown.get(key, ...) == value}
            kept.add(place)
        return kept

    def _with_creations(self, chosen: set[int]) -> set[int]:
        """Return the places with those of the POSTs that created what the chosen requests name, and so on."""
        found: set[int] = set()
        while chosen - found:
            place = (chosen - found).pop()
            found.add(place)
            chosen |= self.history.named[place]
        return found


def _concern_the_same(written: str, judged: str) -> bool:
    """Whether two resources are the same one, or settings of members in the same guild."""
    return written == judged or guild_of(written) == guild_of(judged) != ""

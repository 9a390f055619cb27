"""The requests that led to a failure: of all that a run sent before, those that touch what the judged response is about.

They are found in the event log alone: how the entity came to be, how it was read before, the last write to it. Which
chain a generated check found is in the log itself; how a chain is sent again is in `chain`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.reporting.events import CheckFinished, Exchange

_WORD = re.compile(r"[A-Za-z0-9-]+")
_READ = "GET"
_HTTP_OK = range(200, 300)
_ENTITY = re.compile(r".*/(members|groups)/[^/]+")
_SYSTEM = re.compile(r".*/systems/[^/]+")


class Evidence:
    """What a run sent, and what it created with it."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Take all exchanges in the order of the log."""
        self._sent = list(exchanges)
        self._place = {exchange["id"]: place for place, exchange in enumerate(self._sent)}
        self._created: dict[str, int] = {}  # place of the POST, by each id of what it created
        # Places of the POSTs of what each names in its path, and of what it names there or in its body.
        self._in_path: list[set[int]] = []
        self._named: list[set[int]] = []
        for place, exchange in enumerate(self._sent):
            self._in_path.append(self._known(_resource(exchange), place))
            body = exchange["request"]["body"] or ""
            self._named.append(self._in_path[place] | self._known(body, place))
            for ref in _created_ids(exchange):
                self._created.setdefault(ref, place)

    def steps(self, check: CheckFinished) -> list[str]:
        """Return the ids of the exchanges that led to the outcome of a check, the judged one last; none without one."""
        judged = check["evidence"]
        if judged not in self._place:
            return [judged] if judged else []
        end = self._place[judged]
        subject = self._subject(check, end)
        writes = {end} if _writes(self._sent[end]) else self._last_writes(end, subject)
        chosen = {end, *writes, *subject}
        if writes:
            before = self._read_before(min(writes), self._sent[end])
            chosen |= {before} if before is not None else set()
        return [self._sent[place]["id"] for place in sorted(self._with_creations(chosen))]

    def _subject(self, check: CheckFinished, end: int) -> set[int]:
        """Return the places of the POSTs that created what the judged request, or else the failure, is about."""
        return self._named[end] or self._mentioned(check, end) or self._shown(check, end)

    def _mentioned(self, check: CheckFinished, end: int) -> set[int]:
        """Return the places of the POSTs that created what the failure mentions: the entry of a list that is wrong."""
        return self._known(f"{check['reason']} {check['expected']} {check['actual']}", end)

    def _known(self, text: str, end: int) -> set[int]:
        known = (self._created.get(_plain(word)) for word in _WORD.findall(text))
        return {place for place in known if place is not None and place < end}

    def _shown(self, check: CheckFinished, end: int) -> set[int]:
        """Return the place of the POST that created the entry of the judged response that has the wrong value, or the first."""
        response = self._sent[end]["response"]
        rows = list(_objects(_json(response["body"]))) if response else []
        wrong = _json(check["actual"])
        known: list[tuple[bool, int, int]] = []
        for row in rows:
            place = self._created.get(_plain(str(row.get("id"))))
            if place is not None and place < end:
                known.append((wrong not in row.values(), len(known), place))
        return {min(known)[2]} if known else set()

    def _last_writes(self, end: int, subject: set[int]) -> set[int]:
        """Return the places of the last write before `end` to one of these entities, or else to the system or what is read of it.

        A later one that was rejected is among them: it must not have had any effect. What an entity itself shows no list of
        another one changes, so that such lists count only where something below it, or a list, was judged.
        """
        judged, found = self._sent[end], set[int]()
        alone = bool(_ENTITY.fullmatch(_resource(judged)))
        names = self._in_path if alone else self._named
        for place in range(end - 1, -1, -1):
            exchange = self._sent[place]
            same = not subject and self._is_of_the_system(exchange, judged)
            if _writes(exchange) and (place in subject or subject & names[place] or same):
                if exchange["status"] in _HTTP_OK:
                    return found | {place}
                found = found or {place}
        return found

    @staticmethod
    def _is_of_the_system(write: Exchange, judged: Exchange) -> bool:
        """Whether a write is to the path that was judged, or to the system of which that is a part."""
        of_system = _SYSTEM.match(_resource(judged)) and _SYSTEM.fullmatch(_resource(write))
        return bool(of_system) or _resource(write) == _resource(judged)

    def _read_before(self, write: int, judged: Exchange) -> int | None:
        """Return the place of the last read before a write that shows what the judged response, or the write itself, is about."""
        wanted = {_resource(judged), _resource(self._sent[write])}
        for place in range(write - 1, -1, -1):
            exchange = self._sent[place]
            if exchange["method"] == _READ and _resource(exchange) in wanted:
                return place
        return None

    def _with_creations(self, chosen: set[int]) -> set[int]:
        """Return the places with those of the POSTs that created what the chosen requests name, and so on."""
        found: set[int] = set()
        while chosen - found:
            place = (chosen - found).pop()
            found.add(place)
            chosen |= self._named[place]
        return found


def _writes(exchange: Exchange) -> bool:
    return exchange["method"] != _READ


def _resource(exchange: Mapping[str, Any]) -> str:
    """Return the path of a request, without its query."""
    return str(urlsplit(exchange["url"]).path)


def _plain(word: str) -> str:
    """Return an id as it is stored: ids may be written in upper case, and short ones with a dash."""
    return word.lower().replace("-", "")


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a value."""
    if isinstance(value, dict):
        yield value
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _objects(part)


def _created_ids(exchange: Exchange) -> Sequence[str]:
    """Return the ids of what a POST created."""
    response = exchange["response"]
    if exchange["method"] != "POST" or exchange["status"] not in _HTTP_OK or response is None:
        return ()
    body = _json(response["body"])
    shown = body if isinstance(body, dict) else {}
    return [_plain(shown[key]) for key in ("id", "uuid") if isinstance(shown.get(key), str)]

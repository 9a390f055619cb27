"""All that a run sent, in order: which requests write, what each created, and which of that each names.

Which of them led to a failure is decided in `evidence`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.reporting.events import Exchange

_WORD = re.compile(r"[A-Za-z0-9-]+")
_READ = "GET"
_HTTP_OK = range(200, 300)
_SWITCH = re.compile(r"(?<=/switches/)[^/]+")
_PATH = re.compile(r".*?/(systems|members|groups)(?:/([^/]+)(.*))?")


class History:
    """The exchanges of a run; what a POST created is known by the place of the POST among them."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Take all exchanges in the order of the log."""
        self.sent = list(exchanges)
        self.place = {exchange["id"]: place for place, exchange in enumerate(self.sent)}
        self._created: dict[str, int] = {}  # place of the POST, by each id of what it created
        # What each names in its path, what it names there, in its query or in its body, and what its path is about.
        self.in_path: list[set[int]] = []
        self.named: list[set[int]] = []
        self.resource: list[str] = []
        self._reads: dict[str, list[int]] = {}  # by resource
        self._deletes: list[int] = []
        self._values: dict[tuple[int, str], dict[str, Any]] = {}
        for place, exchange in enumerate(self.sent):
            url = urlsplit(exchange["url"])
            text = f"{unquote(url.query)} {exchange['request']['body'] or ''}"
            self.in_path.append(self.known(unquote(url.path), place))
            self.named.append(self.in_path[place] | self.known(text, place))
            self.resource.append(self._resource(unquote(url.path)))
            if not self.writes(place):
                self._reads.setdefault(self.resource[place], []).append(place)
            if exchange["method"] == "DELETE" and self.succeeded(place):
                self._deletes.append(place)
            for ref in created_ids(exchange).values():
                self._created.setdefault(plain(ref), place)

    def known(self, text: str, end: int) -> set[int]:
        """Return what was created before the place `end` and is named in a text, in any id format."""
        known = (self._created.get(plain(word)) for word in _WORD.findall(text))
        return {place for place in known if place is not None and place < end}

    def shown(self, place: int) -> set[int]:
        """Return what the response at this place shows."""
        response = self.sent[place]["response"]
        return self.known(response["body"] or "", place) if response else set()

    def existing(self, collection: str, end: int) -> set[int]:
        """Return the members, groups or switches that were created before the place `end` and not deleted."""
        found = {
            place
            for place in self._created.values()
            if place < end and self.resource[place].endswith(f"/{collection}")
        }
        for place in self._deletes:
            if place < end:
                found -= self.in_path[place]
        return found

    def writes(self, place: int) -> bool:
        """Whether the request may have changed something."""
        return self.sent[place]["method"] != _READ

    def succeeded(self, place: int) -> bool:
        """Whether the status was one of success."""
        return self.sent[place]["status"] in _HTTP_OK

    def sends_the_same(self, place: int, other: int) -> bool:
        """Whether two requests have the same method and body."""
        first, second = self.sent[place], self.sent[other]
        return (first["method"], first["request"]["body"]) == (
            second["method"],
            second["request"]["body"],
        )

    def _resource(self, path: str) -> str:
        """Return what a path names, in whichever id format: `/systems/settings`, `/members 3/groups`, in which 3 is the place of a POST."""
        found = _PATH.fullmatch(path)
        if found is None or found[2] is None:
            return path if found is None else f"/{found[1]}"
        kind, ref, rest = found.groups()
        entity = "" if kind == "systems" else f" {self._entity(ref)}"
        return f"/{kind}{entity}{_SWITCH.sub(lambda one: self._entity(one[0]), rest)}"

    def _entity(self, ref: str) -> str:
        return str(self._created.get(plain(ref), ref))

    def last_read(self, wanted: set[str], end: int) -> int | None:
        """Return the place of the last read of one of these resources before the place `end`."""
        reads = (self._reads.get(resource, []) for resource in wanted)
        return max(
            (found[at - 1] for found in reads if (at := bisect_left(found, end))), default=None
        )

    def values_of(self, place: int, side: Literal["request", "response"]) -> dict[str, Any]:
        """Return every key of the body of a request, or of its response, with its value."""
        if (place, side) not in self._values:
            message = self.sent[place][side]
            body = parsed(message["body"]) if message else None
            self._values[place, side] = dict(values(body))
        return self._values[place, side]


def created_ids(exchange: Mapping[str, Any]) -> dict[str, str]:
    """Return `id` and `uuid` of what a POST created; empty where it created nothing that has an id."""
    response = exchange["response"]
    if exchange["method"] != "POST" or exchange["status"] not in _HTTP_OK or response is None:
        return {}
    return ids_in(parsed(response["body"]))


def ids_in(body: Any) -> dict[str, str]:
    """Return `id` and `uuid` of an object that has them."""
    shown = body if isinstance(body, dict) else {}
    return {key: shown[key] for key in ("uuid", "id") if isinstance(shown.get(key), str)}


def plain(word: str) -> str:
    """Return an id as it is stored: ids may be written in upper case, and short ones with a dash."""
    return word.lower().replace("-", "")


def parsed(text: str | None) -> Any:
    """Return the JSON of a body, or None where it is none."""
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key of an object with its value; those of objects in it as `privacy.visibility`."""
    if isinstance(value, dict):
        for key, part in value.items():
            below = list(values(part, f"{name}{key}."))
            yield from below or [(f"{name}{key}", part)]

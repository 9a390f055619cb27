"""What is known of the requests before one: when they came, which failed, and what responses showed."""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING, Any

import httpx

from conformance.http.whole_numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.watch.request import Request, Response

ARRIVALS = 400  # of one scope and token that are remembered
REMEMBERED = 5000  # requests, and models, that are remembered
REPEATS = 50  # of one request that are remembered
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclasses.dataclass(frozen=True)
class Moment:
    """A request that is remembered: its id, and when it arrived, or its response came."""

    id: str
    at: float


@dataclasses.dataclass(frozen=True)
class Wait:
    """What a 429 asked for: from when, until when, and the id of the request that got it."""

    id: str
    since: float
    until: float


@dataclasses.dataclass(frozen=True)
class Model:
    """The keys that a response showed of something, and the id of its request."""

    id: str
    keys: Mapping[str, Any]


class History:
    """The requests of a session so far; only as much of them as judges need."""

    def __init__(self) -> None:
        """Begin without any."""
        self.rejected: dict[str, Moment] = {}
        self._models: collections.OrderedDict[object, Model] = collections.OrderedDict()
        self._arrivals: dict[object, collections.deque[Moment]] = {}
        self._waits: dict[object, Wait] = {}
        self._failures: dict[object, list[Moment]] = {}
        self._reads: dict[object, list[Moment]] = {}
        self._last_text: dict[object, str] = {}

    def arrivals_like(self, request: Request) -> Sequence[Moment]:
        """Return the requests of the same scope and token that came before."""
        return self._arrivals.get(_counted(request), collections.deque())

    def wait_of(self, request: Request) -> Wait | None:
        """Return what the last 429 of its scope and token asked for, if nothing has come since that was over."""
        return self._waits.get(_counted(request))

    def failures_of(self, request: Request) -> Sequence[Moment]:
        """Return when the same request failed, since the last one that did not."""
        return self._failures.get(request.same_as, ())

    def equal_reads_of(self, request: Request) -> Sequence[Moment]:
        """Return when the same request was read, since the response was another."""
        return self._reads.get(request.same_as, ())

    def model_of(self, request: Request) -> Model | None:
        """Return what was shown last of the thing that a request changes."""
        refs = list(request.place.refs.values())
        entity = request.operation.entity if request.operation else ""
        of_path = self._models.get(request.path)
        return of_path or (self._models.get((entity, refs[-1])) if refs else None)

    def arrived(self, request: Request) -> None:
        """Remember a request that was judged."""
        counted = _counted(request)
        arrivals = self._arrivals.setdefault(counted, collections.deque(maxlen=ARRIVALS))
        arrivals.append(Moment(request.id, request.arrived))
        wait = self._waits.get(counted)
        if wait and request.arrived >= wait.until:
            del self._waits[counted]

    def returned(self, request: Request, response: Response) -> None:
        """Remember the response to it."""
        self._learn_wait(request, response)
        self._learn_rejection(request, response)
        self._learn_repeat(request, response)
        if request.operation and not response.failed:
            self._learn_models(request, request.operation.entity, response.json)

    def _learn_models(self, request: Request, entity: str, body: Any) -> None:
        rows = body if isinstance(body, list) else [body]
        for row in (row for row in rows if isinstance(row, dict)):
            names = [(entity, row[key]) for key in ("id", "uuid") if isinstance(row.get(key), str)]
            for name in [*names, *([] if isinstance(body, list) else [request.path])]:
                self._models[name] = Model(request.id, row)
                self._models.move_to_end(name)
        while len(self._models) > REMEMBERED:
            self._models.popitem(last=False)

    def _learn_wait(self, request: Request, response: Response) -> None:
        if response.status != httpx.codes.TOO_MANY_REQUESTS:
            return
        body = response.json if isinstance(response.json, dict) else {}
        milliseconds = whole_number(body.get("retry_after"))
        if milliseconds:
            until = response.returned + milliseconds / 1000
            self._waits[_counted(request)] = Wait(request.id, response.returned, until)

    def _learn_rejection(self, request: Request, response: Response) -> None:
        token = request.authorization
        if not token:
            return
        needs_one = request.operation and request.operation.authentication == "required"
        if response.status == httpx.codes.UNAUTHORIZED:
            self.rejected.setdefault(token, Moment(request.id, response.returned))
        elif needs_one and not response.failed:
            self.rejected.pop(token, None)

    def _learn_repeat(self, request: Request, response: Response) -> None:
        same = request.same_as
        if response.failed:
            if response.status != httpx.codes.TOO_MANY_REQUESTS:
                _keep(self._failures, same, Moment(request.id, request.arrived))
        elif request.method not in _SAFE:
            for remembered in (self._failures, self._reads, self._last_text):
                remembered.clear()
        else:
            self._failures.pop(same, None)
            if self._last_text.get(same) != response.text:
                self._reads.pop(same, None)
                self._last_text[same] = response.text
            _keep(self._reads, same, Moment(request.id, request.arrived))
        if len(self._last_text) > REMEMBERED:
            self._last_text.clear()
            self._reads.clear()


def _keep(remembered: dict[object, list[Moment]], same: object, moment: Moment) -> None:
    """Add a moment to those of a request; what is forgotten, of many requests, is all of them."""
    if len(remembered) > REMEMBERED:
        remembered.clear()
    remembered[same] = [*remembered.get(same, ())[-REPEATS:], moment]


def _counted(request: Request) -> tuple[str, str]:
    """Return what a limit counts together."""
    return (request.place.scope, request.authorization or "")

"""The one HTTP client: sends, paces, guards, redacts and records every request of a run."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json as jsonlib
import threading
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from conformance import signals
from conformance.http.clock import SYSTEM
from conformance.http.exchange import Exchange
from conformance.http.outcomes import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Operation
    from conformance.http.clock import Clock
    from conformance.http.guard import Guard
    from conformance.http.pacing import Pace
    from conformance.http.redaction import Redactor

USER_AGENT = "pluralkit-conformance (API conformance suite, run by the owner of the token)"
TIMEOUT = 10.0  # seconds
IMPATIENCE = 2.0  # times shorter after each request in a row that got no response
LEAST = 1.0  # seconds
ATTEMPTS = 5  # of one request that is throttled
LOST = 3  # requests in a row without a response, after which the target counts as gone
NO_BODY = object()
VERSION = "/v2"


@dataclasses.dataclass(frozen=True)
class Message:
    """What a request carries besides its operation: a None among the headers takes a default header out."""

    headers: Mapping[str, str | None]
    json: Any = NO_BODY
    content: bytes | None = None
    query: Mapping[str, str] | None = None
    release: Callable[[], None] | None = (
        None  # returns when the request may leave; its connection is open then
    )

    def encoded(self) -> tuple[bytes | None, dict[str, str | None]]:
        """Return the body as bytes, and the headers with those that belong to every request."""
        headers: dict[str, str | None] = {"User-Agent": USER_AGENT}
        if self.json is NO_BODY:
            return self.content, headers | dict(self.headers)
        headers["Content-Type"] = "application/json"
        content = jsonlib.dumps(self.json, ensure_ascii=False).encode()
        return content, headers | dict(self.headers)


@dataclasses.dataclass(frozen=True)
class _Answer:
    response: httpx.Response | None
    error: str | None
    sent: float
    milliseconds: float


class _Deviation:
    """The instant at which a request left: when its connection is open and it was released."""

    def __init__(self, release: Callable[[], None] | None, clock: Clock) -> None:
        self._release, self._clock = release, clock
        self.note()

    def note(self) -> None:
        """Take the present for the instant."""
        self.sent, self.ticks = self._clock.time(), self._clock.perf_counter()

    def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        """Hear of a step of the connection."""
        if not event.endswith("send_request_headers.started"):
            return
        if self._release is not None:
            self._release()
        self.note()


class Client:
    """Sends requests to one base URL and tells its listeners of each exchange; several threads may send at once."""

    def __init__(
        self,
        base_url: str,
        *,
        redactor: Redactor,
        guard: Guard,
        pace: Pace | None,
        clock: Clock = SYSTEM,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Take the base URL (ends in /v2) and the pace to keep; without one a 429 is a response like any other.

        A client without a pace opens a connection for each request, so that none is closed while it waits for its release.
        Requests take the network, or a `transport` to a server that is elsewhere: in this process, on a clock of its own.
        """
        self.base_url = base_url.rstrip("/")
        self.listeners: list[Callable[[Exchange], None]] = []
        self.guard = guard
        self.pace = pace
        self.lost = 0
        self.prefix = ""
        self._redactor, self._clock = redactor, clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._http = httpx.Client(
            # No cookie goes back: one that knows the owner would let in whoever sends the next request.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            verify=not base_url.startswith("http:"),  # certificates take long to load
            limits=httpx.Limits(max_keepalive_connections=0 if pace is None else 20),
        )

    def send(
        self, operation: Operation, refs: Mapping[str, str], message: Message, caller: str
    ) -> Exchange:
        """Send one request; a throttled one again, until it returns.

        Args:
            operation: the operation of the contract.
            refs: its path parameters.
            message: what the request carries.
            caller: who sends it, for the record.

        Raises:
            GuardError: it would write to something that is not the run's own.
            Inconclusive: no response came, or only rejections of the rate limiter.
            KeyboardInterrupt: a signal came before it was sent.

        """
        self.guard.check(operation, refs)
        request = self._request(operation, refs, message)
        if self.pace is None:
            return self._once(operation, request, caller)
        for attempt in range(ATTEMPTS):
            self.pace.wait(operation.scope)
            exchange = self._once(operation, request, caller)
            self.pace.learn(exchange)
            if exchange.status != httpx.codes.TOO_MANY_REQUESTS:
                return exchange
            self.pace.back_off(exchange, attempt)
        reason = f"{exchange.label} was throttled {ATTEMPTS} times in a row"
        raise Inconclusive(reason, exchange)

    @property
    def is_paced(self) -> bool:
        """Whether the target's rates are known, so that requests wait for each other."""
        return self.pace is not None and self.pace.is_known

    @property
    def has_version(self) -> bool:
        """Whether the base URL ends in the version of the API, so that there is a path without it."""
        return self.base_url.endswith(VERSION)

    def without_version(self) -> Client:
        """Return a client of the same server, under the same prefix, whose paths lack the version."""
        plain = copy.copy(self)
        plain.base_url = self.base_url.removesuffix(VERSION)
        plain.prefix = f"{self.prefix}unversioned-"
        return plain

    def hide(self, name: str, secret: str | None) -> None:
        """Put `name` in the place of a secret in everything that is kept or shown from now on."""
        self._redactor.learn(name, secret)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _request(
        self, operation: Operation, refs: Mapping[str, str], message: Message
    ) -> httpx.Request:
        content, headers = message.encoded()
        request = self._http.build_request(
            operation.method,
            self.base_url + operation.url_path(refs),
            params=message.query,
            content=content,
            # As bytes: a header may hold any character, whatever the server makes of it.
            headers={k.encode(): v.encode() for k, v in headers.items() if v is not None},
            extensions={"trace": _Deviation(message.release, self._clock)},
        )
        for name in (name for name, value in headers.items() if value is None):
            request.headers.pop(name, None)
        return request

    def _once(self, operation: Operation, request: httpx.Request, caller: str) -> Exchange:
        signals.heed()
        answer = self._response(request)
        with self._lock:
            exchange = self._exchange(operation, request, answer, caller)
            self.lost = self.lost + 1 if answer.response is None else 0
            for listener in self.listeners:
                listener(exchange)
        if answer.response is None:
            reason = f"{exchange.label} got no response ({exchange.error})"
            raise Inconclusive(reason, exchange)
        return exchange

    def _response(self, request: httpx.Request) -> _Answer:
        response, error = None, None
        patience = httpx.Timeout(max(LEAST, TIMEOUT / IMPATIENCE**self.lost))
        request.extensions["timeout"] = patience.as_dict()
        deviation: _Deviation = request.extensions["trace"]
        deviation.note()
        try:
            response = self._http.send(request)
        except httpx.HTTPError as problem:
            error = f"{type(problem).__name__}: {problem}".rstrip(": ")
        elapsed = (self._clock.perf_counter() - deviation.ticks) * 1000
        return _Answer(response, error, deviation.sent, elapsed)

    def _exchange(
        self, operation: Operation, request: httpx.Request, answer: _Answer, caller: str
    ) -> Exchange:
        clean, response = self._redactor.clean, answer.response
        return Exchange(
            id=f"{self.prefix}e{next(self._numbers)}",
            caller=caller,
            operation=operation,
            method=request.method,
            url=clean(str(request.url)),
            request_headers=self._redactor.clean_headers(request.headers),
            request_body=clean(request.content.decode("utf-8", "replace")) or None,
            status=None if response is None else response.status_code,
            headers={} if response is None else self._redactor.clean_headers(response.headers),
            text="" if response is None else clean(response.content.decode("utf-8", "replace")),
            sent=answer.sent,
            milliseconds=answer.milliseconds,
            error=answer.error and clean(answer.error),
        )

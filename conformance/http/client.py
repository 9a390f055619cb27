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
from conformance.http.connection import DIRECT
from conformance.http.exchange import Exchange
from conformance.http.outcomes import Inconclusive
from conformance.http.transport import BoundedTransport, Received, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Operation
    from conformance.http.clock import Clock
    from conformance.http.connection import Connection
    from conformance.http.guard import Guard
    from conformance.http.pacing import Pace
    from conformance.http.redaction import Redactor

    Query = Mapping[str, str | list[str]]  # several values repeat a parameter

USER_AGENT = "pluralkit-conformance (API conformance suite, run by the owner of the token)"
WHOLE_TIMEOUT = 2.0  # times as long for a whole response
TIMEOUT_DIVISOR = 2.0  # for each request in a row without a response
SHORTEST_TIMEOUT = 1.0  # seconds
ATTEMPTS = 5  # of one request that is throttled
GONE_AFTER = 3  # requests in a row without a response
REPEATABLE = (
    "GET",
    "DELETE",
    "PATCH",
)  # once, where the server closed the connection that a request was to reuse
CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
NO_BODY = object()
VERSION = "/v2"


@dataclasses.dataclass(frozen=True)
class Message:
    """Headers, body and query of a request; a header whose value is None removes a default header."""

    headers: Mapping[str, str | None]
    json: Any = NO_BODY
    content: bytes | None = None
    query: Query | None = None
    release: Callable[[], None] | None = (
        None  # is called once the connection is open, and returns when the request is to be sent
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
class _Reception:
    """The response to a request, or why there is none; `sent` is a UNIX time in seconds."""

    response: Received | None
    error: str | None
    sent: float
    milliseconds: float
    is_worth_repeating: bool = False  # the connection was used before, and closed


class _SendTime:
    """The time at which a request was sent: after its connection was opened, if it has a new one, and its `release` returned."""

    def __init__(self, release: Callable[[], None] | None, clock: Clock) -> None:
        self._release, self._clock = release, clock
        self.reuses_connection = True
        self.note()

    def note(self) -> None:
        """Set it to the present."""
        self.sent, self.ticks = self._clock.time(), self._clock.perf_counter()

    def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        """Take a trace event of httpx."""
        if event.endswith("connect_tcp.started"):
            self.reuses_connection = False
        if not event.endswith("send_request_headers.started"):
            return
        if self._release is not None:
            self._release()
        self.note()


class Client:
    """Sends requests to one base URL; several threads may send at once.

    Each exchange is passed to the `listeners`, each request before that to `before_send`, one that writes to `before_write`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        redactor: Redactor,
        guard: Guard,
        pace: Pace | None,
        connection: Connection = DIRECT,
        clock: Clock = SYSTEM,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Take the base URL (ends in /v2) and the pace to keep; without one a 429 is a response like any other.

        A client without a pace opens a connection for each request, so that none is closed while it waits for its release.
        A `transport` takes the place of the network, for a server in this process.
        """
        self.base_url = base_url.rstrip("/")
        self.listeners: list[Callable[[Exchange], None]] = []
        self.before_send: list[Callable[[Operation, str], None]] = []
        self.before_write: list[Callable[[Operation, Message], None]] = []
        self.guard = guard
        self.pace = pace
        self.without_response = 0  # requests in a row
        self.prefix = ""
        self._redactor, self._clock = redactor, clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        limits = httpx.Limits(max_keepalive_connections=0 if pace is None else 20)
        is_plain = base_url.startswith("http:")
        self._transport = BoundedTransport(connection, is_plain=is_plain, limits=limits)
        self._connection = connection
        self._http = httpx.Client(
            # No cookie is sent back: with one that authenticates the owner, anonymous requests would be the owner's.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=connection.timeout,
            follow_redirects=False,
            trust_env=False,
            transport=transport or self._transport,
        )

    def send(
        self, operation: Operation, refs: Mapping[str, str], message: Message, caller: str
    ) -> Exchange:
        """Send one request, and send it again while it is throttled.

        Args:
            operation: the operation of the contract.
            refs: its path parameters.
            message: headers, body and query.
            caller: who sends it, for the record.

        Raises:
            GuardError: it would write to something that is not the run's own.
            NotApplicable: it may not be sent.
            Inconclusive: there was no response, or a 429 in each attempt.
            KeyboardInterrupt: a signal came before it was sent.

        """
        for check in self.before_send:
            check(operation, caller)
        self.guard.check(operation, refs)
        for note in self.before_write if operation.writes else ():
            note(operation, message)
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
    def is_target_gone(self) -> bool:
        """Whether the last requests got no response, so that further ones are not worth their timeout."""
        return self.without_response >= GONE_AFTER

    @property
    def is_paced(self) -> bool:
        """Whether there are rates to keep, so that requests wait for each other."""
        return self.pace is not None and self.pace.is_known

    @property
    def has_version(self) -> bool:
        """Whether the base URL ends in the version of the API, so that there is a path without it."""
        return self.base_url.endswith(VERSION)

    def without_version(self) -> Client:
        """Return a client of the same server, whose paths lack the version."""
        plain = copy.copy(self)
        plain.base_url = self.base_url.removesuffix(VERSION)
        plain.prefix = f"{self.prefix}unversioned-"
        return plain

    def hide(self, name: str, secret: str | None) -> None:
        """Redact a secret in everything that is written or printed from now on: `name` takes its place."""
        self._redactor.learn(name, secret)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _request(
        self, operation: Operation, refs: Mapping[str, str], message: Message
    ) -> httpx.Request:
        content, of_message = message.encoded()
        headers = {**self._connection.headers, **of_message}
        request = self._http.build_request(
            operation.method,
            self.base_url + operation.url_path(refs),
            params=message.query,
            content=content,
            # As bytes: a header may hold any character, whatever the server makes of it.
            headers={k.encode(): v.encode() for k, v in headers.items() if v is not None},
            extensions={"trace": _SendTime(message.release, self._clock)},
        )
        for name in (name for name, value in headers.items() if value is None):
            request.headers.pop(name, None)
        return request

    def _once(self, operation: Operation, request: httpx.Request, caller: str) -> Exchange:
        signals.raise_pending()
        received = self._response(request)
        keeps_connections = self.pace is not None
        if keeps_connections and received.is_worth_repeating and _is_repeatable(operation):
            again = self._response(request)
            # A DELETE that finds nothing may have been carried out the first time.
            gone = operation.method == "DELETE" and _status(again) == httpx.codes.NOT_FOUND
            received = received if gone else again
        with self._lock:
            exchange = self._exchange(operation, request, received, caller)
            self.without_response = self.without_response + 1 if received.response is None else 0
            for listener in self.listeners:
                listener(exchange)
        if received.response is None:
            reason = f"{exchange.label} got no response ({exchange.error})"
            raise Inconclusive(reason, exchange)
        return exchange

    def _response(self, request: httpx.Request) -> _Reception:
        response, error, closed = None, None, False
        first = self._connection.timeout
        shortest = min(SHORTEST_TIMEOUT, first)
        seconds = max(shortest, first / TIMEOUT_DIVISOR**self.without_response)
        request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()
        self._transport.bound(seconds * WHOLE_TIMEOUT)
        send_time: _SendTime = request.extensions["trace"]
        send_time.note()
        try:
            response = receive(self._http, request)
        except httpx.HTTPError as problem:
            error = f"{type(problem).__name__}: {problem}".rstrip(": ")
            closed = send_time.reuses_connection and isinstance(problem, CLOSED)
        elapsed = (self._clock.perf_counter() - send_time.ticks) * 1000
        return _Reception(response, error, send_time.sent, elapsed, closed)

    def _exchange(
        self, operation: Operation, request: httpx.Request, received: _Reception, caller: str
    ) -> Exchange:
        clean, response = self._redactor.clean, received.response
        return Exchange(
            id=f"{self.prefix}e{next(self._numbers)}",
            caller=caller,
            operation=operation,
            method=request.method,
            url=clean(str(request.url)),
            request_headers=self._redactor.clean_headers(request.headers)
            | self._connection.variables,
            request_body=clean(request.content.decode("utf-8", "replace")) or None,
            status=None if response is None else response.status_code,
            headers={} if response is None else self._redactor.clean_headers(response.headers),
            text="" if response is None else clean(response.text),
            sent=received.sent,
            milliseconds=received.milliseconds,
            error=received.error and clean(received.error),
        )


def _is_repeatable(operation: Operation) -> bool:
    """Whether a request may be sent twice; a second PATCH of a switch would be rejected for changing nothing."""
    return operation.method in REPEATABLE and not operation.entity.startswith("Switch")


def _status(received: _Reception) -> int | None:
    return None if received.response is None else received.response.status_code

"""The one HTTP client: sends, paces, guards, redacts and records every request of a run."""

from __future__ import annotations

import json as jsonlib
import time
from typing import TYPE_CHECKING, Any

import httpx

from conformance.wire.exchange import Exchange
from conformance.wire.outcomes import Inconclusive
from conformance.wire.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Operation
    from conformance.wire.guard import Guard
    from conformance.wire.redaction import Redactor

USER_AGENT = "pluralkit-conformance (+https://pypi.org/project/pluralkit-conformance/)"
TIMEOUT = 10.0  # seconds
ATTEMPTS = 5  # of one request that is throttled
LOST = 3  # requests in a row without an answer, after which the target counts as gone
NO_BODY = object()


class Client:
    """Sends requests to one base URL and tells its listeners of each exchange."""

    def __init__(self, base_url: str, *, redactor: Redactor, guard: Guard, pace: Pace | None) -> None:
        """Take the base URL (ends in /v2) and, for paced requests, the pace to keep."""
        self.base_url = base_url.rstrip("/")
        self.listeners: list[Callable[[Exchange], None]] = []
        self.guard = guard
        self.pace = pace
        self.lost = 0
        self.prefix = ""
        self._redactor = redactor
        self._count = 0
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def send(
        self,
        operation: Operation,
        refs: Mapping[str, str],
        *,
        caller: str,
        headers: Mapping[str, str | None],
        json: Any = NO_BODY,
        content: bytes | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send one request; a throttled one again, until it is answered.

        Args:
            operation: the operation of the contract.
            refs: its path parameters.
            caller: who sends it, for the record.
            headers: headers to add; None takes a default header out.
            json: the body, sent as JSON with its Content-Type.
            content: a body as bytes, instead of `json`.
            query: the query parameters.

        Raises:
            GuardError: it would write to something that is not the run's own.
            Inconclusive: no answer came, or only refusals of the rate limiter.
        """
        self.guard.check(operation, refs)
        request = self._build(operation, refs, headers, json, content, query)
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

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _build(
        self,
        operation: Operation,
        refs: Mapping[str, str],
        headers: Mapping[str, str | None],
        json: Any,
        content: bytes | None,
        query: Mapping[str, str] | None,
    ) -> httpx.Request:
        sent: dict[str, str | None] = {"User-Agent": USER_AGENT}
        if json is not NO_BODY:
            content = jsonlib.dumps(json, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers)
        request = self._http.build_request(
            operation.method,
            self.base_url + operation.url_path(**refs),
            params=query,
            content=content,
            headers={name: value for name, value in sent.items() if value is not None},
        )
        for name in (name for name, value in sent.items() if value is None):
            request.headers.pop(name, None)
        return request

    def _once(self, operation: Operation, request: httpx.Request, caller: str) -> Exchange:
        start = time.perf_counter()
        try:
            response, error = self._http.send(request), None
        except httpx.HTTPError as problem:
            response, error = None, f"{type(problem).__name__}: {problem}".rstrip(": ")
        elapsed = (time.perf_counter() - start) * 1000
        exchange = self._record(operation, request, response, caller, elapsed, error)
        if response is None:
            self.lost += 1
            reason = f"{exchange.label} got no answer ({exchange.error})"
            raise Inconclusive(reason, exchange)
        self.lost = 0
        return exchange

    def _record(
        self,
        operation: Operation,
        request: httpx.Request,
        response: httpx.Response | None,
        caller: str,
        elapsed: float,
        error: str | None,
    ) -> Exchange:
        clean = self._redactor.clean
        self._count += 1
        exchange = Exchange(
            id=f"{self.prefix}e{self._count}",
            caller=caller,
            operation=operation,
            method=request.method,
            url=clean(str(request.url)),
            request_headers=self._redactor.clean_headers(request.headers),
            request_body=clean(request.content.decode("utf-8", "replace")) or None,
            status=response.status_code if response is not None else None,
            headers=self._redactor.clean_headers(response.headers) if response is not None else {},
            text=clean(response.content.decode("utf-8", "replace")) if response is not None else "",
            milliseconds=elapsed,
            error=clean(error) if error else None,
        )
        for listener in self.listeners:
            listener(exchange)
        return exchange

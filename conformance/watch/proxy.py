"""Hands each request on to the server, and its response back, both as they are; the watcher sees them on the way."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx

from conformance.http.connection import DIRECT
from conformance.http.transport import LARGEST
from conformance.watch.request import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from conformance.watch.request import Request
    from conformance.watch.watcher import Watcher

    Pairs = list[tuple[bytes, bytes]]

TIMEOUT = (
    60.0  # seconds in which the server has to return something; the client may have less patience
)
KEPT_OPEN = 1.0  # seconds in which a connection is used again: servers close theirs after some more
# Headers about one connection, and not about the message (RFC 9110, section 7.6.1).
ONE_CONNECTION = {
    *("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"),
    *("upgrade", "expect"),
}
# The control API of the sandbox: what a test does there is no use of the API, and responses have tokens.
CONTROL = re.compile(r"/_sandbox(?![^/?])")
CHUNKED = (b"transfer-encoding", b"chunked")


class Proxy:
    """An ASGI application that stands for the server."""

    def __init__(self, watcher: Watcher) -> None:
        """Take what sees the requests, and knows the server."""
        self._watcher = watcher
        self._server = httpx.URL(watcher.subject.origin)
        is_plain = self._server.scheme == "http"
        self._transport = httpx.AsyncHTTPTransport(
            verify=False if is_plain else DIRECT.ssl_context(),
            trust_env=False,
            limits=httpx.Limits(max_connections=None, keepalive_expiry=KEPT_OPEN),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on."""
        arrived = time.monotonic()
        try:
            body = await _whole(receive)
        except ConnectionResetError:  # what was meant to follow, nobody knows
            return
        if body is None:
            await _reply(send, 413, [], b"the watch takes no body of more than 8 MiB\n")
            return
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        headers = httpx.Headers(scope["headers"])
        watcher = self._watcher
        request = watcher.request_at(arrived, scope["method"], target, headers, body)
        is_watched = not CONTROL.match(target)
        if is_watched:
            watcher.judge(request)
        try:
            status, pairs, packed = await self._send(request, scope["headers"])
        except (httpx.TransportError, httpx.InvalidURL, OSError) as problem:
            error = str(problem) or type(problem).__name__
            nothing = Response(time.monotonic(), None, httpx.Headers(), "", error)
            if is_watched:
                watcher.returned(request, nothing)
            line = f"{watcher.subject.base_url} behind the watch is not reached: {error}"
            await _reply(send, 502, [(b"content-type", b"text/plain")], f"{line}\n".encode())
            return
        returned = time.monotonic()
        if is_watched:
            text = _unpacked(pairs, packed)
            watcher.returned(request, Response(returned, status, httpx.Headers(pairs), text))
        await _reply(send, status, pairs, packed)

    async def _send(self, request: Request, headers: Pairs) -> tuple[int, Pairs, bytes]:
        """Send a request; return status, headers and the body as it came."""
        is_chunked = "transfer-encoding" in request.headers
        host = self._server.netloc
        sent = [(b"host", host), *_of_message(headers, b"host")]
        outgoing = httpx.Request(
            request.method,
            self._server,
            headers=[*sent, *([CHUNKED] if is_chunked else [])],
            stream=httpx.ByteStream(request.body),
            extensions={
                "target": request.target.encode("latin-1"),
                "timeout": httpx.Timeout(TIMEOUT).as_dict(),
            },
        )
        response = await self._transport.handle_async_request(outgoing)
        try:
            packed = b"".join([part async for part in response.aiter_raw()])
        finally:
            await response.aclose()
        return response.status_code, _of_message(response.headers.raw), packed

    async def close(self) -> None:
        """Close the connections to the server."""
        await self._transport.aclose()


async def _whole(receive: Receive) -> bytes | None:
    """Return the body of a request; None for one that is too large.

    Raises:
        ConnectionResetError: the client went away before its end.

    """
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ConnectionResetError
        body += event.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not event.get("more_body", False):
            return bytes(body)


def _of_message(headers: Pairs, *others: bytes) -> Pairs:
    """Return the headers that are handed on, as they were written."""
    named = {
        one.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for one in value.split(b",")
    }
    left_out = named | {name.encode() for name in ONE_CONNECTION} | set(others)
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def _unpacked(pairs: Pairs, packed: bytes) -> str:
    """Return the body of a response as text; what cannot be unpacked stays as it is."""
    response = httpx.Response(200, headers=pairs, stream=httpx.ByteStream(packed))
    try:
        content = response.read()
    except httpx.DecodingError:
        content = packed
    return content.decode("utf-8", "backslashreplace")


async def _reply(send: Send, status: int, pairs: Pairs, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})

"""Freedoms: how answers travel. What puts the body of an answer into another form stands last."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from conformance.reference.steps import wrap
from conformance.reference.variations.registry import variation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_PIECE = 100  # bytes
_MORE_HEADERS = {
    "x-pluralkit-version": "unknown",
    "set-cookie": "visitor=1; Path=/; HttpOnly",
    "strict-transport-security": "max-age=31536000",
    "etag": 'W/"1"',
    "vary": "Origin, Accept-Encoding",
    "via": "1.1 somebody",
}


@variation
def sends_more_headers(server: Server) -> None:
    """Answers carry headers that the docs do not name, and a cookie."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        told: Response = original(call, response)
        for name, value in _MORE_HEADERS.items():
            told.headers[name] = value
        return told

    wrap(server, "finish", finish)


@variation
def labels_empty_answers(server: Server) -> None:
    """An answer without content has a Content-Type all the same."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        told: Response = original(call, response)
        if not told.body:
            told.headers.setdefault("content-type", "application/json")
        return told

    wrap(server, "finish", finish)


@variation
def compresses_answers(server: Server) -> None:
    """Bodies are sent gzipped."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        told: Response = original(call, response)
        if told.body:
            told.body = gzip.compress(bytes(told.body))
            told.headers["content-encoding"] = "gzip"
            told.headers["content-length"] = str(len(told.body))
        return told

    wrap(server, "finish", finish)


@variation
def sends_pieces(server: Server) -> None:
    """Bodies are sent in chunks, and nobody tells how long they are."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        told: Response = original(call, response)
        if not told.body:
            return told
        whole = StreamingResponse(_pieces(bytes(told.body)), told.status_code)
        whole.raw_headers = [row for row in told.raw_headers if row[0] != b"content-length"]
        return whole

    wrap(server, "finish", finish)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]

"""Allowed variations: how responses are sent. Those that change the form of the body are applied last."""

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
    """Responses carry headers that the docs do not name, and a cookie."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        returned: Response = original(call, response)
        for name, value in _MORE_HEADERS.items():
            returned.headers[name] = value
        return returned

    wrap(server, "finish", finish)


@variation
def sends_content_type_without_content(server: Server) -> None:
    """A response without content has a Content-Type all the same."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        returned: Response = original(call, response)
        if not returned.body:
            returned.headers.setdefault("content-type", "application/json")
        return returned

    wrap(server, "finish", finish)


@variation
def compresses_responses(server: Server) -> None:
    """Bodies are sent gzipped."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        returned: Response = original(call, response)
        if returned.body:
            returned.body = gzip.compress(bytes(returned.body))
            returned.headers["content-encoding"] = "gzip"
            returned.headers["content-length"] = str(len(returned.body))
        return returned

    wrap(server, "finish", finish)


@variation
def sends_chunks(server: Server) -> None:
    """Bodies are sent in chunks, without Content-Length."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        returned: Response = original(call, response)
        if not returned.body:
            return returned
        whole = StreamingResponse(_pieces(bytes(returned.body)), returned.status_code)
        whole.raw_headers = [row for row in returned.raw_headers if row[0] != b"content-length"]
        return whole

    wrap(server, "finish", finish)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]

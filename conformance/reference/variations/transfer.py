"""Allowed variations: how responses are sent. Those that change the form of the body are applied last."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from conformance.reference.variations.registry import variation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

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


@variation(step="finish")
def sends_more_headers(original: Original, call: Call, response: Response) -> Response:
    """Responses carry headers that the docs do not name, and a cookie."""
    returned: Response = original(call, response)
    for name, value in _MORE_HEADERS.items():
        returned.headers[name] = value
    return returned


@variation(step="finish")
def sends_content_type_without_content(
    original: Original, call: Call, response: Response
) -> Response:
    """A response without content has a Content-Type all the same."""
    returned: Response = original(call, response)
    if not returned.body:
        returned.headers.setdefault("content-type", "application/json")
    return returned


@variation(step="finish")
def compresses_responses(original: Original, call: Call, response: Response) -> Response:
    """Bodies are sent gzipped."""
    returned: Response = original(call, response)
    if returned.body:
        returned.body = gzip.compress(bytes(returned.body))
        returned.headers["content-encoding"] = "gzip"
        returned.headers["content-length"] = str(len(returned.body))
    return returned


@variation(step="finish")
def sends_chunks(original: Original, call: Call, response: Response) -> Response:
    """Bodies are sent in chunks, without Content-Length."""
    returned: Response = original(call, response)
    if not returned.body:
        return returned
    whole = StreamingResponse(_pieces(bytes(returned.body)), returned.status_code)
    whole.raw_headers = [row for row in returned.raw_headers if row[0] != b"content-length"]
    return whole


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]

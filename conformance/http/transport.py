"""The connections of the client: a bound for the time and the size of each whole response, packed and unpacked.

httpx bounds the time between two reads alone, so that a server which sends one byte a second would hold a run for hours.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from conformance.http.connection import Connection

LARGEST = 8 * 2**20  # bytes of one response


@dataclasses.dataclass(frozen=True)
class Received:
    """A whole response, with its body unpacked."""

    status_code: int
    headers: httpx.Headers
    content: bytes

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8, and so no JSON, stands as an escape that JSON does not have."""
        return self.content.decode("utf-8", "backslashreplace")


def receive(http: httpx.Client, request: httpx.Request) -> Received:
    """Send a request, and return the response; raises an error of httpx for one that is too large once it is unpacked."""
    response = http.send(request, stream=True)
    try:
        if "," in response.headers.get("content-encoding", ""):
            message = "the response is packed more than once"
            raise httpx.DecodingError(message, request=request)
        content = bytearray()
        for part in response.iter_bytes():
            content += part
            if len(content) > LARGEST:
                message = f"the response has more than {LARGEST} bytes"
                raise httpx.DecodingError(message, request=request)
    finally:
        response.close()
    return Received(response.status_code, response.headers, bytes(content))


class _Bounds(threading.local):
    """What is left for the response that this thread waits for."""

    until = float("inf")
    bytes_left = LARGEST


class BoundedTransport(httpx.HTTPTransport):
    """The transport of httpx; a response that takes too long as a whole, or is too large, raises an error of httpx."""

    def __init__(self, connection: Connection, *, is_plain: bool, limits: httpx.Limits) -> None:
        """Take how the server is reached; `is_plain` says that it has no certificate."""
        proxy = connection.transport_proxy()
        # Certificates take long to load.
        verify = False if is_plain and proxy is None else connection.ssl_context()
        super().__init__(verify=verify, trust_env=False, limits=limits, proxy=proxy)
        self._bounds = _Bounds()
        # httpx has no option for it; `tests/http/test_transport.py` shows when this attribute is no longer used.
        self._pool._network_backend = _Backend(self._bounds)  # noqa: SLF001

    def bound(self, seconds: float) -> None:
        """Give the next request of this thread so many seconds for its whole response."""
        self._bounds.until = time.monotonic() + seconds
        self._bounds.bytes_left = LARGEST


class _Backend(httpcore.NetworkBackend):
    """Opens connections whose reads keep the bounds."""

    def __init__(self, bounds: _Bounds) -> None:
        self._bounds, self._backend = bounds, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._bounds)


class _Stream(httpcore.NetworkStream):
    """A connection whose reads keep the bounds of the thread that reads."""

    def __init__(self, stream: httpcore.NetworkStream, bounds: _Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._bounds.until - time.monotonic()
        if left <= 0:
            message = "the response did not end in time"
            raise httpcore.ReadTimeout(message)
        data = self._stream.read(max_bytes, left if timeout is None else min(timeout, left))
        self._bounds.bytes_left -= len(data)
        if self._bounds.bytes_left < 0:
            message = f"the response has more than {LARGEST} bytes"
            raise httpcore.ReadError(message)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

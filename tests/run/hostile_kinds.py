"""Kinds of hostile responses, as the bytes that a server sends. When they are sent is in `hostile_front`."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import time
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Make = Callable[["Asked"], Iterable[bytes]]

RESET = b"<reset>"  # closes the connection at once, in place of bytes
ESCAPES = "\x1b[2J\x1b]0;title\x07\u202e\u2066\x9b31m"
MEGABYTE = 2**20


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a kind knows of the request that it answers: the token, and the genuine response to it."""

    token: str
    method: str
    status: int
    body: bytes
    host: str


KINDS: dict[str, Make] = {}
HARMLESS: set[str] = set()
"""Kinds whose responses are what the docs ask for, or say nothing about: with them a run may be conformant."""


def kind(make: Make) -> Make:
    """Register a kind under the name of its function, with dashes."""
    KINDS[make.__name__.strip("_").replace("_", "-")] = make
    return make


def harmless(make: Make) -> Make:
    """Note that with this kind a run may be conformant; it is registered as well."""
    HARMLESS.add(make.__name__.strip("_").replace("_", "-"))
    return kind(make)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return a status line with these headers, and those of a JSON body."""
    rows = (f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *lines)
    return "".join(f"{row}\r\n" for row in (*rows, "")).encode("utf-8", "surrogateescape")


def sized(body: bytes, *lines: str, status: str = "200 OK") -> list[bytes]:
    """Return a whole response with this body."""
    return [head(f"Content-Length: {len(body)}", *lines, status=status), body]


def genuine(asked: Asked, *lines: str) -> list[bytes]:
    """Return the response that the server behind would give, with more headers."""
    if asked.status == 204:
        return [head(*lines, status="204 No Content")]
    return sized(asked.body, *lines, status=f"{asked.status} Whatever")


def slowly(data: bytes) -> Iterator[bytes]:
    """Yield a byte a second."""
    for byte in data:
        yield bytes([byte])
        time.sleep(1)


@kind
def _empty_reply(_: Asked) -> Iterable[bytes]:
    return []


@kind
def _reset(_: Asked) -> Iterable[bytes]:
    return [RESET]


@kind
def _half_a_status_line(_: Asked) -> Iterable[bytes]:
    return [b"HTTP/1."]


@kind
def _garbage(_: Asked) -> Iterable[bytes]:
    return [bytes(range(256)) * 8]


@harmless
def _huge_headers(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, "X-Huge: " + "h" * 2 * MEGABYTE)


@harmless
def _ten_thousand_headers(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, *(f"X-{number}: value" for number in range(10_000)))


@kind
def _header_without_colon(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, "no colon in here")


@harmless
def _header_with_escapes(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, f"X-Odd: {ESCAPES}", f"X-RateLimit-Scope: {ESCAPES}")


@kind
def _header_with_nul(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, "X-Odd: a\0b")


@kind
def _endless_continue(_: Asked) -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 100


@kind
def _slow_body(asked: Asked) -> Iterator[bytes]:
    yield head("Content-Length: 1000")
    yield from slowly(asked.body or b"{}" * 500)


@kind
def _slow_headers(_: Asked) -> Iterator[bytes]:
    yield from slowly(head())


@kind
def _endless_chunks(_: Asked) -> Iterator[bytes]:
    yield head("Transfer-Encoding: chunked")
    while True:
        yield b"10000\r\n" + b"[" * 0x10000 + b"\r\n"


@kind
def _body_of_100_megabytes(_: Asked) -> Iterator[bytes]:
    yield head(f"Content-Length: {100 * MEGABYTE + 2}")
    yield b'"'
    for _number in range(100):
        yield b"a" * MEGABYTE
    yield b'"'


@kind
def _body_of_8_megabytes(_: Asked) -> Iterator[bytes]:
    yield head(f"Content-Length: {8 * MEGABYTE - 1000}")
    yield b"[" + b"0," * (4 * MEGABYTE - 501) + b"0"
    yield b"]"


@kind
def _length_too_long(asked: Asked) -> Iterable[bytes]:
    return [head(f"Content-Length: {len(asked.body) + 10}"), asked.body]


@kind
def _length_too_short(_: Asked) -> Iterable[bytes]:
    return [head("Content-Length: 3"), b'{"id": "abcde"}']


@kind
def _bad_chunk_sizes(_: Asked) -> Iterable[bytes]:
    return [head("Transfer-Encoding: chunked"), b"zz\r\n{}\r\n-1\r\n\r\n"]


@kind
def _gzip_bomb(_: Asked) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield head("Content-Encoding: gzip")
    for _number in range(1024):
        yield packer.compress(b" " * MEGABYTE)
    yield packer.flush()


@kind
def _nested_gzip_bomb(_: Asked) -> Iterable[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join([*(packer.compress(b" " * MEGABYTE) for _ in range(512)), packer.flush()])
    return sized(gzip.compress(packed), "Content-Encoding: gzip, gzip")


@kind
def _broken_gzip(_: Asked) -> Iterable[bytes]:
    return sized(gzip.compress(b"{}")[:-6] + b"broken", "Content-Encoding: gzip")


@harmless
def _unknown_encoding(asked: Asked) -> Iterable[bytes]:
    return genuine(asked, "Content-Encoding: rot13")


@kind
def _two_lengths(asked: Asked) -> Iterable[bytes]:
    return [head(f"Content-Length: {len(asked.body)}", "Content-Length: 1"), asked.body]


@kind
def _http_0_9(asked: Asked) -> Iterable[bytes]:
    return [asked.body or b"{}"]


@kind
def _http_2_preface(_: Asked) -> Iterable[bytes]:
    return [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\4\0\0\0\0\0"]


@kind
def _status_999(_: Asked) -> Iterable[bytes]:
    return sized(b"{}", status="999 Odd")


@kind
def _status_000(_: Asked) -> Iterable[bytes]:
    return sized(b"{}", status="000 Odd")


@harmless
def _status_without_reason(asked: Asked) -> Iterable[bytes]:
    return [
        sized(asked.body, status=f"{asked.status} ")[0].replace(b" \r\n", b"\r\n", 1),
        asked.body,
    ]


@kind
def _status_204_with_body(_: Asked) -> Iterable[bytes]:
    return sized(b'{"id": "abcde"}', status="204 No Content")


@kind
def _status_304(_: Asked) -> Iterable[bytes]:
    return [head(status="304 Not Modified")]


@kind
def _redirect_loop(asked: Asked) -> Iterable[bytes]:
    return sized(b"", f"Location: http://{asked.host}/v2/systems/@me", status="301 Moved")


@kind
def _redirect_to_another_host(asked: Asked) -> Iterable[bytes]:
    where = f"Location: http://localhost:{asked.host.rpartition(':')[2]}/elsewhere?{ESCAPES}"
    return sized(b"", where, status="301 Moved")


@kind
def _unauthorized(_: Asked) -> Iterable[bytes]:
    return sized(b'{"message": "401: no", "code": 0}', status="401 Unauthorized")


@kind
def _throttled_for_ever(_: Asked) -> Iterable[bytes]:
    body = json.dumps({"message": "slow", "retry_after": 10**400, "code": 0}).encode()
    reset = f"X-RateLimit-Reset: {'9' * 400}"
    return sized(body, reset, "X-RateLimit-Limit: " + "9" * 30, status="429 Slow")


@kind
def _throttled_below_zero(_: Asked) -> Iterable[bytes]:
    body = b'{"message": "slow", "retry_after": -5000, "code": 0}'
    return sized(body, "X-RateLimit-Limit: -2", "X-RateLimit-Reset: -9", status="429 Slow")


@kind
def _throttled_in_words(_: Asked) -> Iterable[bytes]:
    body = b'{"message": "slow", "retry_after": "later", "code": 0}'
    odd = ("X-RateLimit-Limit: \u00b2\u0663", "X-RateLimit-Reset: \u00b2", "Retry-After: later")
    return sized(body, *odd, status="429 Slow")


@kind
def _unavailable(_: Asked) -> Iterable[bytes]:
    return sized(b"busy", status="503 Service Unavailable")


@kind
def _kept_open(_: Asked) -> Iterator[bytes]:
    time.sleep(60)
    yield b""


@kind
def _token_in_header(asked: Asked) -> Iterable[bytes]:
    found = (asked.token, asked.token[::-1], base64.b64encode(asked.token.encode()).decode())
    return sized(
        b"[]",
        *(f"X-Seen-{n}: {one}" for n, one in enumerate((*found, quote(asked.token, safe="")))),
    )

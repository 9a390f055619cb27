"""A request as the handlers see it, read once from the connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope

    from conformance.reference.entities import System
    from conformance.reference.routing import Operation

_METHODS_WITH_BODY = ("POST", "PATCH")


@dataclass
class Call:
    """A request; ``operation`` and ``params`` are set by routing, ``caller`` by the token.

    A header that was not sent is None, unlike one that is empty. Of a parameter that is repeated ``query`` has the last value,
    ``parameters`` all of them. ``notes`` are of steps that are not of the API, like a log.
    """

    method: str
    path: str
    client: str
    forwarded_for: str | None
    user_agent: str | None
    token: str | None
    content_type: str | None
    query: dict[str, str]
    body: bytes
    operation: Operation | None = None
    params: dict[str, str] = field(default_factory=dict)
    caller: System | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    headers: Sequence[tuple[bytes, bytes]] = ()
    notes: dict[str, Any] = field(default_factory=dict)


async def read_call(scope: Scope, receive: Receive) -> Call:
    """Return the request; the body is only read where one is expected."""
    headers = dict(scope["headers"])
    method = scope["method"]
    query = scope["query_string"].decode("latin-1")
    parameters = tuple(parse_qsl(query, keep_blank_values=True)) if query else ()
    return Call(
        method=method,
        path=scope["path"],
        client=scope["client"][0] if scope["client"] else "",
        forwarded_for=_text(headers, b"x-forwarded-for"),
        user_agent=_text(headers, b"user-agent"),
        token=_text(headers, b"authorization"),
        content_type=_text(headers, b"content-type"),
        query=dict(parameters),
        body=await Request(scope, receive).body() if method in _METHODS_WITH_BODY else b"",
        parameters=parameters,
        headers=scope["headers"],
    )


def _text(headers: dict[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1").strip()

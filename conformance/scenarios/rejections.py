"""Records the rejections of a run, for the checks of all of them."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

if TYPE_CHECKING:
    from conformance.http import Exchange

TOO_MANY, WRONG_METHOD, NOT_FOUND = 429, 405, 404
PROBLEM = "application/problem+json"
HAS_FORM = re.compile("@me|[a-z]{5,6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclasses.dataclass
class Rejections:
    """The rejections (4xx) of the run by operation: the first with each status and code that is from a framework or not, for refs that name nothing or others."""

    by_operation: dict[str, dict[tuple[object, ...], Exchange]] = dataclasses.field(
        default_factory=dict
    )

    def see(self, exchange: Exchange) -> None:
        """Record an exchange, if it is a rejection of what the request asks for."""
        status = exchange.status
        if status is None or not httpx.codes.is_client_error(status) or status == TOO_MANY:
            return
        # Without a User-Agent, or without the version in its path, it is no request of the API.
        path, headers = exchange.operation.path.partition("{")[0], exchange.request_headers
        # A token outside ASCII may be rejected by a proxy before the server.
        readable = headers.get("authorization", "").isascii()
        if readable and headers.get("user-agent") and f"/v2{path}" in exchange.url:
            code = exchange.json.get("code") if isinstance(exchange.json, dict) else None
            kind = status, str(code), is_of_a_framework(exchange), names_nothing(exchange)
            self.by_operation.setdefault(exchange.operation.id, {}).setdefault(kind, exchange)


def is_of_a_framework(exchange: Exchange) -> bool:
    """Whether a response is a problem document, or without content, as a framework returns before any handler."""
    empty = exchange.status == WRONG_METHOD and not exchange.text
    return empty or exchange.media_type == PROBLEM


def names_nothing(exchange: Exchange) -> bool:
    """Whether a path in which all refs have a form was not found: then a handler looked for what they name, and has a code."""
    pattern = exchange.operation.path.strip("/").split("/")
    path = urlsplit(exchange.url).path.split("/")[-len(pattern) :]
    refs = [ref for name, ref in zip(pattern, path, strict=True) if name.startswith("{")]
    return exchange.status == NOT_FOUND and all(map(HAS_FORM.fullmatch, refs))

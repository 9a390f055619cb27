"""An exchange as a curl command that repeats it. Nothing is sent from here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.shell import word

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_HEADERS = {"host", "connection", "content-length", "accept-encoding"}
_OWN_ACCEPT = ("accept", "*/*")


def curl(exchange: Mapping[str, Any], *options: str) -> str:
    """Return one shell line that repeats the request, with these options of curl; tokens stay shell variables."""
    words = ["curl", *options, *_method(exchange["method"])]
    if re.search(r"[][{}]", exchange["url"]):
        words.append("--globoff")
    words.append(word(exchange["url"]))
    for header in _headers(exchange["request"]):
        words += ["-H", word(header)]
    if exchange["request"]["body"] is not None:
        words += ["--data-raw", word(exchange["request"]["body"])]
    return " ".join(words)


def _method(method: str) -> list[str]:
    return {"GET": [], "HEAD": ["--head"]}.get(method, ["-X", word(method)])


def _headers(request: Mapping[str, Any]) -> list[str]:
    """Return the -H arguments, without those that curl works out itself."""
    headers = request["headers"]
    lines = [
        f"{name}: {value}" if value else f"{name};"
        for name, value in headers.items()
        if name.lower() not in _OWN_HEADERS and (name.lower(), value) != _OWN_ACCEPT
    ]
    if request["body"] is not None and "content-type" not in map(str.lower, headers):
        lines.append("Content-Type:")  # keeps curl from adding its form type
    if "user-agent" not in map(str.lower, headers):
        lines.append("User-Agent:")  # keeps curl from naming itself
    return lines

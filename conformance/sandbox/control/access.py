"""Who may use the control API: programs of this machine, and pages of the sandbox itself.

A browser also sends requests for pages of other origins. They are kept out by three rules: the Host is a loopback name (a page
can give any name of its own a loopback address), an Origin is that of the sandbox, and a body is declared as JSON.
"""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from starlette.datastructures import Headers


def is_loopback(host: str) -> bool:
    """Whether a name or address leads to this machine and no further."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(headers: Headers, *, is_local: bool) -> None:
    """Reject a request that a page of another origin may have sent; one that listens for other machines has any name."""
    host = headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if is_local and not is_loopback(name):
        message = f"Host: '{host}' is no loopback address; use 127.0.0.1 or localhost"
        raise Wrong(message, HTTPStatus.FORBIDDEN)
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        message = f"Origin: '{origin}' is another one; pages of other origins cannot use this"
        raise Wrong(message, HTTPStatus.FORBIDDEN)

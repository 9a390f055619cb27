"""The command line options that name the target, and say how it is reached; in a target file their keys are called alike."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    *("base_url", "token", "other_token", "revision", "target", "name", "allow_existing"),
    *("ca_file", "client_cert", "client_key", "insecure", "proxy", "header", "timeout"),
    *("profile", "known_failures"),
)
LONGEST_TIMEOUT = 3600  # seconds


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT:
        message = f"{text!r} is no time to wait: give seconds, up to {LONGEST_TIMEOUT}"
        raise argparse.ArgumentTypeError(message)
    return seconds


def add_target(add: Callable[..., object]) -> None:
    """Add, by a function like `ArgumentParser.add_argument`, where the target is and how it is reached."""
    add(
        "--base-url",
        metavar="URL",
        help="base URL of the API, up to and including /v2 (default: that of the target file)",
    )
    add("--token", help="token of the system under test (default: PK_TOKEN)")
    add(
        "--target",
        metavar="FILE",
        help="target file (TOML) that describes the target (default: none)",
    )
    add(
        "--ca-file",
        metavar="PEM",
        help="authority of the server's certificate (default: SSL_CERT_FILE, or those of this machine)",
    )
    add("--client-cert", metavar="PEM", help="certificate that the server asks for (default: none)")
    add("--client-key", metavar="PEM", help="its key (default: in the same file)")
    add("--insecure", action="store_true", help="take any certificate of the server")
    add(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        help="wait so long for each part of a response, and twice as long for all of it (default: 10)",
    )
    add("--proxy", metavar="URL", help="send all requests by this proxy (default: none)")
    add(
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        help="header that every request carries (repeatable; default: none); its value is not written anywhere",
    )

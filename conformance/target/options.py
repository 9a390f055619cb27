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
    add("--base-url", metavar="URL", help="base URL of the API, up to and including /v2")
    add("--token", help="token of the system under test (also PK_TOKEN)")
    add("--target", metavar="FILE", help="target description (TOML)")
    add(
        "--ca-file",
        metavar="PEM",
        help="authority of the server's certificate (also SSL_CERT_FILE)",
    )
    add("--client-cert", metavar="PEM", help="certificate that the server asks for")
    add("--client-key", metavar="PEM", help="its key, if it is in another file")
    add("--insecure", action="store_true", help="take any certificate of the server")
    add(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        help="wait so long for each part of a response, and twice as long for all of it (10)",
    )
    add("--proxy", metavar="URL", help="send all requests by this proxy")
    add(
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        help="header that every request carries (repeatable); its value is not written anywhere",
    )

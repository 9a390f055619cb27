"""The options of the commands that serve the reference server: `serve`, and `sandbox`, which has the same and more on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from conformance.reference.rate_limiter.options import add_limits
from conformance.reference.revisions import NEWEST, REVISIONS

_LAST_PORT = 65535
NAMES = {
    "docs": "reference",
    "upstream": "reference-like-upstream",
    "earlier-upstream": "reference-like-upstream",
}


class UsageError(Exception):
    """The command cannot be carried out; the message is one line for the user."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


_DESCRIPTIONS = {
    "serve": "Serve the reference server: PluralKit API v2 in memory.",
    "sandbox": "Serve PluralKit API v2 for authors of clients: two systems with their tokens, and a control API.",
}


def parser(verb: str) -> argparse.ArgumentParser:
    """Return what reads the options of a command; it raises UsageError for wrong ones."""
    options = _Parser(prog=f"python -m conformance {verb}", description=_DESCRIPTIONS[verb])
    options.set_defaults(verb=verb)
    _add_address(options)
    _add_control(options, is_on=verb == "sandbox")
    _add_behaviour(options)
    _add_output(options, is_sandbox=verb == "sandbox")
    return options


def _add_address(options: argparse.ArgumentParser) -> None:
    options.add_argument("--host", default="127.0.0.1", help="address to listen on")
    options.add_argument(
        "--port",
        type=_port,
        default=8000,
        help="port to listen on (default 8000); 0 chooses a free one",
    )


def _add_control(options: argparse.ArgumentParser, *, is_on: bool) -> None:
    group = options.add_argument_group(
        "control API", "what docs/sandbox.md describes, under /_sandbox"
    )
    group.set_defaults(control=is_on)
    if not is_on:
        group.add_argument("--control", action="store_true", help="have it")
    group.add_argument(
        "--allow-remote",
        action="store_true",
        help="let other machines use it, when --host is no loopback address",
    )


def _add_behaviour(options: argparse.ArgumentParser) -> None:
    options.add_argument("--revision", choices=list(REVISIONS), default=NEWEST.name)
    options.add_argument(
        "--rate-limit",
        choices=["documented", "off"],
        help="whether to limit rates (default: as the docs of the revision say)",
    )
    options.add_argument(
        "--rate-limit-port",
        type=_port,
        metavar="N",
        help="port of a second instance that limits rates and has its own data",
    )
    add_limits(options)
    options.add_argument("--seed", type=int, help="ids and tokens are made from it (default 0)")
    options.add_argument(
        "--filled",
        action="store_true",
        help="let the system under test hold members, groups, switches and settings",
    )
    options.add_argument(
        "--data",
        type=Path,
        metavar="EXPORT.json",
        help="load what `pk;export` of PluralKit gave you into the first system",
    )
    options.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="keep all data in this file across restarts (default: in memory alone)",
    )
    options.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="violate a requirement by this fault; repeatable",
    )
    options.add_argument("--list-faults", action="store_true", help="list the faults and exit")
    options.add_argument(
        "--like",
        choices=list(NAMES),
        default="docs",
        help="behave as the docs say (default), or with all known deviations of PluralKit production: of its newest code, or of that of 2025-08-07",
    )
    options.add_argument(
        "--deviation",
        action="append",
        default=[],
        metavar="NAME",
        help="apply this known deviation of PluralKit production; repeatable",
    )
    options.add_argument(
        "--list-deviations", action="store_true", help="list the known deviations and exit"
    )
    options.add_argument(
        "--variation",
        action="append",
        default=[],
        metavar="NAME",
        help="apply this allowed variation, or all; repeatable",
    )
    options.add_argument(
        "--list-variations",
        action="store_true",
        help="list the allowed variations and exit",
    )


def _add_output(options: argparse.ArgumentParser, *, is_sandbox: bool) -> None:
    options.set_defaults(json=False)
    if is_sandbox:
        options.add_argument(
            "--json",
            action="store_true",
            help="once it serves, print a line of JSON with URLs, tokens and ids, and nothing else",
        )
    options.add_argument(
        "--target-file",
        type=Path,
        metavar="OUT.toml",
        help="write a target file with tokens and fixtures",
    )
    options.add_argument(
        "--request-log",
        type=Path,
        metavar="OUT.jsonl",
        help="write a line for each request to this file",
    )
    options.add_argument("--show-tokens", action="store_true", help="print the system tokens")
    options.add_argument("--quiet", action="store_true", help="print nothing but errors")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        message = f"'{text}' is no port"
        raise argparse.ArgumentTypeError(message)
    return int(text)

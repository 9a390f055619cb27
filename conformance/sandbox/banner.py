"""What a command prints once it serves: for `serve` the URLs and whose systems, for `sandbox` all that a client needs."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from conformance.reference.routing import BASE_PATH
from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.details import details
from conformance.sandbox.servers import CODES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from conformance.reference.application import Server
    from conformance.reference.entities import System

_DEVIATES = "with the known deviations of PluralKit production"


def lines(options: argparse.Namespace, server: Server, urls: Sequence[str]) -> list[str]:
    """Return the lines; ``urls`` are the base URLs of all instances."""
    if options.json:
        return [json.dumps(dataclasses.asdict(details(server, _origin(urls))))]
    made = _sandbox_lines if options.verb == "sandbox" else _served_lines
    return made(options, server, urls)


def _served_lines(options: argparse.Namespace, server: Server, urls: Sequence[str]) -> list[str]:
    first, second = server.seeded.first, server.seeded.second
    shown = [
        f"serving PluralKit API v2 (revision {options.revision}) at {urls[0]}",
        *([_DEVIATES] if options.like in CODES else []),
        *(f"rate limits at {url}" for url in urls[1:]),
        f"system under test: {first.short_id}",
        f"other system: {second.short_id}",
    ]
    if options.show_tokens:
        return [*shown, f"token: {first.token}", f"other token: {second.token}"]
    if options.target_file:
        return [*shown, f"tokens are in {options.target_file}"]
    return [*shown, "tokens: use --target-file OUT.toml or --show-tokens"]


def _sandbox_lines(options: argparse.Namespace, server: Server, urls: Sequence[str]) -> list[str]:
    seeded = server.seeded
    return [
        f"sandbox of PluralKit API v2 (revision {options.revision}) at {urls[0]}",
        *([_DEVIATES] if options.like in CODES else []),
        *(f"rate limits at {url}" for url in urls[1:]),
        *_system_lines("first system ", seeded.first),
        *_system_lines("second system", seeded.second),
        f"guild of both  {seeded.guild_id}",
        f"message        {seeded.message_id} (original {seeded.original_message_id})",
        f"message of a deleted member {seeded.deleted_message_id}",
        f"page           {_origin(urls)}/",
        f"control API    {_origin(urls)}{CONTROL_PATH}, described in docs/sandbox.md",
        "The tokens are of this sandbox alone. Ctrl-C stops it.",
    ]


def _origin(urls: Sequence[str]) -> str:
    return urls[0].removesuffix(BASE_PATH)


def _system_lines(title: str, system: System) -> list[str]:
    accounts = ", ".join(system.accounts)
    return [
        f"{title}  {system.fields['name']}: id {system.short_id}, account {accounts}",
        f"        token  {system.token}",
    ]

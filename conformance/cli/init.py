"""`init`: writes a commented target file from what a server shows. It only reads; tokens stay in environment variables."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.arguments import USAGE, Parser
from conformance.cli.options import take_tokens
from conformance.contract import load
from conformance.http import Caller, Redactor
from conformance.run.connections import client_of, pace
from conformance.target import ConfigurationError, PreflightError, describe
from conformance.target.options import add_target
from conformance.target.sighting import look
from conformance.target.sketch import sketch

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from conformance.target import Target
    from conformance.target.sighting import Sighting

VERSION = "/v2"


def main(arguments: Sequence[str]) -> int:
    """Write the file; return 0, or 4 for bad input and for a server that cannot be reached."""
    words, environment = take_tokens(arguments, os.environ)
    options = _parser().parse_args(words)
    try:
        target = describe(vars(options) | {"base_url": _base_url(options)}, environment)
        text = sketch(_look(target))
        _write(options.output, text, replace=options.force)
    except (ConfigurationError, PreflightError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return USAGE
    sys.stdout.write(f"wrote {options.output}: read it, then `run --target {options.output}`\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance init",
        description="Write a commented target file from what a server shows; tokens are read from PK_TOKEN and PK_OTHER_TOKEN.",
    )
    parser.add_argument("url", metavar="URL", help="base URL of the API, up to and including /v2")
    parser.add_argument("--output", metavar="FILE", type=Path, default=Path("target.toml"))
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    add_target(parser.add_argument)
    return parser


def _base_url(options: argparse.Namespace) -> str:
    plain = str(options.url).rstrip("/")
    return plain if plain.endswith(VERSION) else plain + VERSION


def _look(target: Target) -> Sighting:
    contract = load(target.revision)
    client = client_of(target, Redactor(target.secrets), pace(target, contract, None))
    try:
        tokens = {"owner": target.token, "other": target.other_token, "anonymous": None}
        return look(target, {name: Caller(name, contract, client, tokens[name]) for name in tokens})
    finally:
        client.close()


def _write(file: Path, text: str, *, replace: bool) -> None:
    try:
        with file.open("w" if replace else "x", encoding="utf-8") as output:
            output.write(text)
    except FileExistsError:
        message = f"{str(file)!r} exists: name another by --output, or replace it by --force"
        raise ConfigurationError(message) from None
    except OSError as problem:
        message = f"cannot write {str(file)!r}: {problem.strerror}"
        raise ConfigurationError(message) from None

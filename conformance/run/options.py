"""The command line options of a run, in the groups in which `--help` shows them, but for how its target is reached."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from conformance.properties.budget import DEFAULT, EFFORTS
from conformance.run import selection
from conformance.target.options import add_target
from conformance.target.profiles import PROFILES

if TYPE_CHECKING:
    import pytest

GROUPS = ("target", "selection", "pace", "verdict", "output")
"""The names of the groups, in the order of `--help`; a parser of pytest or of argparse gets one by each name."""


def add_all(parser: pytest.Parser) -> None:
    """Add every option of a run, in its group."""
    adding = (_add_target, _add_selection, _add_pace, _add_verdict, _add_output)
    for name, add in zip(GROUPS, adding, strict=True):
        add(parser.getgroup(f"conformance {name}", name).addoption)


def _add_target(add: Any) -> None:
    add_target(add)
    add("--other-token", help="token of another system (default: PK_OTHER_TOKEN, or none)")
    add("--name", help="name of the target, for its report folder (default: from its address)")
    add(
        "--allow-existing",
        metavar="SYSTEM_ID",
        action="append",
        help="write to this system although it holds members, groups or switches (default: none)",
    )
    add(
        "--skip-preflight",
        action="store_true",
        help="run although the target does not look like the API, or its system is not empty",
    )


def _add_selection(add: Any) -> None:
    add("--revision", help="revision of the docs to check against (default: that of the target)")
    add(
        "--profile",
        choices=[*PROFILES, *EFFORTS],
        metavar="{" + ",".join(PROFILES) + "}",
        help="what is sent: nothing with a token (anonymous), only reads, or all (default: the most that the tokens allow)",
    )
    selection.add_options(add)
    add(
        "--effort",
        choices=list(EFFORTS),
        default=DEFAULT,
        help=f"how many requests the generated checks send (default: {DEFAULT})",
    )
    add(
        "--budget",
        type=int,
        metavar="N",
        help="let the generated checks send at most N requests; 0 leaves them out (default: by --effort)",
    )
    add("--seed", type=int, default=0, help="seed of all random choices (default: 0)")


def _add_pace(add: Any) -> None:
    add(
        "--rate",
        type=_rate,
        metavar="R/s",
        help="send no more requests a second (default: as documented; on this machine, no limit)",
    )
    add(
        "--max-time",
        type=float,
        metavar="SECONDS",
        help="start no check after this time (default: no limit)",
    )
    add(
        "--max-requests",
        type=int,
        metavar="N",
        help="start no check after N requests (default: no limit)",
    )


def _add_verdict(add: Any) -> None:
    add("--allow-untested", action="store_true", help="exit 0 although requirements are untested")
    add(
        "--require-rate-limit",
        action="store_true",
        help="check the documented rate limits although the target shows no limiter",
    )
    add(
        "--strict-docs",
        action="store_true",
        help="fail a server for deviations from the docs that PluralKit production has, too",
    )
    add(
        "--known-failures",
        metavar="FILE",
        help="expect the requirements of this file (TOML) to fail, and fail for those that do not (default: none)",
    )
    add(
        "--update-known-failures",
        action="store_true",
        help="write that file anew from what fails, and leave reasons to be filled in",
    )


def _add_output(add: Any) -> None:
    add(
        "--report-folder",
        metavar="DIR",
        default="reports",
        help="where reports land, in DIR/NAME/REVISION (default: reports)",
    )


def _rate(text: str) -> float:
    number = text.strip().removesuffix("/s")
    if not number.replace(".", "", 1).isdecimal() or float(number) <= 0:
        message = f"{text!r} is no rate: give requests a second, like 5/s"
        raise argparse.ArgumentTypeError(message)
    return float(number)

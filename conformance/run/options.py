"""The command line options of a run, but for those of its target and of its selection."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from conformance.properties.budget import DEFAULT, EFFORTS
from conformance.target.profiles import PROFILES

if TYPE_CHECKING:
    import pytest


def add_run(group: pytest.OptionGroup) -> None:
    """Add what the run does, and where its reports land."""
    group.addoption("--other-token", help="token of another system (also PK_OTHER_TOKEN)")
    group.addoption("--revision", help="revision of the docs to check against")
    group.addoption("--name", help="name of the target, for its report folder")
    group.addoption(
        "--allow-existing",
        metavar="SYSTEM_ID",
        action="append",
        help="write to this system although it holds members, groups or switches",
    )
    group.addoption("--report-folder", metavar="DIR", default="reports", help="where reports land")
    group.addoption(
        "--effort",
        choices=list(EFFORTS),
        default=DEFAULT,
        help="how many requests the generated checks send: quick, standard or deep",
    )
    group.addoption(
        "--profile",
        choices=[*PROFILES, *EFFORTS],
        metavar="{" + ",".join(PROFILES) + "}",
        help="what is sent: nothing with a token (anonymous), only reads, or all; default: the most that the tokens allow",
    )
    group.addoption(
        "--budget",
        type=int,
        metavar="N",
        help="let the generated checks send at most N requests; 0 leaves them out",
    )
    group.addoption("--seed", type=int, default=0, help="seed of all random choices")
    group.addoption(
        "--allow-untested", action="store_true", help="exit 0 although requirements are untested"
    )
    group.addoption(
        "--require-rate-limit",
        action="store_true",
        help="check the documented rate limits although the target shows no limiter",
    )
    group.addoption(
        "--rate", type=_rate, metavar="R/s", help="send no more requests a second than this"
    )
    group.addoption(
        "--max-time", type=float, metavar="SECONDS", help="start no check after this time"
    )
    group.addoption("--max-requests", type=int, metavar="N", help="start no check after N requests")
    group.addoption(
        "--skip-preflight",
        action="store_true",
        help="run although the target does not look like the API, or its system is not empty",
    )
    group.addoption(
        "--strict-docs",
        action="store_true",
        help="fail a server for deviations from the docs that PluralKit production has, too",
    )
    group.addoption(
        "--known-failures",
        metavar="FILE",
        help="expect the requirements of this file (TOML) to fail, and fail for those that do not",
    )
    group.addoption(
        "--update-known-failures",
        action="store_true",
        help="write that file anew from what fails, and leave reasons to be filled in",
    )


def _rate(text: str) -> float:
    number = text.strip().removesuffix("/s")
    if not number.replace(".", "", 1).isdecimal() or float(number) <= 0:
        message = f"{text!r} is no rate: give requests a second, like 5/s"
        raise argparse.ArgumentTypeError(message)
    return float(number)

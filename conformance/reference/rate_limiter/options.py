"""The options of `serve` for rate limits and latency."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_limits(parser: ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument_group(
        "rate limits", "how the documented limits are applied"
    ).add_argument
    add(
        "--limiter",
        choices=list(ALGORITHMS),
        default="sliding-window",
        help="algorithm that counts requests",
    )
    add("--limit-by", choices=["ip", "system", "token"], default="ip", help="who shares a limit")
    add(
        "--limit-units",
        choices=["docs", "upstream"],
        default="docs",
        help="X-RateLimit-Reset in milliseconds (docs) or seconds (upstream)",
    )
    add(
        "--trust-forwarded-for",
        action="store_true",
        help="use the last address in X-Forwarded-For as the caller's: behind a proxy that adds it",
    )
    add(
        "--limiter-speed",
        type=_whole,
        default=1,
        metavar="N",
        help="run the limiter's clock N times as fast, which shortens a client's tests",
    )
    add(
        "--latency",
        type=_whole,
        default=0,
        metavar="MS",
        help="delay each response, as a distant server does",
    )


def limits_of(options: Namespace) -> Limits:
    """Return the limits that the options specify."""
    return Limits(
        algorithm=options.limiter,
        by=options.limit_by,
        units=options.limit_units,
        trust_forwarded_for=options.trust_forwarded_for,
        speed=max(1, options.limiter_speed),
    )


def _whole(text: str) -> int:
    if not text.isdecimal():
        message = f"'{text}' is no whole number"
        raise ArgumentTypeError(message)
    return int(text)

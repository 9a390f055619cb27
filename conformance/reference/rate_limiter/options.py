"""The options of `serve` that say how rates are limited, and how far away the server seems."""

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
        "rate limits", "how the documented limits are kept"
    ).add_argument
    add("--limiter", choices=list(ALGORITHMS), default="sliding-window", help="how requests count")
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
        help="take the last address in X-Forwarded-For for the caller's: behind a proxy that adds it",
    )
    add(
        "--limiter-speed",
        type=_whole,
        default=1,
        metavar="N",
        help="the limiter's clock runs N times as fast, so that a client's tests do",
    )
    add(
        "--latency",
        type=_whole,
        default=0,
        metavar="MS",
        help="response so much later, as a distant server does",
    )


def limits_of(options: Namespace) -> Limits:
    """Return what the options say."""
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

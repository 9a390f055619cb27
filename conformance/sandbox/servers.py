"""The servers that the options of a command ask for; how they are served is in `serving`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.application import Server
from conformance.reference.rate_limiter.limiter import Unlimited
from conformance.reference.rate_limiter.options import limits_of
from conformance.reference.revisions import REVISIONS
from conformance.reference.steps import UnknownName
from conformance.reference.upstream import EARLIER, LATEST, WrongRevision, deviate, deviations_of
from conformance.reference.variations import vary
from conformance.sandbox.serve_options import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

CODES = {"upstream": LATEST, "earlier-upstream": EARLIER}
"""The values of ``--like`` that stand for code of PluralKit production."""


def build(options: argparse.Namespace, *, limited: bool) -> Server:
    """Return the server with its known deviations, faults and variations."""
    server = Server(
        options.seed or 0,
        limited=limited,
        revision=REVISIONS[options.revision],
        limits=limits_of(options),
        filled=options.filled,
    )
    server.latency = options.latency / 1000
    try:
        for name in _deviations(options):
            deviate(server, name)
        _inject(server, options.fault)
        for name in options.variation:
            vary(server, name)
    except (UnknownName, WrongRevision) as error:
        raise UsageError(str(error)) from None
    return server


def limits_rates(options: argparse.Namespace) -> bool:
    """Whether the server limits rates: as asked for, or as the docs of the revision say."""
    if options.rate_limit is None:
        return REVISIONS[options.revision].limits_rates
    return bool(options.rate_limit == "documented")


def has_no_limiter(options: argparse.Namespace) -> bool:
    """Whether no server of these options limits rates, like production at the launch, whatever was asked for."""
    return isinstance(build(options, limited=True).limiter, Unlimited)


def _inject(server: Server, names: Sequence[str]) -> None:
    if names:
        from conformance.reference.faults import find_fault  # noqa: PLC0415 slow to load, and seldom needed

        for name in names:
            find_fault(name).inject(server)


def _deviations(options: argparse.Namespace) -> list[str]:
    code = CODES.get(options.like)
    of_code = deviations_of(options.revision, code) if code else []
    return list(dict.fromkeys([*of_code, *options.deviation]))

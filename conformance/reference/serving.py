"""The command that serves the reference server, alone or with a second, limited instance."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from conformance.reference import target_file
from conformance.reference.application import Server
from conformance.reference.listening import listen, origin, serve_all
from conformance.reference.rate_limiter.limiter import Unlimited
from conformance.reference.rate_limiter.options import limits_of
from conformance.reference.request_log import keep_log
from conformance.reference.revisions import REVISIONS
from conformance.reference.routing import BASE_PATH
from conformance.reference.serve_options import NAMES, UsageError, parser
from conformance.reference.steps import UnknownName
from conformance.reference.upstream import (
    DEVIATIONS,
    EARLIER,
    LATEST,
    WrongRevision,
    deviate,
    deviations_of,
)
from conformance.reference.variations import VARIATIONS, vary

if TYPE_CHECKING:
    import argparse
    import socket
    from collections.abc import Sequence

USAGE_ERROR = 4
_CODES = {"upstream": LATEST, "earlier-upstream": EARLIER}


def serve(argv: Sequence[str]) -> int:
    """Run the command and return its exit code: 0 when stopped, 4 for anything wrong with it."""
    try:
        options = parser().parse_args(argv)
        listing = next((lines for name, lines in LISTINGS.items() if getattr(options, name)), None)
        if listing:
            _report(listing())
        else:
            _run(options)
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command talks to its user
        return USAGE_ERROR
    return 0


def _fault_lines() -> list[str]:
    from conformance.reference.faults import FAULTS  # noqa: PLC0415 slow to load, and seldom needed

    return [
        f"{fault.name}: {fault.description} [{', '.join(fault.violates)}]"
        for _, fault in sorted(FAULTS.items())
    ]


def _deviation_lines() -> list[str]:
    return [
        f"{row.name}: {row.description}"
        f" [{', '.join(map(str, row.differences))}] ({', '.join(row.revisions)})"
        for _, row in sorted(DEVIATIONS.items())
    ]


def _variation_lines() -> list[str]:
    return [f"{row.name}: {row.description}" for _, row in sorted(VARIATIONS.items())]


LISTINGS = {
    "list_faults": _fault_lines,
    "list_deviations": _deviation_lines,
    "list_variations": _variation_lines,
}


def _run(options: argparse.Namespace) -> None:
    main = _build(options, limited=_limits(options))
    with contextlib.ExitStack() as stack:
        served = [(main, stack.enter_context(_listen(options.host, options.port)))]
        if options.rate_limit_port is not None:
            limited = _build(options, limited=True)
            bound = stack.enter_context(_listen(options.host, options.rate_limit_port))
            served.append((limited, bound))
        urls = [origin(options.host, bound) + BASE_PATH for _, bound in served]
        _write_target(options, main, urls)
        _log_requests(options, main)
        lines = [] if options.quiet else _lines(options, main, urls)
        serve_all(served, lambda: _report(lines))


def _limits(options: argparse.Namespace) -> bool:
    if options.rate_limit is None:
        return REVISIONS[options.revision].limits_rates
    return bool(options.rate_limit == "documented")


def _build(options: argparse.Namespace, *, limited: bool) -> Server:
    revision = REVISIONS[options.revision]
    server = Server(
        options.seed,
        limited=limited,
        revision=revision,
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


def _inject(server: Server, names: Sequence[str]) -> None:
    if names:
        from conformance.reference.faults import find_fault  # noqa: PLC0415 slow to load, and seldom needed

        for name in names:
            find_fault(name).inject(server)


def _deviations(options: argparse.Namespace) -> list[str]:
    code = _CODES.get(options.like)
    of_code = deviations_of(options.revision, code) if code else []
    return list(dict.fromkeys([*of_code, *options.deviation]))


def _has_no_limiter(options: argparse.Namespace) -> bool:
    return isinstance(_build(options, limited=True).limiter, Unlimited)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        message = f"cannot listen: {error.strerror}"
        raise UsageError(message) from None


def _write_target(options: argparse.Namespace, main: Server, urls: list[str]) -> None:
    if options.target_file is None:
        return
    # A server like production at the launch has no limiter, whatever was asked for.
    limited = (_limits(options) or len(urls) > 1) and not _has_no_limiter(options)
    try:
        limited_url = urls[-1] if limited else None
        target_file.write(options.target_file, main, NAMES[options.like], urls[0], limited_url)
    except OSError as error:
        message = f"cannot write {options.target_file}: {error.strerror}"
        raise UsageError(message) from None


def _log_requests(options: argparse.Namespace, main: Server) -> None:
    if options.request_log is None:
        return
    try:
        keep_log(main, options.request_log)
    except OSError as error:
        message = f"cannot write {options.request_log}: {error.strerror}"
        raise UsageError(message) from None


def _lines(options: argparse.Namespace, main: Server, urls: list[str]) -> list[str]:
    first, second = main.seeded.first, main.seeded.second
    lines = [
        f"serving PluralKit API v2 (revision {options.revision}) at {urls[0]}",
        *(["with the known deviations of PluralKit production"] if options.like in _CODES else []),
        *(f"rate limits at {url}" for url in urls[1:]),
        f"system under test: {first.short_id}",
        f"other system: {second.short_id}",
    ]
    if options.show_tokens:
        lines += [f"token: {first.token}", f"other token: {second.token}"]
    elif options.target_file:
        lines.append(f"tokens are in {options.target_file}")
    else:
        lines.append("tokens: use --target-file OUT.toml or --show-tokens")
    return lines


def _report(lines: list[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201 - a command talks to its user


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:]))

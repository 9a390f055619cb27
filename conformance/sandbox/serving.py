"""The commands `serve` and `sandbox`: one server, or two of which the second limits rates, until a signal comes."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from conformance.reference import target_file
from conformance.reference.listening import listen, origin, serve_all
from conformance.reference.routing import BASE_PATH
from conformance.sandbox import banner, servers
from conformance.sandbox.application import Sandbox
from conformance.sandbox.control.access import is_loopback
from conformance.sandbox.listings import listing
from conformance.sandbox.request_file import keep_file
from conformance.sandbox.serve_options import NAMES, UsageError, parser

if TYPE_CHECKING:
    import argparse
    import socket
    from collections.abc import Sequence

    from starlette.types import ASGIApp

    from conformance.reference.application import Server
    from conformance.sandbox.pages.site import ReadDocument
    from conformance.sandbox.saving import Saving

USAGE_ERROR = 4


def serve(argv: Sequence[str]) -> int:
    """Run `serve`: the API, and the control API only if asked for. Returns 0 when stopped, 4 for anything wrong with the command."""
    return _command("serve", argv)


def serve_sandbox(argv: Sequence[str], document: ReadDocument | None = None) -> int:
    """Run `sandbox`: the API, the control API, and pages if it is given what returns the OpenAPI document of a revision. Returns the same."""
    return _command("sandbox", argv, document)


def _command(verb: str, argv: Sequence[str], document: ReadDocument | None = None) -> int:
    try:
        options = parser(verb).parse_args(argv)
        lines = listing(options)
        if lines is None:
            _run(options, document)
        else:
            _report(lines)
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command talks to its user
        return USAGE_ERROR
    return 0


def _run(options: argparse.Namespace, document: ReadDocument | None) -> None:
    _check_host(options)
    _check_data(options)
    main = servers.build(options, limited=servers.limits_rates(options))
    _load(options, main)
    with contextlib.ExitStack() as stack:
        saving = _keep_saved(options, main, stack)
        served: list[tuple[ASGIApp, socket.socket]] = []
        served.append(
            (
                _application(options, main, saving, document),
                stack.enter_context(_listen(options, options.port)),
            )
        )
        if options.rate_limit_port is not None:
            limited = servers.build(options, limited=True)
            bound = stack.enter_context(_listen(options, options.rate_limit_port))
            served.append((limited, bound))
        urls = [origin(options.host, bound) + BASE_PATH for _, bound in served]
        _write_target(options, main, urls)
        _write_requests(options, main)
        lines = [] if options.quiet else banner.lines(options, main, urls)
        serve_all(served, lambda: _report(lines))


def _check_host(options: argparse.Namespace) -> None:
    if options.control and not (options.allow_remote or is_loopback(options.host)):
        message = (
            f"the control API would be open to other machines at --host {options.host}:"
            " use a loopback address, or add --allow-remote"
        )
        raise UsageError(message)


def _check_data(options: argparse.Namespace) -> None:
    if options.save and options.rate_limit_port is not None:
        message = "--save keeps one server: leave --rate-limit-port out"
        raise UsageError(message)
    if options.data and options.filled:
        message = "--data and --filled both fill the first system: leave one of them out"
        raise UsageError(message)


def _load(options: argparse.Namespace, server: Server) -> None:
    if options.data:
        from conformance.sandbox.loading import load  # noqa: PLC0415 slow to load, and seldom needed

        load(server, options.data)


def _keep_saved(
    options: argparse.Namespace, server: Server, stack: contextlib.ExitStack
) -> Saving | None:
    if not options.save:
        return None
    from conformance.sandbox.saving import keep_saved  # noqa: PLC0415 seldom needed, and SQLite may be missing

    saving = keep_saved(options, server)
    stack.callback(saving.close)
    return saving


def _application(
    options: argparse.Namespace,
    server: Server,
    saving: Saving | None,
    document: ReadDocument | None,
) -> ASGIApp:
    """Return what is served: the server itself, which then pays for nothing else, or the sandbox around it."""
    if not options.control:
        return server
    is_local = is_loopback(options.host)
    made = Sandbox(server, is_local=is_local, saving=saving)
    if document:
        from conformance.sandbox.pages.site import pages  # noqa: PLC0415 slow to load, and `serve` has none

        made.pages = pages(server, document, is_local=is_local)
    return made


def _listen(options: argparse.Namespace, port: int) -> socket.socket:
    try:
        return listen(options.host, port)
    except OSError as error:
        message = f"cannot listen: {error.strerror}"
        raise UsageError(message) from None


def _write_target(options: argparse.Namespace, main: Server, urls: list[str]) -> None:
    if options.target_file is None:
        return
    limited = servers.limits_rates(options) or len(urls) > 1
    try:
        limited_url = urls[-1] if limited and not servers.has_no_limiter(options) else None
        target_file.write(options.target_file, main, NAMES[options.like], urls[0], limited_url)
    except OSError as error:
        message = f"cannot write {options.target_file}: {error.strerror}"
        raise UsageError(message) from None


def _write_requests(options: argparse.Namespace, main: Server) -> None:
    if options.request_log is None:
        return
    try:
        keep_file(main, options.request_log)
    except OSError as error:
        message = f"cannot write {options.request_log}: {error.strerror}"
        raise UsageError(message) from None


def _report(lines: list[str]) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201 - a command talks to its user


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:]))

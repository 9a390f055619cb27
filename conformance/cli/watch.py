"""`watch`: stands between a client and a server, and reports what the client does against the docs."""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance import signals
from conformance.cli.arguments import USAGE, Parser
from conformance.contract import UnknownRevisionError, known
from conformance.contract.document import NEWEST
from conformance.http.connection import ConnectionOptionError
from conformance.printable import visible
from conformance.reporting.terminal import findings
from conformance.run.known_failures import KnownFailures
from conformance.target import ConfigurationError
from conformance.watch.catalogue import explain_unknown
from conformance.watch.proxy import Proxy
from conformance.watch.secrets import Secrets
from conformance.watch.serving import HOST, Serving
from conformance.watch.watcher import Subject, Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 2
VARIABLE = "PK_BASE_URL"
STOP_TIMEOUT = 5.0  # seconds from SIGTERM to SIGKILL
LAST_PORT = 65535
STEP = 0.1  # seconds between two looks at the clock
DESCRIPTION = f"""Stand between a client of the API and a server, and report what the client does against the docs. Nothing is sent but
what the client sends, and everything is handed on unchanged. With a command after --, that is run with {VARIABLE} set to the
base URL to use, and the watch ends with it; without one, it ends with Ctrl-C, SIGTERM or --max-time."""
EPILOG = """Exit code: 0 nothing found that the client must not do, 1 something found, 2 stopped twice, 4 wrong usage, 5 no request was seen, or
the command failed."""


def main(arguments: Sequence[str]) -> int:
    """Watch until it is over; return the exit code."""
    words, command = _split(arguments)
    parser = _parser()
    options = parser.parse_args(words)
    if command == ["--"]:
        parser.error("no command after --")
    if command and shutil.which(command[1]) is None:
        return _failed(f"cannot run {command[1]!r}: there is no such command")
    try:
        revision = known(options.revision)
        failures = KnownFailures.open(options.known_failures, update=False, explain=explain_unknown)
        with listen(options.port) as listening:
            subject = Subject(options.name, options.base_url, revision, (*words, *command))
            folder = options.report_folder / options.name / revision
            watcher = Watcher(subject, folder, Secrets(os.environ), _say)
            with Serving(Proxy(watcher), listening) as serving:
                stopped = _wait(serving.origin + subject.base_path, options, command[1:])
    except (
        UnknownRevisionError,
        ConfigurationError,
        ConnectionOptionError,
        _UsageError,
    ) as problem:
        return _failed(str(problem))
    except OSError as problem:
        return _failed(f"cannot write to {str(problem.filename)!r}: {problem.strerror}")
    code = watcher.finish(failures, stopped=stopped)
    for line in findings(watcher.report, full=False):
        _say(line.text)
    _say(f"{watcher.report['headline']}\nreport: {folder / 'index.html'}")
    return INTERRUPTED if signals.came_during_cleanup() else code


def listen(port: int) -> socket.socket:
    """Return a socket on this machine that listens."""
    try:
        return socket.create_server((HOST, port))
    except OSError as problem:
        reason = f"{problem.strerror}: --port 0 takes a free one"
        message = f"cannot listen on port {port}: {reason}"
        raise _UsageError(message) from None


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words before `--`, and those from there on."""
    words = list(arguments)
    place = words.index("--") if "--" in words else len(words)
    return words[:place], words[place:]


class _UsageError(RuntimeError):
    """The watch cannot be begun; the text is one line."""


def _wait(base_url: str, options: argparse.Namespace, command: Sequence[str]) -> str:
    """Wait until the watch is over; return why something may not have been seen."""
    process = None
    try:
        _say(f"watching {base_url} for {options.base_url}")
        if command:
            process = _start(command, base_url)
        else:
            _say("give that base URL to the client; Ctrl-C ends the watch and writes the report")
        end = time.monotonic() + options.max_time
        while time.monotonic() < end and (process is None or process.poll() is None):
            time.sleep(STEP)
    except KeyboardInterrupt:
        pass
    signals.begin_cleanup()
    return _ended(process) if process else ""


def _start(command: Sequence[str], base_url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env={**os.environ, VARIABLE: base_url})  # noqa: S603 the user's own command


def _ended(process: subprocess.Popen[bytes]) -> str:
    """Stop the command if it still runs; return what is to be said of its end."""
    code = process.poll()
    if code is None:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return "the command was stopped before its end"
    return f"the command ended with exit code {code}" if code else ""


def _say(text: str) -> None:
    sys.stdout.write("".join(f"{visible(line)}\n" for line in text.split("\n")))
    sys.stdout.flush()


def _failed(problem: str) -> int:
    sys.stderr.write(f"error: {problem}\n")
    return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m conformance watch",
        usage="python -m conformance watch --base-url URL [options] [-- COMMAND ...]",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.add_argument(
        "--base-url",
        metavar="URL",
        type=_url,
        required=True,
        help="base URL of the server behind the watch; for tests that of the sandbox",
    )
    parser.add_argument(
        "--port", metavar="N", type=_port, default=0, help="port to listen on (default: a free one)"
    )
    parser.add_argument(
        "--revision",
        metavar="R",
        default=NEWEST,
        help="docs by which to judge (default: %(default)s)",
    )
    parser.add_argument(
        "--name",
        type=_name,
        default="client",
        help="name of the client in reports (default: %(default)s)",
    )
    parser.add_argument(
        "--report-folder",
        metavar="DIR",
        type=Path,
        default=Path("reports"),
        help="where reports land, in DIR/NAME/REVISION (default: %(default)s)",
    )
    parser.add_argument(
        "--max-time", metavar="S", type=_seconds, default=math.inf, help="end after S seconds"
    )
    parser.add_argument(
        "--known-failures",
        metavar="FILE",
        type=Path,
        help="habits that are known, as in the file of the same option of `run`",
    )
    return parser


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or "@" in parts.netloc or parts.query or parts.fragment:
        message = f"{text!r} is no base URL: give one like http://127.0.0.1:8000/v2"
        raise argparse.ArgumentTypeError(message)
    return text.rstrip("/")


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > LAST_PORT:
        message = f"{text!r} is no port: give a number up to {LAST_PORT}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        message = f"{text!r} is no name of a folder: use letters, digits, dots and dashes"
        raise argparse.ArgumentTypeError(message)
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        message = f"{text!r} is no number of seconds above 0"
        raise argparse.ArgumentTypeError(message)
    return seconds

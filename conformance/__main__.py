"""The command line: `python -m conformance VERB`."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, NoReturn

from conformance import pipes, signals
from conformance.run import interruption

if TYPE_CHECKING:
    from collections.abc import Sequence

VERBS = (
    "run",
    "plan",
    "init",
    "serve",
    "sandbox",
    "watch",
    "spec",
    "requirements",
    "restore",
    "report",
    "diff",
    "merge",
    "site",
)
INTERRUPTED = 2
USAGE = """usage: python -m conformance VERB [options]

  run           check a server, or the embedded reference server when no --base-url is given
  plan          print how many requests a run sends and how long it takes at least, and send none
  init          write a commented target file from what a server shows
  serve         serve the reference server, as a target of the suite
  sandbox       serve the reference server for authors of clients, with a control API
  watch         stand between a client and a server, and report what the client does against the docs
  spec          print the OpenAPI document of a revision
  requirements  list the requirements of the docs, explain one, show which have a check
  restore       undo the changes of a run that was killed, from its journal
  report        make the reports again from an event log, in any format
  diff          compare two reports: what is fixed, new, and still violated
  merge         make one report of the parts of a run
  site          build an index of published runs as static pages

'python -m conformance VERB --help' shows the options of a verb.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(USAGE)
        return 0 if words else 4
    if words[0] not in VERBS:
        sys.stderr.write(f"error: unknown verb {words[0]!r}: known are {', '.join(VERBS)}\n")
        return 4
    try:
        verb = importlib.import_module(
            f"conformance.cli.{words[0]}"
        )  # each verb imports only what it needs
        return int(verb.main(words[1:]))
    except KeyboardInterrupt:
        sys.stderr.write(interruption.MESSAGE)
        return INTERRUPTED


def run_as_process(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and end this process with its exit code, whatever signals come."""
    pipes.forgive()
    signals.install_handlers()  # SIGTERM, too, has to stop the embedded server
    code = main(arguments)
    signals.ignore()
    sys.exit(code)


if __name__ == "__main__":
    run_as_process()

"""The command line: `python -m conformance.mutation VERB`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.mutation.faults import faults
from conformance.mutation.limiters import limiters
from conformance.mutation.never_failing import never_failing
from conformance.mutation.peer import peer
from conformance.mutation.readme import readme
from conformance.mutation.trivial_servers import trivial_servers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "faults": faults,
    "never-failing": never_failing,
    "limiters": limiters,
    "trivial-servers": trivial_servers,
    "peer": peer,
    "readme": readme,
}
USAGE = """usage: python -m conformance.mutation VERB [options]

  faults           try every fault of the reference server: which ones do the checks kill?
  never-failing    show for every check function a fault that makes it fail
  limiters         try the faults of rate limits on every kind of limiter and latency, or no fault many times
  trivial-servers  run against servers that are no API: nothing may pass
  peer             compare the suite with schemathesis on the same faults
  readme           put the tables of the last measurements into the README

'python -m conformance.mutation VERB --help' shows the options of a verb.
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
    return VERBS[words[0]](words[1:])


if __name__ == "__main__":
    sys.exit(main())

"""Requests to the instance that limits rates. These steps come last: they change the base URL."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pluralkit.v2 import client as library  # type: ignore[import-not-found]

from tests.clients.python.run import equal, raises

if TYPE_CHECKING:
    from tests.clients.python.run import Run

READS = 30  # three times the documented limit


def rate_limit_is_read(run: Run) -> None:
    """The client takes the limit and what remains from the headers."""
    library.SERVER = os.environ["PK_LIMITED_URL"]
    run.made["paced"] = run.caller(os.environ["PK_TOKEN"])
    run.made["paced"].get_system()
    equal((run.made["paced"]._rate_limit, run.made["paced"]._rate_limit_remaining), (10, 9))  # noqa: SLF001


def rate_limit_is_kept(run: Run) -> None:
    """A client that is paced by the headers is never limited."""
    names = {run.made["paced"].get_system().name for _ in range(READS)}
    equal(names, {"First"})


def rate_limit_exceeded(run: Run) -> None:
    """Clients that know nothing of each other are limited, and the error says by which status."""

    def read_much() -> None:
        for _ in range(READS):
            run.caller(os.environ["PK_TOKEN"]).get_system()

    raises("HTTPError", read_much, "429")

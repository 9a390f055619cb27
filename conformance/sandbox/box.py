"""A sandbox for the time of a block of Python, for tests of clients: `from conformance.sandbox import sandbox`."""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from conformance.reference.listening import listen, origin, serve_in_thread
from conformance.sandbox import servers
from conformance.sandbox.application import Sandbox
from conformance.sandbox.control_client import ControlClient
from conformance.sandbox.details import Details, details
from conformance.sandbox.serve_options import parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Box(Details):
    """A running sandbox: its URLs, tokens and ids, and its control API as methods."""

    control: ControlClient


@contextlib.contextmanager
def sandbox(
    *,
    like: Literal["docs", "upstream", "earlier-upstream"] = "docs",
    revision: str | None = None,
    limited: bool = False,
    seed: int = 0,
    faults: Sequence[str] = (),
    variations: Sequence[str] = (),
    filled: bool = False,
) -> Iterator[Box]:
    """Serve a sandbox on a free port of this machine, from a thread, until the block ends.

    The options are those of `python -m conformance sandbox`; ``limited`` is whether rates are limited, as the docs say.

    Example:
        >>> with sandbox(like="upstream") as box:
        ...     client = MyClient(box.base_url, token=box.token)
        ...     box.control.arm("429", operation="getMember")

    Raises:
        UsageError: an option has a value that there is not; the message says which there are.

    """
    words = [f"--like={like}", f"--seed={seed}", *(["--filled"] if filled else [])]
    words += [f"--revision={revision}"] if revision else []
    words += [f"--fault={name}" for name in faults]
    words += [f"--variation={name}" for name in variations]
    server = servers.build(parser("sandbox").parse_args(words), limited=limited)
    with listen(_HOST, 0) as listening:
        found = details(server, origin(_HOST, listening))
        box = Box(**dataclasses.asdict(found), control=ControlClient(found.control_url))
        with serve_in_thread(Sandbox(server), listening):
            yield box

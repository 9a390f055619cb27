"""Imports for all trials, once before the first fork."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from conformance.contract import load
from conformance.properties import generation, invalid_requests
from conformance.reference import listening
from conformance.reference.application import Server

if TYPE_CHECKING:
    from collections.abc import Iterable


def preload(revisions: Iterable[str], *, generated: bool = False) -> None:
    """Import the server, and make the generated bodies if generated checks will run."""
    for contract in map(load, revisions if generated else ()):
        for operation in invalid_requests.with_body(contract):
            generation.invalid_bodies(contract, operation.value.id)
    listening.preload(Server())
    gc.freeze()  # else the garbage collector of every fork goes through all of this

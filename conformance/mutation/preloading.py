"""What every trial needs besides the checks, loaded once before the first fork."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from conformance.contract import load
from conformance.properties import generation, invalid
from conformance.reference import listening
from conformance.reference.application import Server

if TYPE_CHECKING:
    from collections.abc import Iterable


def preload(revisions: Iterable[str], *, generated: bool = False) -> None:
    """Import what serves, and make the generated bodies where they are sure to be needed."""
    for contract in map(load, revisions if generated else ()):
        for operation in invalid.tried(contract):
            generation.invalid_bodies(contract, operation.value.id)
    listening.preload(Server())
    gc.freeze()  # else every fork looks through all of this for garbage, again and again

"""Everything that a trial needs, loaded once before the first fork."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from typing import TYPE_CHECKING

import httpx

from conformance import checks, properties
from conformance.contract import load
from conformance.properties import generation, invalid
from conformance.reference import listening
from conformance.reference.application import Server
from conformance.verdicts.inventory import modules_of
from conformance.verdicts.session import requiring_limits

if TYPE_CHECKING:
    from collections.abc import Iterable


def preload(revisions: Iterable[str], *, generated: bool = False) -> None:
    """Import the suite with its checks, and read the contracts; make the generated bodies where they are sure to be needed."""
    for package in (checks, properties):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for revision in revisions:
        contract = load(revision)
        modules_of(requiring_limits(contract), ())
        for operation in invalid.tried(contract) if generated else ():
            generation.invalid_bodies(contract, operation.value.id)
    httpx.Client().close()  # it imports its transport when it is made
    listening.preload(Server())
    gc.freeze()  # else every fork looks through all of this for garbage, again and again

"""The steps that fail on a server that is right, with the reasons, from `known_faults.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import yaml

from tests.clients.published import HERE

FILE = HERE / "known_faults.yaml"
SCHEMA = HERE / "known_faults.schema.json"


@dataclass(frozen=True)
class KnownFault:
    """Steps that fail for one reason: a fault of the client, or a known deviation of PluralKit production."""

    steps: tuple[str, ...]
    modes: tuple[str, ...]
    fault_of: str
    reason: str


@functools.cache
def read() -> dict[str, Any]:
    """Return the file as it is."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return content


def step_count(client: str) -> int:
    """Return how many steps the driver of a client has."""
    return int(read()["clients"][client]["steps"])


def known_faults(client: str) -> list[KnownFault]:
    """Return what is known of a client."""
    rows = read()["clients"][client]["faults"]
    return [
        KnownFault(tuple(row["steps"]), tuple(row["modes"]), row["fault_of"], row["reason"])
        for row in rows
    ]


def expected(client: str, mode: str) -> set[str]:
    """Return the steps that must fail in this mode."""
    rows = known_faults(client)
    return {step for row in rows if mode in row.modes for step in row.steps}

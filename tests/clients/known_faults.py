"""The steps that fail on a server that is right, with the reasons, from `known_faults.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.clients.published import HERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.clients.drivers import Step

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


def surprises(client: str, mode: str, steps: Sequence[Step]) -> list[str]:
    """Return a line for each way in which the steps of a driver are not as the file says."""
    known, names = expected(client, mode), [step.name for step in steps]
    failed = {step.name: step.error for step in steps if step.error is not None}
    return [
        *(
            f"{name} fails, and is not listed: {error}"
            for name, error in failed.items()
            if name not in known
        ),
        *(f"{name} passes, and is listed" for name in names if name in known - failed.keys()),
        *(f"{name} is listed, and is no step" for name in sorted(known - {*names})),
        *(f"{name} is there twice" for name in sorted({*names}) if names.count(name) > 1),
        *(
            []
            if len(names) == step_count(client)
            else [f"{len(names)} steps, not {step_count(client)}"]
        ),
    ]

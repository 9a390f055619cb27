"""What is expected of a response, and what a difference from it is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.properties import attribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract import Contract

LAUNCH = "2021-11"  # the revision of which production deviates most
REJECTED = (*range(400, 429), *range(430, 500))  # statuses; 429 is of the rate limit
SHOWN = "response.json()"  # the body of the last response, in the words of a snippet


@dataclasses.dataclass(frozen=True)
class Difference:
    """Something that a response shows otherwise than the docs say; `test` is a Python expression that ought to hold."""

    what: str
    expected: Any
    actual: Any
    violates: tuple[str, ...]
    test: str
    as_upstream: bool = False


def no_differences(_body: Any) -> tuple[Difference, ...]:
    """Return none: the docs leave open what the body is."""
    return ()


@dataclasses.dataclass(frozen=True)
class ExpectedResponse:
    """The statuses that the docs allow, the codes of a rejection, and what another status violates.

    `differences` yields how the body of a response differs from the expected one.
    """

    statuses: tuple[int, ...]
    violates: tuple[str, ...]
    codes: tuple[int, ...] = ()
    differences: Callable[[Any], Iterable[Difference]] = no_differences
    any_code: bool = False  # a rejection whose code the docs leave open


def success(
    contract: Contract, operation: str, differences: Callable[[Any], Iterable[Difference]]
) -> ExpectedResponse:
    """Return the 200 of an operation, with how its body may differ."""
    returned = attribution.returned(contract, operation)
    return ExpectedResponse((200,), returned, differences=differences)

"""Repeats what the clean-up sends where no response came: what is left behind then is left for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from conformance.http import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Caller

ATTEMPTS = 3

Found = TypeVar("Found")


def attempt(caller: Caller, send: Callable[[], Found]) -> Found:
    """Send what may be carried out twice, up to three times; return what `send` returns.

    Raises:
        Inconclusive: no attempt got a response, it was throttled, or the target is gone.

    """
    for _ in range(ATTEMPTS - 1):
        try:
            return send()
        except Inconclusive as problem:
            # What was throttled to the end was sent several times already.
            is_throttled = problem.exchange is not None and problem.exchange.status is not None
            if is_throttled or caller.client.is_target_gone:
                raise
    return send()

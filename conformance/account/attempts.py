"""Repeats what the clean-up sends where no response came: what is left behind then is left for good."""

from __future__ import annotations

import contextlib
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
        Inconclusive: no attempt got a response, or the target is gone.

    """
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(Inconclusive):
            return send()
        if caller.client.is_target_gone:
            break
    return send()

"""What the steps share: three callers, the ids of the sandbox, and what earlier steps made."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

from pluralkit.v2 import client as library  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable

    Step = Callable[["Run"], None]

AGENT = "pluralkit-conformance-clients"


class Run:
    """One run of the driver. Steps put what they make into `made`, for steps that come later."""

    def __init__(self) -> None:
        """Take the base URL, both tokens and the ids of the sandbox from the environment."""
        library.SERVER = os.environ["PK_BASE_URL"]
        self.loop = asyncio.new_event_loop()
        self.own = self.caller(os.environ["PK_TOKEN"])
        self.other = self.caller(os.environ["PK_OTHER_TOKEN"])
        self.anonymous = self.caller(None)
        self.account = int(os.environ["PK_ACCOUNT"])
        self.guild = int(os.environ["PK_GUILD"])
        self.message = int(os.environ["PK_MESSAGE"])
        self.original = int(os.environ["PK_ORIGINAL"])
        self.message_of_deleted = int(os.environ["PK_DELETED_MESSAGE"])
        self.made: dict[str, Any] = {}

    def caller(self, token: str | None) -> Any:
        """Return a client of its own, which waits for each response."""
        return library.Client(token, async_mode=False, user_agent=AGENT, loop=self.loop)

    def carry_out(self, step: Step) -> None:
        """Carry out one step, and print its name and what went wrong."""
        error = None
        try:
            step(self)
        except Exception as raised:  # noqa: BLE001 - whatever it is, the step failed
            error = f"{type(raised).__name__}: {raised}"
        line = {"step": step.__name__.replace("_", "-"), "ok": error is None, "error": error}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def equal(actual: object, expected: object) -> None:
    """What came back must be what is expected."""
    if actual != expected:
        message = f"expected {expected!r}, got {actual!r}"
        raise AssertionError(message)


def raises(kind: str, call: Callable[[], object], text: str = "") -> None:
    """The call must raise the client's error of this name, whose text has this in it."""
    try:
        returned = call()
    except library.PluralKitException as error:
        equal(type(error).__name__, kind)
        equal(text if text in str(error) else str(error), text)
    else:
        message = f"expected {kind}, got {returned!r}"
        raise AssertionError(message)


def ids(entities: Any) -> set[str]:
    """Return the UUIDs of what a list has."""
    return {one.id.uuid for one in entities}


def unknown_keys(call: Callable[[], object]) -> list[str]:
    """Return what the client warns of when it meets keys that it does not know."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        call()
    return [str(one.message) for one in seen if "unexpected key" in str(one.message)]

"""How a server with a fault reads values: functions for faults of several keys. Here are no faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

    Read = Callable[[Original, Field, Any], object]


def take_values(kind: str, key: str, takes: Callable[[str], bool], server: Server) -> None:
    """Take some values of one key of one model that are rejected otherwise."""

    def read(original: Original, asked: Kind, body: dict[str, Any], *rest: object) -> Patch:
        value = body.get(key)
        if asked.name != kind or not isinstance(value, str) or not takes(value):
            patch: Patch = original(asked, body, *rest)
            return patch
        patch = original(asked, {name: kept for name, kept in body.items() if name != key}, *rest)
        patch.fields[key] = value
        return patch

    wrap(server.validation, "read", read)


def replace_in_posts(server: Server, step: str, replacement: Callable[..., Any]) -> None:
    """Put a function in the place of a step of validation while a POST is read."""
    posting: list[bool] = []

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
        posting.append(True)
        try:
            return original(kind, body)
        finally:
            posting.clear()

    def replaced(original: Original, *arguments: Any) -> Any:
        return replacement(original, *arguments) if posting else original(*arguments)

    wrap(server.validation, "creation", creation)
    wrap(server.validation, step, replaced)


def replace_reading(form: str, step: Read, server: Server) -> None:
    """Put a step in the place of the one that reads the values of a form: text, url, color, birthday."""
    wrap(server.validation, f"read_{form}", step)


def taking(matches: Callable[[str], object]) -> Read:
    """Return a step that also takes, as they are, the texts that match."""

    def read(original: Original, key: Field, value: Any) -> object:
        return value if isinstance(value, str) and matches(value) else original(key, value)

    return read


def changing(changed: Callable[[str], object]) -> Read:
    """Return a step that stores a text in another way."""

    def read(original: Original, key: Field, value: Any) -> object:
        text: str | None = original(key, value)
        return text and changed(text)

    return read

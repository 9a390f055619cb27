"""The differences of two JSON values, by path, so that a failure shows only what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_KEY = "no such key"


def differing(expected: Any, actual: Any) -> tuple[Any, Any]:
    """Return the parts of two objects or lists that differ, as `{path: value}`; other values are returned as they are.

    A key that only one of them has is "no such key" in the other.
    """
    if not _comparable(expected, actual):
        return expected, actual
    found = list(_differences("", expected, actual))
    if not found or any(not path for path, _, _ in found):
        return expected, actual
    return {path: old for path, old, _ in found}, {path: new for path, _, new in found}


def _comparable(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return True
    both = isinstance(left, list) and isinstance(right, list)
    return both and len(left) == len(right) and any(isinstance(part, dict | list) for part in left)


def _differences(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    if not _comparable(left, right):
        if left != right or type(left) is not type(right):
            yield path, left, right
        return
    if isinstance(left, list):
        for place, (old, new) in enumerate(zip(left, right, strict=True)):
            yield from _differences(f"{path}[{place}]", old, new)
        return
    for key in dict.fromkeys([*left, *right]):
        inner = f"{path}.{key}" if path else str(key)
        yield from _differences(inner, left.get(key, NO_KEY), right.get(key, NO_KEY))

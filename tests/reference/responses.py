"""Whether a response is what an item says: status, code, headers and values of the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

_ABSENT = object()


def value_at(body: Any, path: str) -> Any:
    """Return the value of a path like `errors.name.0`, `$` for the whole; what is not there is a mark of its own."""
    for part in () if path == "$" else path.split("."):
        try:
            body = body[int(part) if isinstance(body, list) else part]
        except (KeyError, IndexError, ValueError, TypeError):
            return _ABSENT
    return body


def body_of(response: httpx.Response) -> Any:
    """Return the JSON value, whatever its label says; what is none is a mark of its own."""
    try:
        return response.json()
    except ValueError:
        return _ABSENT


def faults_of(response: httpx.Response, wanted: Any) -> list[str]:
    """Return in what the response differs from what is wanted."""
    wanted = wanted if isinstance(wanted, dict) else {"is": wanted}
    status, _, code = str(wanted["is"]).partition(" ")
    body = body_of(response)
    found = [] if str(response.status_code) == status else [f"status {response.status_code}"]
    if code and value_at(body, "code") != int(code):
        found.append(f"code {_shown(value_at(body, 'code'))}")
    if "empty" in wanted and wanted["empty"] == bool(response.content):
        found.append(f"body {response.text!r}")
    return found + _headers(response, wanted.get("headers", {})) + _values(body, wanted)


def _headers(response: httpx.Response, wanted: dict[str, str | None]) -> list[str]:
    return [
        f"header {name}: {response.headers.get(name)!r}"
        for name, value in wanted.items()
        if response.headers.get(name) != value
    ]


def _values(body: Any, wanted: dict[str, Any]) -> list[str]:
    seen = {
        path: value_at(body, path)
        for part in ("body", "length", "matches", "has", "lacks")
        for path in wanted.get(part, ())
    }
    wrong = [path for path, value in wanted.get("body", {}).items() if not _same(seen[path], value)]
    wrong += [
        path for path, size in wanted.get("length", {}).items() if _length(seen[path]) != size
    ]
    wrong += [
        path
        for path, pattern in wanted.get("matches", {}).items()
        if not re.fullmatch(pattern, _shown(seen[path]))
    ]
    wrong += [path for path in wanted.get("has", ()) if seen[path] is _ABSENT]
    wrong += [path for path in wanted.get("lacks", ()) if seen[path] is not _ABSENT]
    return [f"{path}: {_shown(seen[path])}" for path in wrong]


def _same(seen: Any, wanted: Any) -> bool:
    """Compare so that true is not 1."""
    return bool(seen == wanted) and isinstance(seen, bool) == isinstance(wanted, bool)


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, (list, dict)) else None


def _shown(value: Any) -> str:
    return "absent" if value is _ABSENT else value if isinstance(value, str) else repr(value)

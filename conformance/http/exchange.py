"""One request with its response, as recorded. It has no tokens: they are redacted before it is made."""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract import Operation


class _NotJson:
    """The body of a response that is no JSON, or nested too deep to be looked into; shown in words."""

    def __str__(self) -> str:
        return "no JSON"


NOT_JSON = _NotJson()
DEEPEST = 100  # nested lists and objects; the docs have five


@dataclasses.dataclass(frozen=True, eq=False)
class Exchange:
    """One request with its response; `status` is None when there was none, and `error` says why."""

    id: str
    caller: str
    operation: Operation
    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: str | None
    status: int | None
    headers: Mapping[str, str]
    text: str
    milliseconds: float
    error: str | None = None
    sent: float = 0.0  # UNIX time in seconds

    @property
    def ended(self) -> float:
        """The UNIX time in seconds at which the response had been received."""
        return self.sent + self.milliseconds / 1000

    @property
    def label(self) -> str:
        """Caller and operation, like `anonymous getMember`."""
        return f"{self.caller} {self.operation.id}"

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return self.status is not None and httpx.codes.is_success(self.status)

    @property
    def media_type(self) -> str:
        """The media type of the response without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_labelled_json(self) -> bool:
        """Whether the media type of the response says that it is JSON."""
        return self.media_type == "application/json" or self.media_type.endswith("+json")

    @functools.cached_property
    def json(self) -> Any:
        """The response body as JSON, or `NOT_JSON`."""
        try:
            body = json.loads(self.text, parse_constant=_reject)
            if is_too_deep(body):
                return NOT_JSON
            # Half of a surrogate pair can be neither sent nor printed: it becomes a question mark.
            return json.loads(_without_surrogates(body)) if "\\ud" in self.text.lower() else body
        except (ValueError, RecursionError):
            return NOT_JSON

    def event(self, check: str) -> dict[str, Any]:
        """Return the exchange as a line of the event log."""
        return {
            "event": "exchange",
            "id": self.id,
            "check": check,
            "caller": self.caller,
            "operation": self.operation.id,
            "scope": self.operation.scope,
            "sent": round(self.sent, 4),
            "method": self.method,
            "url": self.url,
            "request": {"headers": dict(self.request_headers), "body": self.request_body},
            "status": self.status,
            "response": None
            if self.status is None
            else {"headers": dict(self.headers), "body": self.text},
            "milliseconds": round(self.milliseconds, 2),
            "error": self.error,
        }


def is_too_deep(body: Any) -> bool:
    """Whether lists and objects are nested deeper than the functions that look into them may go."""
    level = [body] if isinstance(body, (dict, list)) else []
    for _ in range(DEEPEST):
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for values in inside for one in values if isinstance(one, (dict, list))]
        if not level:
            return False
    return True


def _reject(constant: str) -> None:
    """Reject NaN and Infinity, which Python reads although JSON has no such values."""
    raise ValueError(constant)


def _without_surrogates(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace").decode()

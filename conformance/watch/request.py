"""A request as it arrived, with what the docs say of its endpoint, and the response to it. Both still hold tokens."""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from conformance.http.exchange import is_too_deep
from conformance.watch.bodies import misfits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from conformance.contract import Contract, Operation
    from conformance.watch.bodies import Misfit
    from conformance.watch.documented import Documented, Place

NO_JSON = object()


def read_json(text: str | bytes) -> Any:
    """Return what a text is as JSON; `NO_JSON` for none, and for what is nested too deep to be looked into."""
    try:
        body = json.loads(text, parse_constant=_reject)
    except (ValueError, RecursionError):
        return NO_JSON
    return NO_JSON if is_too_deep(body) else body


def _reject(constant: str) -> None:
    """Reject NaN and Infinity, which are no JSON."""
    raise ValueError(constant)


@dataclasses.dataclass(frozen=True, eq=False)
class Request:
    """A whole request. `arrived` is when its first line had come, by the monotonic clock, `sent` the same as UNIX time."""

    id: str
    arrived: float
    sent: float
    method: str
    target: str
    headers: httpx.Headers
    body: bytes
    documented: Documented

    @property
    def contract(self) -> Contract:
        """The contract by which it is judged."""
        return self.documented.contract

    @property
    def path(self) -> str:
        """The path as it was sent."""
        return self.target.partition("?")[0]

    @functools.cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query parameters, decoded."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True, errors="replace")

    @functools.cached_property
    def place(self) -> Place:
        """What the docs have at its method and path."""
        return self.documented.place(self.method, self.path)

    @property
    def operation(self) -> Operation | None:
        """The operation that it is."""
        return self.place.operation

    @property
    def authorization(self) -> str | None:
        """The Authorization header without blanks around it; None without one."""
        found = self.headers.get("authorization")
        return None if found is None else found.strip()

    @functools.cached_property
    def json(self) -> Any:
        """The body as JSON, or `NO_JSON`."""
        return read_json(self.body)

    @property
    def keys(self) -> Mapping[str, Any] | None:
        """The keys of its body, if the docs have a body of keys there, and it is one."""
        schema = self.operation.request_schema if self.operation else None
        wanted = schema is not None and schema.get("type") == "object"
        return self.json if wanted and isinstance(self.json, dict) else None

    @functools.cached_property
    def misfits(self) -> list[Misfit]:
        """What in its body is not as the docs have it."""
        if self.operation is None or self.operation.request_schema is None:
            return []
        if self.json is NO_JSON:
            return []
        return list(misfits(self.contract, self.operation, self.json))

    @property
    def same_as(self) -> tuple[str, str, str | None, bytes]:
        """What two requests have in common that are the same one, sent twice."""
        return (self.method, self.target, self.authorization, self.body)


@dataclasses.dataclass(frozen=True, eq=False)
class Response:
    """What the server returned; `status` is None when nothing came, and `error` says why."""

    returned: float
    status: int | None
    headers: httpx.Headers
    text: str
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it is no success."""
        return self.status is None or self.status >= 400  # noqa: PLR2004 where failures begin

    @functools.cached_property
    def json(self) -> Any:
        """The body as JSON, or `NO_JSON`."""
        return read_json(self.text)

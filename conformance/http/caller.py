"""Callers: the owner of the system under test, the owner of another one, and an anonymous one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.http.client import NO_BODY, Message
from conformance.http.outcomes import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Contract
    from conformance.http.client import Client, Query
    from conformance.http.exchange import Exchange


ME = {"systemId": "@me"}


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who sends a request. The token never shows in its text form."""

    name: str
    contract: Contract
    client: Client
    token: str | None = dataclasses.field(default=None, repr=False)

    def send(
        self,
        operation: str,
        refs: Mapping[str, str] | None = None,
        *,
        json: Any = NO_BODY,
        content: bytes | None = None,
        query: Query | None = None,
        headers: Mapping[str, str | None] | None = None,
        release: Callable[[], None] | None = None,
    ) -> Exchange:
        """Send the operation with this id; `refs` are its path parameters, like `{"memberId": "abcde"}`.

        `release` is called once the connection is open, and returns when the request is to be sent. Beside what `Client.send`
        raises there is NotApplicable for an operation of a feature that the target file does not declare.
        """
        if operation not in self.contract.operations:
            reason = f"needs {operation}, of a feature that the target file does not declare"
            raise NotApplicable(reason)
        authorization = {} if self.token is None else {"Authorization": self.token}
        message = Message({**authorization, **(headers or {})}, json, content, query, release)
        return self.client.send(self.contract.operations[operation], refs or {}, message, self.name)

    def with_token(self, token: str | None, name: str, *, shown: str | None = None) -> Caller:
        """Return a caller that sends another Authorization value, or none; everything written has `shown` in its place."""
        if shown is not None:
            self.client.hide(shown, token)
        return dataclasses.replace(self, token=token, name=name)

    def without_version(self) -> Caller:
        """Return a caller whose paths begin where the base URL does, but without its /v2."""
        return dataclasses.replace(self, client=self.client.without_version())

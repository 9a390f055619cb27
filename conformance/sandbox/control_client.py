"""The control API as methods, for tests written in Python. What each route does is in `docs/sandbox.md`."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from typing import Unpack

_SUCCESSES = range(200, 300)
_TIMEOUT = 30  # seconds


class ControlError(Exception):
    """The control API rejected an operation; the message says what is wrong and what is right."""


class FailureKeys(TypedDict, total=False):
    """For which requests a failure is armed, and what it is like."""

    operation: str
    method: Literal["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    requests: int
    retry_after: int
    ms: int
    carried_out: bool


class MessageKeys(TypedDict, total=False):
    """What can be set in a message."""

    member_deleted: bool
    id: str
    original: str
    sender: str
    channel: str
    guild: str


class ControlClient:
    """Sends to the control API at a URL; each operation raises ControlError when it is rejected."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address, self._path = parts.netloc, parts.path

    def reset(self) -> None:
        """Return to the state of the start, with the clock of this machine and no armed failures; the log of requests stays."""
        self._send("POST", "/reset")

    def arm(
        self,
        failure: Literal["429", "500", "slow", "dropped", "204"],
        **keys: Unpack[FailureKeys],
    ) -> dict[str, Any]:
        """Let the next requests fail: of an operation, of a method and path, or any."""
        return self._get("POST", "/failures", {"failure": failure, **keys})

    def failures(self) -> list[dict[str, Any]]:
        """Return the failures that are still armed."""
        found: list[dict[str, Any]] = self._get("GET", "/failures")["failures"]
        return found

    def disarm(self) -> None:
        """Disarm all failures."""
        self._send("DELETE", "/failures")

    def clock(self) -> dict[str, Any]:
        """Return what time it is (`now`), and whether the clock stands still (`frozen`)."""
        return self._get("GET", "/clock")

    def freeze(self, at: str | None = None) -> dict[str, Any]:
        """Let the clock stand still where it is, or at an instant like `2030-01-01T12:00:00Z`."""
        return self._get("POST", "/clock/freeze", {} if at is None else {"at": at})

    def advance(self, seconds: float) -> dict[str, Any]:
        """Let so many seconds pass."""
        return self._get("POST", "/clock/advance", {"seconds": seconds})

    def unfreeze(self) -> dict[str, Any]:
        """Use the clock of this machine again."""
        return self._get("POST", "/clock/unfreeze")

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the last requests of clients, oldest first: those with a number after this one."""
        found = self._get("GET", f"/requests?{urlencode({'since': since})}")
        requests: list[dict[str, Any]] = found["requests"]
        return requests

    def clear_requests(self) -> None:
        """Forget the requests; numbers go on."""
        self._send("DELETE", "/requests")

    def create_system(self, name: str, account_id: str | None = None) -> dict[str, Any]:
        """Create a system; return its ids and its token."""
        account = {} if account_id is None else {"account_id": account_id}
        return self._get("POST", "/systems", {"name": name, **account})

    def create_message(self, member: str, **keys: Unpack[MessageKeys]) -> dict[str, Any]:
        """Create a message of a member, as if it had been proxied now; return it."""
        return self._get("POST", "/messages", {"member": member, **keys})

    def set_guild(
        self, kind: Literal["systems", "members"], ref: str, guild: str, **settings: object
    ) -> dict[str, Any]:
        """Let a system or member have settings in a guild, with these values; return them."""
        return self._get("PUT", _guild(kind, ref, guild), settings)

    def remove_guild(self, kind: Literal["systems", "members"], ref: str, guild: str) -> None:
        """Let a system or member have no settings in a guild."""
        self._send("DELETE", _guild(kind, ref, guild))

    def export(self, system: str | None = None) -> dict[str, Any]:
        """Return the first system, or another one, in the form in which `--data` loads it."""
        query = "" if system is None else f"?{urlencode({'system': system})}"
        return self._get("GET", f"/export{query}")

    def _get(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self._send(method, path, body))
        return value

    def _send(self, method: str, path: str, body: object = None) -> bytes:
        connection = http.client.HTTPConnection(self._address, timeout=_TIMEOUT)
        declared = {} if body is None else {"Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, self._path + path, text, declared)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status not in _SUCCESSES:
            raise ControlError(json.loads(content)["message"])
        return content


def _guild(kind: str, ref: str, guild: str) -> str:
    return f"/{kind}/{quote(ref, safe='')}/guilds/{quote(guild, safe='')}"

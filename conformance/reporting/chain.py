"""A chain of requests that reproduces a defect: as curl lines, and as a pytest test.

The ids that the target chose are variables, filled from the responses that have them. Nothing is sent from here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.curl import curl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AGENT = "User-Agent"
_TOKENS = {"owner": "PK_TOKEN", "other": "PK_OTHER_TOKEN"}


class Chain:
    """The exchanges of a chain, as report.json has them, the evidence last; `test` is an expression that its response violates."""

    def __init__(self, exchanges: Sequence[Mapping[str, Any]], base_url: str, test: str) -> None:
        self.exchanges, self.base_url, self.test = exchanges, base_url, test
        self._created: dict[int, str] = {}  # the name of what the exchange at this place created
        self._ids: dict[str, tuple[str, str]] = {}  # id: name, key
        for place, exchange in enumerate(exchanges):
            self._note(place, exchange)

    def _note(self, place: int, exchange: Mapping[str, Any]) -> None:
        if not exchange["operation"].startswith("create") or exchange["response"] is None:
            return
        kind = exchange["operation"].removeprefix("create").lower()
        body = _json(exchange["response"]["body"])
        if isinstance(body, dict) and isinstance(body.get("id"), str):
            name = f"{kind}{sum(other.startswith(kind) for other in self._created.values()) + 1}"
            self._created[place] = name
            self._ids |= {str(body[key]): (name, key) for key in ("uuid", "id") if key in body}

    def curl(self) -> list[str]:
        """Return shell lines that send the requests again; they need jq where an id is used again."""
        lines = []
        for place, exchange in enumerate(self.exchanges):
            line = curl(self._with_variables(exchange))
            name = self._created.get(place)
            lines.append(f"{name}=$({line})" if name else line)
            for ref, (entity, key) in self._ids.items():
                if entity == name and self._is_used(ref, place):
                    lines.append(f'{_variable(entity, key)}=$(jq -r .{key} <<<"${entity}")')
        return lines

    def _is_used(self, ref: str, place: int) -> bool:
        later = self.exchanges[place + 1 :]
        return any(ref in f"{one['url']} {one['request']['body']}" for one in later)

    def _with_variables(self, exchange: Mapping[str, Any]) -> dict[str, Any]:
        request = dict(exchange["request"])
        if request["body"] is not None:
            request["body"] = self._replaced(request["body"], "${}")
        return {**exchange, "url": self._replaced(exchange["url"], "${}"), "request": request}

    def _replaced(self, text: str, form: str) -> str:
        for ref, (name, key) in self._ids.items():
            text = re.sub(
                rf"\b{re.escape(ref)}\b",
                form.replace("{}", _variable(name, key)),
                text,
            )
        return text

    def pytest(self) -> str:
        """Return a test that sends the requests again; it needs pytest, httpx and the tokens in the environment."""
        agent = next(
            (
                one["request"]["headers"].get(_AGENT.lower())
                or one["request"]["headers"].get(_AGENT)
                for one in self.exchanges
            ),
            None,
        )
        body = [
            line
            for place, exchange in enumerate(self.exchanges)
            for line in self._step(place, exchange)
        ]
        callers = dict.fromkeys(one["caller"] for one in self.exchanges if one["caller"] in _TOKENS)
        tokens = [
            f'    {caller} = {{"Authorization": os.environ["{_TOKENS[caller]}"]}}'
            for caller in callers
        ]
        client = (
            f"    with httpx.Client(headers={{{_AGENT!r}: {agent or 'reproduction'!r}}}) as api:"
        )
        return "\n".join(
            [
                "import os",
                "",
                "import httpx",
                "",
                f"BASE = {self.base_url!r}",
                "",
                "",
                "def test_chain():",
                *tokens,
                client,
                *body,
                f"        assert {self._code(self.test)}",
                "",
            ]
        )

    def _step(self, place: int, exchange: Mapping[str, Any]) -> list[str]:
        path = exchange["url"].removeprefix(self.base_url)
        url = self._url(path)
        words = [repr(exchange["method"]), f"BASE + {url}"]
        if exchange["caller"] in _TOKENS:
            words.append(f"headers={exchange['caller']}")
        if exchange["request"]["body"] is not None:
            words.append(f"json={self._code(repr(_json(exchange['request']['body'])))}")
        lines = [f"        response = api.request({', '.join(words)})"]
        name = self._created.get(place)
        return [*lines, f"        {name} = response.json()"] if name else lines

    def _url(self, path: str) -> str:
        url = path
        for ref, (name, key) in self._ids.items():
            url = re.sub(rf"\b{re.escape(ref)}\b", f"{{{name}['{key}']}}", url)
        return f'f"{url}"' if url != path else repr(path)

    def _code(self, text: str) -> str:
        """Return Python code in which quoted ids are taken from earlier responses."""
        for ref, (name, key) in self._ids.items():
            text = text.replace(repr(ref), f'{name}["{key}"]')
        return text


def _variable(name: str, key: str) -> str:
    return f"PKC_{name}_{key}".upper()


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return text

"""A chain of requests that reproduces a defect: as curl lines, and as a pytest test.

The ids that the target chose are variables, filled from the responses that have them. Nothing is sent from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.curl import curl
from conformance.reporting.history import created_ids, parsed
from conformance.reporting.id_forms import Ref, refs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AGENT = "User-Agent"
_TOKENS = {"owner": "PK_TOKEN", "other": "PK_OTHER_TOKEN"}
# An id is a whole word; in a URL the two digits of an encoded character may stand before it.
_WORD = re.compile(r"(?<=%)[0-9A-Fa-f]{2}|[\w-]+")
_STATUS_ALONE, _WHOLE = ("-sSo", "/dev/null", "-w", "'%{http_code}\\n'"), ("-sSi",)


class Chain:
    """The exchanges of a chain, as report.json has them, the evidence last; `test` is an expression that its response violates."""

    def __init__(
        self, exchanges: Sequence[Mapping[str, Any]], base_url: str, test: str = ""
    ) -> None:
        self.exchanges, self.base_url, self.test = exchanges, base_url, test
        self._created: dict[int, str] = {}  # the name of what the exchange at this place created
        self._refs: dict[str, Ref] = {}  # by how they are written
        for place, exchange in enumerate(exchanges):
            self._note(place, exchange)

    def _note(self, place: int, exchange: Mapping[str, Any]) -> None:
        """Name what an exchange created, and take the forms of its ids."""
        ids = created_ids(exchange) if exchange["operation"].startswith("create") else {}
        if not ids:
            return
        kind = exchange["operation"].removeprefix("create").lower()
        name = f"{kind}{sum(other.startswith(kind) for other in self._created.values()) + 1}"
        self._created[place] = name
        for key, ref in ids.items():
            self._refs = refs(name, key, ref) | self._refs

    def curl(self) -> list[str]:
        """Return shell lines that send the requests again: they print status by status, and the last response as it is.

        They need jq where an id is used again.
        """
        lines = []
        last, refs_used = len(self.exchanges) - 1, self._used()
        for place in range(last):
            name = self._created.get(place)
            used = [ref for ref, later in refs_used if ref.entity == name and later > place]
            line = curl(self._with_variables(place), *(_STATUS_ALONE if name is None else ("-sS",)))
            lines.append(line if name is None else f"{name}=$({line})")
            lines += [f"{ref.variable}=$({ref.shell})" for ref in used]
        lines.append(curl(self._with_variables(last), *_WHOLE))
        return lines

    def _used(self) -> list[tuple[Ref, int]]:
        """Return each ref that a request names, with the place of the last one that does, in the order of the first ones."""
        last: dict[str, int] = {}
        for place, one in enumerate(self.exchanges):
            words = _WORD.findall(f"{one['url']} {one['request']['body']}")
            last |= {written: place for written in words if written in self._refs}
        return [(self._refs[written], place) for written, place in last.items()]

    def _with_variables(self, place: int) -> dict[str, Any]:
        exchange = self.exchanges[place]
        body = exchange["request"]["body"]
        replaced = body if body is None else self._replaced(body, "${0.variable}", place)
        url = self._replaced(exchange["url"], "${0.variable}", place)
        return {**exchange, "url": url, "request": {**exchange["request"], "body": replaced}}

    def _replaced(self, text: str, form: str, end: int) -> str:
        """Return a text in which a ref, in this form, stands for each id that the exchanges before the place `end` returned."""
        if self._refs.keys().isdisjoint(_WORD.findall(text)):
            return text
        known = [name for place, name in self._created.items() if place < end]

        def replaced(found: re.Match[str]) -> str:
            ref = self._refs.get(found[0])
            return form.format(ref) if ref and ref.entity in known else found[0]

        return _WORD.sub(replaced, text)

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
        replaced = self._replaced(path, "{0.inserted}", place)
        url = f'f"{replaced}"' if replaced != path else repr(path)
        words = [repr(exchange["method"]), f"BASE + {url}"]
        if exchange["caller"] in _TOKENS:
            words.append(f"headers={exchange['caller']}")
        if exchange["request"]["body"] is not None:
            words.append(f"json={self._code(repr(parsed(exchange['request']['body'])))}")
        lines = [f"        response = api.request({', '.join(words)})"]
        name = self._created.get(place)
        return [*lines, f"        {name} = response.json()"] if name else lines

    def _code(self, text: str) -> str:
        """Return Python code in which quoted ids are taken from earlier responses."""
        for written, ref in self._refs.items():
            text = text.replace(repr(written), ref.code)
        return text

"""The exchanges as a HAR file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.reporting import read
from conformance.reporting.har import har

from .conftest import HOSTILE, every_verdict, exchange, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def having(*required: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has these keys."""
    return {"type": "object", "required": [*required, *properties], "properties": properties}


TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}
WHOLE: dict[str, Any] = {"type": "integer"}
PAIRS: dict[str, Any] = {"type": "array", "items": having(name=TEXT, value=TEXT)}
MESSAGE: dict[str, dict[str, Any]] = {
    "httpVersion": TEXT,
    "cookies": {"type": "array"},
    "headers": PAIRS,
}
SIZES: dict[str, dict[str, Any]] = {"headersSize": WHOLE, "bodySize": WHOLE}
REQUEST = having(method=TEXT, url=TEXT, queryString=PAIRS, **MESSAGE, **SIZES)
CONTENT = having(size=WHOLE, mimeType=TEXT)
RESPONSE = having(
    status=WHOLE, statusText=TEXT, redirectURL=TEXT, content=CONTENT, **MESSAGE, **SIZES
)
ENTRY = having(
    "cache",
    startedDateTime={"type": "string", "format": "date-time"},
    time=NUMBER,
    request=REQUEST,
    response=RESPONSE,
    timings=having(send=NUMBER, wait=NUMBER, receive=NUMBER),
)
MAKER = having(name=TEXT, version=TEXT)
LOG = having(version={"const": "1.2"}, creator=MAKER, entries={"type": "array", "items": ENTRY})
SCHEMA = having(log=LOG)  # what HAR 1.2 requires


def entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of the HAR of a log, which has to be valid."""
    document = json.loads(har(read(path), "a headline"))
    Draft202012Validator(SCHEMA).validate(document)
    assert document["log"]["comment"] == "a headline"
    found: list[dict[str, Any]] = document["log"]["entries"]
    return found


def test_every_exchange_in_order(write: Write) -> None:
    """Each exchange is an entry, with what was sent and received, hostile text included."""
    found = entries(write(every_verdict()))
    assert [entry["comment"].partition(":")[0] for entry in found] == [f"e{n}" for n in range(10)]
    assert {entry["response"]["content"]["text"] for entry in found} == {HOSTILE}
    assert found[0]["request"]["postData"] == {
        "mimeType": "application/json",
        "text": '{"color": null}',
    }


def test_what_is_known_of_an_exchange(write: Write) -> None:
    """The time, the query, the phrase of the status, and where a redirect leads are there in the words of the format."""
    url = "http://127.0.0.1/v2/systems/@me/switches?limit=&before=2026-01-01T00:00:00Z"
    moved = {"headers": {"Location": "/v2", "content-type": "text/html"}, "body": None}
    first = exchange("e1", url=url, sent=1764500000.25, status=302, response=moved)
    [entry] = entries(write([started([]), first]))
    assert entry["startedDateTime"] == "2025-11-30T10:53:20.250+00:00"
    query = {row["name"]: row["value"] for row in entry["request"]["queryString"]}
    assert query == {"limit": "", "before": "2026-01-01T00:00:00Z"}
    response = entry["response"]
    assert (response["statusText"], response["redirectURL"]) == ("Found", "/v2")
    assert response["content"] == {"size": 0, "mimeType": "text/html", "text": ""}


@pytest.mark.parametrize(
    ("facts", "status", "comment"),
    [
        ({"status": None, "response": None, "error": "timed out"}, 0, "timed out"),
        ({"status": 799}, 799, None),
    ],
)
def test_odd_responses(
    write: Write, facts: dict[str, Any], status: int, comment: str | None
) -> None:
    """A request without a response says why, and an unknown status has no phrase."""
    [entry] = entries(write([started([]), exchange("e1", **facts)]))
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (status, "")
    assert entry["response"].get("comment") == comment
    assert entry["startedDateTime"] == "2026-11-23T12:00:00Z"

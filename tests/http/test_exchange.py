"""Properties of exchanges, and their line in the event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http.exchange import NOT_JSON

if TYPE_CHECKING:
    from tests.http.conftest import Responses


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (204, True), (302, False), (400, False), (500, False)]
)
def test_success(responses: Responses, status: int, *, ok: bool) -> None:
    """2xx is a success, nothing else."""
    assert responses(status).ok is ok


def test_event(responses: Responses) -> None:
    """An exchange becomes one line of the event log with request and response."""
    exchange = responses(200, {"id": "abcde"})
    event = exchange.event("module::check")
    assert event["check"] == "module::check"
    assert (event["caller"], event["operation"], event["method"]) == (
        "anonymous",
        "getSystem",
        "GET",
    )
    assert event["url"].endswith("/v2/systems/@me")
    assert event["request"]["body"] is None
    assert event["response"]["body"] == '{"id": "abcde"}'
    assert (event["status"], event["error"]) == (200, None)
    assert exchange.json == {"id": "abcde"}


def test_half_of_a_surrogate_pair(responses: Responses) -> None:
    """Half of a surrogate pair becomes a question mark, a whole pair is left as it is."""
    exchange = responses(200, {"id": "a\ud83d", "name": "\U0001f600"})
    assert exchange.json == {"id": "a?", "name": "\U0001f600"}


@pytest.mark.parametrize(
    "body",
    ["NaN", "[Infinity]", '{"id": -Infinity}', "[" * 101 + "]" * 101, "\\xff", '{"id": "\\xff"}'],
)
def test_what_python_reads_as_json(responses: Responses, body: str) -> None:
    """What JSON does not have is no JSON, nor is the text that stands for bytes that are no UTF-8."""
    assert responses(200, body).json is NOT_JSON

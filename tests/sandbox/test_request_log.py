"""The log of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference.routing import OPERATIONS
from conformance.sandbox.request_log import KEPT, LONGEST_BODY, LONGEST_TEXT, camel_case

if TYPE_CHECKING:
    from conformance.contract import Contract
    from tests.sandbox.conftest import Running


def logged(sandbox: Running, since: int = 0) -> list[dict[str, Any]]:
    """Return the requests after a number."""
    rows: list[dict[str, Any]] = sandbox.control.get(f"/requests?since={since}").json()["requests"]
    return rows


def test_a_request_is_shown(sandbox: Running) -> None:
    """All that a client's author wants to know of a request is there."""
    created = sandbox.api.post("/members", json={"name": "Ash"})
    assert created.status_code == 200
    (row,) = logged(sandbox)
    assert row.pop("time") > "2025"
    assert row.pop("ms") > 0
    assert "authorization" in row.pop("headers")
    assert row == {
        "number": 1,
        "method": "POST",
        "path": "/v2/members",
        "query": {},
        "operation": "createMember",
        "caller": "owner",
        "system": sandbox.seeded.first.short_id,
        "user_agent": "tests",
        "body": {"name": "Ash"},
        "body_size": 14,
        "status": 200,
        "failure": None,
    }


def test_callers_and_operations(sandbox: Running) -> None:
    """The caller is known by the token, the operation by method and path."""
    sandbox.other.get("/systems/@me/switches?limit=1")
    sandbox.anonymous.head("/members/aaaaaa")
    sandbox.anonymous.put("/members/aaaaaa")
    sandbox.anonymous.get("/nothing", headers={"Authorization": "unknown"})
    rows = logged(sandbox)
    assert [(row["caller"], row["operation"], row["status"]) for row in rows] == [
        ("other", "getSystemSwitches", 200),
        ("anonymous", "getMember", 404),
        ("anonymous", None, 405),
        ("anonymous", None, 404),
    ]
    assert rows[0]["query"] == {"limit": "1"}


def test_since(sandbox: Running) -> None:
    """A page that polls gets what is new; the log itself is not in the log."""
    for _ in range(3):
        sandbox.anonymous.get("/nothing")
    last = sandbox.control.get("/requests").json()["last"]
    assert last == 3
    assert [row["number"] for row in logged(sandbox, since=1)] == [2, 3]
    assert logged(sandbox, since=last) == []


def test_clearing(sandbox: Running) -> None:
    """A log that was cleared is empty, and numbers go on."""
    sandbox.anonymous.get("/nothing")
    assert sandbox.control.delete("/requests").status_code == 204
    assert logged(sandbox) == []
    sandbox.anonymous.get("/nothing")
    assert [row["number"] for row in logged(sandbox)] == [2]


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "", "9" * 30])
def test_bad_since(sandbox: Running, since: str) -> None:
    """What is no number gets one line."""
    response = sandbox.control.get(f"/requests?since={since}")
    assert response.status_code == 400
    assert response.json()["message"] == (
        f"since: '{since}' is no number; use the value of last, or leave it out"
    )


def test_no_tokens(sandbox: Running) -> None:
    """A token that a client puts anywhere is not in the log, not even one of another system."""
    token, other = sandbox.seeded.first.token, sandbox.seeded.second.token
    sandbox.api.post("/members", json={"name": token, "description": f"{other}!"})
    query = {"token": token, other: "x"}
    sandbox.api.get("/systems/@me", params=query, headers={"User-Agent": other})
    sandbox.api.get(f"/members/{token}")
    text = sandbox.control.get("/requests").text
    assert token not in text
    assert other not in text
    assert logged(sandbox)[0]["body"] == {"name": "[token]", "description": "[token]!"}


def test_long_texts_are_cut(sandbox: Running) -> None:
    """Of a path, a query and a user agent the begin is kept, and no part of a token."""
    token = sandbox.seeded.first.token
    long = "x-" * (LONGEST_TEXT // 2 - 20) + token
    sandbox.anonymous.get(f"/members/{long}", params={"a": long}, headers={"User-Agent": long})
    (row,) = logged(sandbox)
    for text in (row["path"], row["query"]["a"], row["user_agent"]):
        assert len(text) <= LONGEST_TEXT
        assert text.endswith("x-[token]")


@pytest.mark.parametrize("body", [b"x=1", b"\xff", b'"' + b"a" * LONGEST_BODY + b'"'])
def test_bodies_that_are_left_out(sandbox: Running, body: bytes) -> None:
    """What is no JSON, or too long, is there with its size alone."""
    sandbox.api.post("/members", content=body)
    (row,) = logged(sandbox)
    assert (row["body"], row["body_size"]) == (None, len(body))


def test_log_has_an_end(sandbox: Running) -> None:
    """Of many requests the last 1,000 are kept."""
    for _ in range(KEPT + 5):
        sandbox.anonymous.get("/nothing")
    numbers = [row["number"] for row in logged(sandbox)]
    assert numbers == list(range(6, KEPT + 6))


def test_operations_have_the_names_of_the_document(contract: Contract) -> None:
    """The reference server, which knows no OpenAPI document, names its operations alike."""
    assert {camel_case(operation.name) for operation in OPERATIONS} == set(contract.operations)

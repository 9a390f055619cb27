"""Failures that are armed: which requests they meet, and what a client sees of each."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS

if TYPE_CHECKING:
    from tests.sandbox.conftest import Running, Start


def arm(sandbox: Running, failure: str, **values: object) -> dict[str, Any]:
    """Arm a failure."""
    response = sandbox.control.post("/failures", json={"failure": failure} | values)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def armed(sandbox: Running) -> list[dict[str, Any]]:
    """Return what is armed."""
    rows: list[dict[str, Any]] = sandbox.control.get("/failures").json()["failures"]
    return rows


def test_too_many_requests(sandbox: Running) -> None:
    """A 429 is that of the rate limiter, with the time to wait, and over after so many requests."""
    arm(sandbox, "429", operation="getSystem", requests=2, retry_after=1234)
    first, second, third = (sandbox.api.get("/systems/@me") for _ in range(3))
    assert (first.status_code, second.status_code, third.status_code) == (429, 429, 200)
    assert first.json() == {"message": "429: too many requests", "code": 0, "retry_after": 1234}
    assert first.headers["x-ratelimit-remaining"] == "0"
    assert first.headers["x-ratelimit-scope"] == "generic_get"
    assert first.headers["access-control-allow-origin"] == "*"
    assert armed(sandbox) == []


def test_too_many_requests_at_the_launch(start: Start) -> None:
    """At 2021-11 a 429 has no headers of its own."""
    with start(Server(revision=REVISIONS["2021-11"], limited=False)) as sandbox:
        arm(sandbox, "429")
        response = sandbox.api.get("/systems/@me")
    assert response.status_code == 429
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize("carried_out", [False, True])
def test_server_error(sandbox: Running, *, carried_out: bool) -> None:
    """A 500 comes with its error object; the request is carried out only if asked for."""
    arm(sandbox, "500", operation="createMember", carried_out=carried_out)
    response = sandbox.api.post("/members", json={"name": "Ash"})
    assert (response.status_code, response.json()["code"]) == (500, 0)
    assert len(sandbox.api.get("/systems/@me/members").json()) == carried_out


def test_no_content(sandbox: Running) -> None:
    """A 204 has no body."""
    arm(sandbox, "204")
    response = sandbox.api.get("/systems/@me")
    assert (response.status_code, response.content) == (204, b"")


def test_slow(sandbox: Running) -> None:
    """A slow response is the usual one, later; others do not wait for it."""
    arm(sandbox, "slow", operation="createMember", ms=300)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.api.post("/members", json={"name": "Ash"}, timeout=0.05)
    assert [row["name"] for row in sandbox.api.get("/systems/@me/members").json()] == ["Ash"]
    arm(sandbox, "slow", ms=50)
    began = time.monotonic()
    response = sandbox.api.get("/systems/@me")
    assert time.monotonic() - began >= 0.05
    assert response.json()["name"] == "First"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("carried_out", [False, True])
def test_dropped(sandbox: Running, capfd: pytest.CaptureFixture[str], *, carried_out: bool) -> None:
    """The connection ends without a response, and the sandbox goes on, quietly."""
    arm(sandbox, "dropped", method="POST", path="/v2/members", carried_out=carried_out)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        sandbox.api.post("/members", json={"name": "Ash"})
    assert len(sandbox.api.get("/systems/@me/members").json()) == carried_out
    row = sandbox.control.get("/requests").json()["requests"][0]
    assert (row["status"], row["failure"]) == (None, "dropped")
    assert capfd.readouterr().err == ""


def test_which_requests(sandbox: Running) -> None:
    """A failure meets its operation, or its method and path, and no other request; a preflight never fails."""
    arm(sandbox, "500", operation="getMember")
    arm(sandbox, "204", path="/v2/systems/*/groups", requests=2)
    arm(sandbox, "429", method="DELETE")
    assert sandbox.api.options("/members/aaaaaa").status_code == 200
    requests = [
        ("GET", "/systems/@me", 200),
        ("GET", "/systems/@me/groups", 204),
        ("DELETE", "/groups/aaaaaa", 429),
        ("DELETE", "/groups/aaaaaa", 404),
        ("HEAD", "/members/aaaaaa", 500),
        ("GET", "/members/aaaaaa", 404),
    ]
    for method, path, status in requests:
        assert sandbox.api.request(method, path).status_code == status
    assert [row["requests"] for row in armed(sandbox)] == [1]


def test_the_first_that_was_armed_comes_first(sandbox: Running) -> None:
    """Of two for the same request, the older one is used up before."""
    arm(sandbox, "500")
    arm(sandbox, "204")
    assert [sandbox.api.get("/systems/@me").status_code for _ in range(3)] == [500, 204, 200]
    log = sandbox.control.get("/requests").json()["requests"]
    assert [row["failure"] for row in log] == ["500", "204", None]


def test_disarming(sandbox: Running) -> None:
    """One or all of them are forgotten; a reset forgets all."""
    first, second = arm(sandbox, "500", requests=5), arm(sandbox, "429", retry_after=5)
    assert "retry_after" not in first
    assert armed(sandbox) == [first, second]
    assert sandbox.control.delete(f"/failures/{first['id']}").status_code == 204
    assert armed(sandbox) == [second]
    again = sandbox.control.delete(f"/failures/{first['id']}")
    assert (again.status_code, again.json()["message"]) == (
        404,
        f"failure: '{first['id']}' is not armed; GET /_sandbox/failures lists those that are",
    )
    assert sandbox.control.delete("/failures").status_code == 204
    assert armed(sandbox) == []
    arm(sandbox, "500")
    sandbox.control.post("/reset")
    assert armed(sandbox) == []
    assert sandbox.api.get("/systems/@me").status_code == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body: 'failure' is a required property; known keys are failure, operation, method,"),
        (
            {"failure": "418"},
            "failure: '418' is not one of ['429', '500', 'slow', 'dropped', '204']",
        ),
        ({"failure": 429}, "failure: 429 is not one of"),
        (
            {"failure": "500", "operation": "getMembers"},
            "operation: 'getMembers' is unknown; did you mean getMember or",
        ),
        ({"failure": "500", "operation": "x"}, "operation: 'x' is unknown; use one like getMember"),
        (
            {"failure": "500", "operation": "getMember", "path": "/v2/x"},
            "operation: it has a method and a path already; leave them out",
        ),
        (
            {"failure": "500", "path": "members"},
            "path: 'members' does not match '^/v2'; a path from",
        ),
        ({"failure": "500", "requests": 0}, "requests: 0 is less than the minimum of 1; how many"),
        ({"failure": "500", "ms": 5}, "ms: only the failure slow has it; leave it out"),
        ({"failure": "slow", "retry_after": 5}, "retry_after: only the failure 429 has it"),
        ({"failure": "429", "carried_out": True}, "carried_out: a 429 is never carried out"),
    ],
)
def test_bad_input_is_one_line(sandbox: Running, body: object, message: str) -> None:
    """What is wrong gets one line that names it and the remedy, and nothing is armed."""
    response = sandbox.control.post("/failures", json=body)
    assert response.status_code == 400
    assert response.json()["message"].startswith(message)
    assert armed(sandbox) == []

"""Who may use the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.conftest import running

if TYPE_CHECKING:
    from tests.sandbox.conftest import Running


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1", "127.1.2.3:1", "[::1]:80", "a.localhost"]
)
def test_loopback_hosts(sandbox: Running, host: str) -> None:
    """Names and addresses of this machine are accepted."""
    assert sandbox.control.get("", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1:8000", "localhost.example.com", ""])
def test_other_hosts(sandbox: Running, host: str) -> None:
    """A page whose name was given a loopback address gets nothing."""
    response = sandbox.control.get("", headers={"Host": host})
    assert response.status_code == 403
    assert response.json() == {
        "message": f"Host: '{host}' is no loopback address; use 127.0.0.1 or localhost"
    }


def test_any_host_when_open_to_other_machines() -> None:
    """With --allow-remote and an address of other machines the sandbox has any name."""
    with running(is_local=False) as sandbox:
        assert sandbox.control.get("", headers={"Host": "example.com"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://localhost:1"])
def test_other_origins(sandbox: Running, origin: str) -> None:
    """A page of another origin changes nothing, reads nothing, and a preflight gets no CORS headers."""
    for method in ("DELETE", "GET", "OPTIONS"):
        response = sandbox.control.request(method, "/requests", headers={"Origin": origin})
        assert response.status_code == 403
        assert response.json()["message"].startswith(f"Origin: '{origin}' is another one")
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_own_origin(sandbox: Running) -> None:
    """A page of the sandbox itself uses the control API, without CORS headers."""
    response = sandbox.control.get("", headers={"Origin": sandbox.origin})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert response.headers["cache-control"] == "no-store"


def test_bodies_are_declared_as_json(sandbox: Running) -> None:
    """A body that a form of a page can send is rejected."""
    headers = {"Content-Type": "text/plain"}
    response = sandbox.control.request("DELETE", "/requests", content="{}", headers=headers)
    assert response.status_code == 415
    assert response.json()["message"] == (
        "Content-Type: 'text/plain' is not JSON; send application/json"
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/nothing", 404, "/_sandbox/nothing is no route; GET /_sandbox lists them"),
        ("GET", "/requests/", 404, "/_sandbox/requests/ is no route; GET /_sandbox lists them"),
        (
            "PUT",
            "/requests",
            405,
            "PUT /_sandbox/requests is no route; this path takes GET, DELETE",
        ),
    ],
)
def test_unknown_routes(
    sandbox: Running, method: str, path: str, status: int, message: str
) -> None:
    """A path or method that is no route gets one line."""
    response = sandbox.control.request(method, path)
    assert (response.status_code, response.json()) == (status, {"message": message})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "the body is no JSON: "),
        (b"[]", "body: [] is not of type 'object'; see docs/sandbox.md"),
        (b"\xff", "the body is no JSON: "),
        (b'{"name": "\\ud800"}', "the body is no JSON: "),
    ],
)
def test_bodies_that_are_no_object(sandbox: Running, body: bytes, message: str) -> None:
    """What is no JSON object gets one line."""
    response = sandbox.control.request(
        "DELETE", "/requests", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["message"].startswith(message)


def test_paths_that_begin_alike_are_of_the_api(sandbox: Running) -> None:
    """Only /_sandbox and what is below it is the control API."""
    response = sandbox.anonymous.get(f"{sandbox.origin}/_sandboxes")
    assert (response.status_code, response.json()["code"]) == (404, 0)

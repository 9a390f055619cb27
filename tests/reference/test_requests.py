"""What every request must have: a token, a User-Agent, a media type, a body that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/systems/@me"),
        ("PATCH", "/systems/{system}"),
        ("POST", "/members"),
        ("DELETE", "/members/{member}"),
        ("PATCH", "/members/zzzzzz"),
        ("GET", "/systems/{system}/guilds/1"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "unknown"])
def test_401_wins(shared: Sandbox, method: str, path: str, token: str | None) -> None:
    """Without a valid token, a request that needs one is 401 before anything else is checked."""
    filled = path.format(
        system=shared.seeded.first.short_id,
        member=next(iter(shared.seeded.second.members)),
    )
    headers = {} if token is None else {"Authorization": token}
    content = b"{" if method != "GET" else None
    response = shared.anonymous.request(method, filled, headers=headers, content=content)
    assert (response.status_code, response.json()["code"]) == (401, 0)


def test_unknown_token_reads_as_anonymous(shared: Sandbox) -> None:
    """Public data can be read with an empty or unknown token."""
    for token in ("", "unknown"):
        path = f"/systems/{shared.seeded.first.short_id}"
        response = shared.anonymous.get(path, headers={"Authorization": token})
        assert response.json()["privacy"] is None


def test_foreign_rows_are_403(shared: Sandbox) -> None:
    """Each kind of foreign row has its code; unknown rows are 404 first."""
    second = shared.seeded.second
    member, group = next(iter(second.members)), next(iter(second.groups))
    rejected = {
        f"/systems/{second.short_id}": 0,
        f"/members/{member}": 30006,
        f"/groups/{group}": 30007,
    }
    for path, code in rejected.items():
        response = shared.owner.patch(path, json={"description": "x"})
        assert (response.status_code, response.json()["code"]) == (403, code)


def test_foreign_rows_in_bodies_are_403_with_the_ref(shared: Sandbox) -> None:
    """Listed foreign rows are 30008 and 30009, unknown ones 20003 and 20005."""
    second = shared.seeded.second
    member, group = shared.member()["id"], shared.group()["id"]
    cases = [
        (f"/groups/{group}/members/add", next(iter(second.members)), 30008),
        (f"/groups/{group}/members/add", "zzzzzz", 20003),
        (f"/members/{member}/groups/overwrite", next(iter(second.groups)), 30009),
        (f"/members/{member}/groups/remove", "zzzzzz", 20005),
    ]
    for path, ref, code in cases:
        body = shared.owner.post(path, json=[ref]).json()
        assert body["code"] == code
        assert ref in body["message"]


@pytest.mark.parametrize("agent", [None, ""])
def test_user_agent_is_needed(shared: Sandbox, agent: str | None) -> None:
    """A request without a User-Agent is 400 with an error object, except a preflight."""
    with shared.client(shared.seeded.first.token) as client:
        del client.headers["User-Agent"]
        headers = {} if agent is None else {"User-Agent": agent}
        response = client.get("/systems/@me", headers=headers)
        assert (response.status_code, response.json()["code"]) == (400, 0)
        assert client.options("/anything").status_code == 200


@pytest.mark.parametrize("declared", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_other_media_types_are_415(shared: Sandbox, declared: str | None) -> None:
    """A body that is not declared as JSON is rejected and not applied."""
    member = shared.member()["id"]
    headers = {"Content-Type": declared} if declared else {}
    rejected = shared.owner.patch(f"/members/{member}", headers=headers, content='{"name":"New"}')
    assert (rejected.status_code, rejected.json()["code"]) == (415, 0)
    assert shared.owner.get(f"/members/{member}").json()["name"] == "Test"


def test_media_type_is_read_loosely(shared: Sandbox) -> None:
    """Parameters and letter case of the media type do not matter, chunks neither."""
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    response = shared.owner.post("/members", headers=headers, content=iter([b'{"name"', b':"A"}']))
    assert response.json()["name"] == "A"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
        b"{}",
        b'{"unknown": 1}',
        b'{"privacy": {}}',
        b'{"id": "aaaaaa"}',
    ],
)
def test_unusable_bodies_are_400(shared: Sandbox, content: bytes) -> None:
    """What is no JSON object with a valid key is 400 with code 0."""
    member = shared.member()["id"]
    headers = {"Content-Type": "application/json"}
    response = shared.owner.patch(f"/members/{member}", headers=headers, content=content)
    assert (response.status_code, response.json()["code"]) == (400, 0)


def test_unknown_paths_and_methods_have_error_objects(shared: Sandbox) -> None:
    """Unknown paths are 404, wrong methods 405 naming the right ones."""
    assert shared.owner.get("/systems/@me/").json()["code"] == 0
    wrong = shared.owner.put("/members/abcdef")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, PATCH, DELETE")


def test_cors_headers_are_everywhere(shared: Sandbox) -> None:
    """Browsers may read every response."""
    for response in (shared.owner.get("/systems/@me"), shared.owner.get("/nothing")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"

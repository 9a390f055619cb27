"""Preflight, with servers and systems that cannot be tested."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME
from conformance.target import PreflightError, Snapshot, Target, inspect, inspect_limited
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Caller
    from tests.conftest import Connect, Reference, StartStub
    from tests.stub import Request

    Inspect = Callable[..., Snapshot]

SYSTEM = {"id": "abcde", "name": None}


@pytest.fixture
def look(connect: Connect) -> Inspect:
    """Return a function that inspects a base URL with a token."""

    def look(
        base_url: str,
        token: str | None = "abc",  # noqa: S107 not a real one
        other_token: str | None = None,
        allow: tuple[str, ...] = (),
    ) -> Snapshot:
        target = Target(base_url, "2025-08", "test", token, other_token, allow)
        callers = (connect(base_url, one) for one in (token, other_token, None))
        return inspect(target, *callers)

    return look


def rejection(look: Inspect, *arguments: object) -> str:
    """Return why the target cannot be tested: one line."""
    with pytest.raises(PreflightError) as caught:
        look(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_target_that_can_be_tested(look: Inspect, reference: Reference) -> None:
    """A server with an empty system that knows both tokens can be tested; the snapshot has the system."""
    snapshot = look(reference.base_url, reference.token, reference.other_token)
    assert snapshot.refs == {"members": (), "groups": (), "switches": ()}
    assert snapshot.system["name"] == "First"
    assert snapshot.settings
    assert not snapshot.limiter_seen
    assert Snapshot.from_json(json.loads(json.dumps(snapshot.as_json()))) == snapshot


def test_no_token(look: Inspect, reference: Reference) -> None:
    """Without a token nothing can be tested."""
    assert rejection(look, reference.base_url, None).startswith("no token: give --token, PK_TOKEN")


def test_no_connection(look: Inspect) -> None:
    """The error for a base URL where nobody listens names it and the reason."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v2"
    error = rejection(look, url)
    assert error.startswith(f"cannot reach {url}: ConnectError")
    assert error.endswith("is the server running there?")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("<!doctype html><HTML></html>", 200, "returns 200 with HTML: is this the API?"),
        ("hello", 500, "returns 500 with no JSON: is this the API?"),
        ("[]", 200, "returns 200 and no system: is this the API?"),
        ('{"name": "no id"}', 200, "returns 200 and no system"),
        ('{"id": "abcde"}', 503, "returns 503 and no system"),
        ("{}", 404, "returns 404: wrong base path"),
        ("\ufeff{}", 200, "returns 200 with a byte order mark before its JSON"),
        ("The plain HTTP request was sent to HTTPS port", 400, "speaks of HTTPS: is it https://?"),
    ],
)
def test_something_else_than_the_api(
    look: Inspect, stub: StartStub, body: str, status: int, message: str
) -> None:
    """The error for a server that is no PluralKit API has its status and the kind of its body."""
    server = stub(lambda _: Response(body, status))
    assert message in rejection(look, server.base_url)


@pytest.mark.parametrize("to", ["https://elsewhere.example/v2/systems/@me", "/api/v2/systems/@me"])
def test_redirect(look: Inspect, stub: StartStub, to: str) -> None:
    """The error for a server that redirects names the base URL to give instead; it is not followed."""
    server = stub(lambda _: Response("", 301, {"Location": to}))
    there = to if to.startswith("https") else server.base_url.removesuffix("/v2") + to
    assert rejection(look, server.base_url).endswith(
        f"redirects to another address: give --base-url {there.removesuffix('/systems/@me')}"
    )
    assert len(server.received) == 1


def test_tls_where_there_is_none(look: Inspect, stub: StartStub) -> None:
    """The error for https:// where plain HTTP is spoken asks for http://."""
    url = stub(lambda _: Response("{}")).base_url.replace("http:", "https:")
    assert rejection(look, url).endswith("it does not speak TLS there: is it http://?")


@pytest.mark.parametrize(("body", "status"), [("{}", 404), ("<html>", 200), ("", 400)])
def test_missing_version_in_path(look: Inspect, stub: StartStub, body: str, status: int) -> None:
    """The error for a base URL that lacks its /v2 names the right one."""
    url = stub(lambda _: Response(body, status)).base_url.removesuffix("/v2")
    assert rejection(look, url).endswith(f"; did you mean {url}/v2?")


def test_wrong_tokens(look: Inspect, reference: Reference) -> None:
    """The error for a token that the server does not accept names its option, and does not show it."""
    error = rejection(look, reference.base_url, "wrong-token")
    assert "does not accept the token (--token, PK_TOKEN): it returns 401" in error
    error = rejection(look, reference.base_url, reference.token, "wrong-token")
    assert "does not accept the other token (--other-token)" in error
    assert "wrong-token" not in error


def test_twice_the_same_system(look: Inspect, reference: Reference) -> None:
    """Two tokens of the same system are rejected."""
    error = rejection(look, reference.base_url, reference.token, reference.token)
    assert error.startswith("both tokens belong to system ")


def test_a_system_that_is_not_empty(look: Inspect, reference: Reference, connect: Connect) -> None:
    """A system that is not empty is rejected unless it is named."""
    owner: Caller = connect(reference.base_url, reference.token)
    member = owner.send("createMember", json={"name": "Somebody"}).json
    owner.client.guard.allow(member["id"])
    try:
        system = owner.send("getSystem", ME).json["id"]
        error = rejection(look, reference.base_url, reference.token)
        assert error == (
            f"system {system} already holds 1 members: use an empty one, "
            f"or allow it with --allow-existing {system}"
        )
        refs = look(reference.base_url, reference.token, None, (system,)).refs
        assert refs["members"] == (member["id"],)
    finally:
        owner.send("deleteMember", {"memberId": member["id"]})


def test_lists_that_cannot_be_read(look: Inspect, stub: StartStub) -> None:
    """Lists and settings that cannot be read count as empty; a rate-limit header shows the limiter."""

    def script(request: Request) -> Response:
        if request.path.endswith("/systems/@me"):
            return Response(json.dumps(SYSTEM), headers={"X-RateLimit-Limit": "10"})
        return Response("[1, {}]" if request.path.endswith("members") else "oops", 501)

    snapshot = look(stub(script).base_url)
    assert snapshot.refs == {"members": (), "groups": (), "switches": ()}
    assert snapshot.settings == {}
    assert snapshot.limiter_seen


def test_instance_for_rate_limits(look: Inspect, reference: Reference, connect: Connect) -> None:
    """The instance for rate limits is inspected, too; the error names it when nobody listens there."""
    del look
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/v2"
    for url, message in ((reference.base_url, ""), (dead, f"cannot reach {dead}: ConnectError")):
        target = Target(reference.base_url, "2025-08", "test", reference.token, rate_limit_url=url)
        owner = connect(url, reference.token)
        if not message:
            inspect_limited(target, owner)
            continue
        with pytest.raises(PreflightError, match=message):
            inspect_limited(target, owner)

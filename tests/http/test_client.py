"""The client, with servers that respond and servers that do not."""

from __future__ import annotations

import concurrent.futures
import json
import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.http import ME, GuardError, Inconclusive
from conformance.http.exchange import NOT_JSON
from tests.stub import Response

if TYPE_CHECKING:
    from conformance.http import Exchange
    from tests.conftest import Connect, StartStub

TOKEN = "secret-of-the-owner"  # noqa: S105 not a real one


def test_what_is_sent(stub: StartStub, connect: Connect) -> None:
    """A request carries method, path, query, token, JSON body and a User-Agent."""
    server = stub(lambda _: Response("{}"))
    owner = connect(server.base_url, TOKEN)
    owner.send("updateMember", {"memberId": "@me"}, json={"name": "Ä"}, query={"a": "b c"})
    [request] = server.received
    assert (request.method, request.path) == ("PATCH", "/v2/members/@me?a=b+c")
    assert request.headers["authorization"] == TOKEN
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("pluralkit-conformance")
    assert request.body == '{"name": "Ä"}'.encode()


def test_null_is_a_body(stub: StartStub, connect: Connect) -> None:
    """None as JSON is sent as null; no JSON means no body and no Content-Type."""
    server = stub(lambda _: Response("{}"))
    caller = connect(server.base_url)
    caller.send("createMember", json=None)
    caller.send("createMember")
    assert [request.body for request in server.received] == [b"null", b""]
    assert "content-type" not in server.received[1].headers


def test_bytes_are_sent_as_they_are(stub: StartStub, connect: Connect) -> None:
    """A body of bytes is sent unchanged, with the headers of the check."""
    server = stub(lambda _: Response("{}"))
    headers = {"Content-Type": "text/plain"}
    connect(server.base_url).send("createMember", content=b"{\xff", headers=headers)
    assert server.received[0].body == b"{\xff"
    assert server.received[0].headers["content-type"] == "text/plain"


def test_headers_are_removed(stub: StartStub, connect: Connect) -> None:
    """A header whose value is None is not sent at all, an empty one is."""
    server = stub(lambda _: Response("{}"))
    caller = connect(server.base_url)
    caller.send("getSystem", ME, headers={"User-Agent": None})
    caller.send("getSystem", ME, headers={"User-Agent": ""})
    assert "user-agent" not in server.received[0].headers
    assert server.received[1].headers["user-agent"] == ""


def test_redirects_are_not_followed(stub: StartStub, connect: Connect) -> None:
    """A redirect is a response like any other, so that no token goes elsewhere."""
    server = stub(lambda _: Response(status=302, headers={"Location": "/elsewhere"}))
    assert connect(server.base_url, TOKEN).send("getSystem", ME).status == 302
    assert len(server.received) == 1


def test_listeners_get_every_exchange_without_tokens(stub: StartStub, connect: Connect) -> None:
    """Each exchange is passed to the listeners, numbered, without any token."""
    server = stub(lambda _: Response(f'"{TOKEN}"', headers={"X-Echo": TOKEN}))
    owner = connect(server.base_url, TOKEN)
    received: list[Exchange] = []
    owner.client.listeners.append(received.append)
    owner.client.prefix = "gw0-"
    owner.send("createMember", json={"name": TOKEN}, query={"token": TOKEN})
    owner.send("getSystem", ME)
    assert [exchange.id for exchange in received] == ["gw0-e1", "gw0-e2"]
    event = received[0].event("check")
    assert TOKEN not in str(event)
    assert TOKEN not in repr(owner)
    assert event["response"]["headers"]["x-echo"] == "$PK_TOKEN"
    assert event["request"]["body"] == '{"name": "$PK_TOKEN"}'


def test_other_tokens(stub: StartStub, connect: Connect) -> None:
    """A caller with another token sends that one, with None no Authorization at all."""
    server = stub(lambda _: Response("{}"))
    owner = connect(server.base_url, TOKEN)
    assert owner.with_token("other", "other_user").send("getSystem", ME).caller == "other_user"
    owner.with_token(None, "nobody").send("getSystem", ME)
    assert server.received[0].headers["authorization"] == "other"
    assert "authorization" not in server.received[1].headers


def test_other_tokens_are_hidden(stub: StartStub, connect: Connect) -> None:
    """A token with a name is shown by that name alone."""
    server = stub(lambda _: Response('"made-up"'))
    other_user = connect(server.base_url, TOKEN).with_token("made-up", "x", shown="$UNKNOWN_TOKEN")
    event = other_user.send("getSystem", ME).event("check")
    assert server.received[0].headers["authorization"] == "made-up"
    assert event["request"]["headers"]["authorization"] == "$UNKNOWN_TOKEN"
    assert "made-up" not in str(event)


def test_header_beyond_ascii(stub: StartStub, connect: Connect) -> None:
    """A header beyond ASCII is sent as UTF-8."""
    server = stub(lambda _: Response("{}"))
    connect(server.base_url).with_token("\u00fc", "odd").send("getSystem", ME)
    assert server.received[0].headers["authorization"].encode("latin-1") == "\u00fc".encode()


def test_path_without_version(stub: StartStub, connect: Connect) -> None:
    """A client without the version sends to the same server, under the same path prefix; its exchanges have other ids."""
    server = stub(lambda _: Response("{}"))
    caller = connect(server.base_url.replace("/v2", "/prefix/v2"))
    plain = caller.without_version()
    assert caller.client.has_version
    assert not plain.client.has_version
    ids = {caller.send("getSystem", ME).id, plain.send("getSystem", ME).id}
    assert [request.path for request in server.received] == [
        "/prefix/v2/systems/@me",
        "/prefix/systems/@me",
    ]
    assert len(ids) == 2


def test_guarded_requests_are_not_sent(stub: StartStub, connect: Connect) -> None:
    """A write to something that is not the run's own is never sent."""
    server = stub(lambda _: Response("{}"))
    with pytest.raises(GuardError):
        connect(server.base_url).send("deleteMember", {"memberId": "abcde"})
    assert server.received == []


def test_rejected_connection_is_inconclusive(connect: Connect) -> None:
    """When nobody listens, the exchange has no status, and an error."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    caller = connect(f"http://127.0.0.1:{port}/v2")
    with pytest.raises(Inconclusive, match="anonymous getSystem got no response") as caught:
        caller.send("getSystem", ME)
    exchange = caught.value.exchange
    assert exchange
    assert exchange.status is None
    assert exchange.error
    assert exchange.error.startswith("ConnectError")
    assert exchange.event("check")["response"] is None


def test_requests_without_response_are_counted(stub: StartStub, connect: Connect) -> None:
    """Requests in a row without a response are counted, until there is one again."""
    responses = iter([None, None, Response("{}")])
    caller = connect(stub(lambda _: next(responses)).base_url)
    for number in (1, 2):
        with pytest.raises(Inconclusive, match="got no response"):
            caller.send("getSystem", ME)
        assert caller.client.without_response == number
    caller.send("getSystem", ME)
    assert caller.client.without_response == 0


def test_a_response_that_is_no_json(stub: StartStub, connect: Connect) -> None:
    """A body that is no JSON is a response, not an error."""
    server = stub(lambda _: Response("<html>", headers={"Content-Type": "Text/HTML; charset=x"}))
    exchange = connect(server.base_url).send("getSystem", ME)
    assert exchange.json is NOT_JSON
    assert exchange.text == "<html>"
    assert exchange.media_type == "text/html"


def test_threads_share_a_client(stub: StartStub, connect: Connect) -> None:
    """Requests of several threads at once are all recorded, each with an id of its own and its own response."""
    server = stub(lambda request: Response(json.dumps(request.path)))
    caller = connect(server.base_url)
    seen: list[Exchange] = []
    caller.client.listeners.append(seen.append)
    refs = [f"member{number}" for number in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        exchanges = list(pool.map(lambda ref: caller.send("getMember", {"memberId": ref}), refs))
    assert [exchange.json for exchange in exchanges] == [f"/v2/members/{ref}" for ref in refs]
    assert len({exchange.id for exchange in exchanges}) == len(refs)
    assert {exchange.id for exchange in seen} == {exchange.id for exchange in exchanges}


@pytest.mark.parametrize("name", ["Limits", "TransportError"])
def test_what_httpx_1_lacks(name: str) -> None:
    """The client uses what the pre-releases of httpx 1.0 do not have: why pyproject.toml keeps to the versions before."""
    assert hasattr(httpx, name)

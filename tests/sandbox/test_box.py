"""The context manager: what it yields, its options, its control API, and that it ends."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from dataclasses import asdict

import httpx
import pytest

from conformance.sandbox import Box, ControlError, sandbox
from conformance.sandbox.serve_options import UsageError


def client(box: Box, token: str | None = None) -> httpx.Client:
    """Return a client that sends the token, or that of the first system."""
    headers = {"Authorization": token or box.token, "User-Agent": "tests"}
    return httpx.Client(base_url=box.base_url, headers=headers, trust_env=False)


def test_it_serves_what_it_yields() -> None:
    """Each id and token is of what the API returns."""
    with sandbox() as box, client(box) as first, client(box, box.other_token) as second:
        assert first.get("/systems/@me").json()["id"] == box.system_id
        assert second.get("/systems/@me").json()["id"] == box.other_system_id
        for account, ref in (
            (box.system_account_id, box.system_id),
            (box.other_system_account_id, box.other_system_id),
        ):
            assert first.get(f"/systems/{account}").json()["id"] == ref
        assert first.get(f"/systems/@me/guilds/{box.guild_id}").status_code == 200
        message = first.get(f"/messages/{box.message_id}").json()
        assert message["original"] == box.original_message_id
        assert first.get(f"/messages/{box.deleted_message_id}").json()["member"] is None
        assert httpx.get(box.control_url, trust_env=False).json()["revision"] == box.revision


def test_tokens_are_not_shown() -> None:
    """A test that fails prints a box, but not its tokens."""
    with sandbox() as box:
        assert box.token not in repr(box)
        assert box.other_token not in repr(box)


def test_options() -> None:
    """Mode, revision, rate limits, seed, faults, variations and content are those that were asked for."""
    with sandbox(seed=7, revision="2021-11", filled=True) as box, client(box) as first:
        assert box.revision == "2021-11"
        assert first.get("/systems/@me/members").json()
        with sandbox() as usual:
            assert usual.system_id != box.system_id
    for limited in (True, False):
        with sandbox(limited=limited) as box, client(box) as first:
            headers = first.get("/systems/@me").headers
            assert ("X-RateLimit-Limit" in headers) == limited
    with sandbox(like="upstream", variations=["all"]) as box, client(box) as first:
        assert "X-PluralKit-Version" in first.get("/systems/@me").headers
    with sandbox(faults=["delete_switch_returns_200"]) as box, client(box) as first:
        switch = first.post("/systems/@me/switches", json={"members": []}).json()["id"]
        assert first.delete(f"/systems/@me/switches/{switch}").status_code == 200


def test_wrong_options() -> None:
    """What there is not gets one line that says what there is."""
    with pytest.raises(UsageError, match="unknown fault 'nothing'"), sandbox(faults=["nothing"]):
        pass
    with pytest.raises(UsageError, match="choose from '2025-08', '2021-11'"), sandbox(revision="1"):
        pass


def test_it_ends() -> None:
    """After the block, also when a test failed in it, nothing listens there; the next one has another port and new data."""
    with contextlib.suppress(ZeroDivisionError), sandbox() as box, client(box) as first:
        first.post("/members", json={"name": "Ann"})
        raise ZeroDivisionError
    port = httpx.URL(box.base_url).port
    assert port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with sandbox() as box, client(box) as first:
        assert first.get("/systems/@me/members").json() == []


def test_failures_and_requests() -> None:
    """Failures are armed, listed and disarmed; the log says what was sent."""
    with sandbox() as box, client(box) as first:
        armed = box.control.arm("429", operation="getSystem", retry_after=5)
        assert box.control.failures() == [armed]
        assert first.get("/systems/@me").status_code == 429
        box.control.arm("500", method="GET", path="/v2/systems/*", requests=9)
        box.control.disarm()
        assert first.get("/systems/@me").status_code == 200
        seen = box.control.requests()
        assert [row["status"] for row in seen] == [429, 200]
        assert box.control.requests(since=seen[0]["number"]) == seen[1:]
        box.control.clear_requests()
        assert box.control.requests() == []


def test_clock() -> None:
    """The clock stands still, is advanced, and goes on."""
    with sandbox() as box:
        assert not box.control.clock()["frozen"]
        assert box.control.freeze()["frozen"]
        assert box.control.freeze("2030-01-01T12:00:00Z")["now"] == "2030-01-01T12:00:00.000000Z"
        assert box.control.advance(1.5)["now"] == "2030-01-01T12:00:01.500000Z"
        assert not box.control.unfreeze()["frozen"]


def test_data() -> None:
    """Systems, messages and guild settings are made and removed, exported, and gone after a reset."""
    with sandbox() as box, client(box) as first:
        third = box.control.create_system("Third", account_id="466378653216014359")
        assert first.get("/systems/466378653216014359").json()["id"] == third["id"]
        member = first.post("/members", json={"name": "Ann"}).json()["id"]
        made = box.control.create_message(member, channel="1")
        assert first.get(f"/messages/{made['id']}").json()["channel"] == "1"
        guild = "1000000000000000001"
        box.control.set_guild("members", member, guild, display_name="A")
        path = f"/members/{member}/guilds/{guild}"
        assert first.get(path).json()["display_name"] == "A"
        box.control.remove_guild("members", member, guild)
        assert first.get(path).status_code == 404
        assert box.control.export()["members"][0]["name"] == "Ann"
        assert box.control.export(third["id"])["name"] == "Third"
        box.control.reset()
        assert box.control.export()["members"] == []


def test_rejected() -> None:
    """What the control API rejects is an exception with its line."""
    with sandbox() as box:
        with pytest.raises(ControlError, match="did you mean getMember"):
            box.control.arm("500", operation="getMembe")
        with pytest.raises(ControlError, match="'a%2Fb' is unknown"):
            box.control.set_guild("systems", "a%2Fb", "1")


def test_line_of_json() -> None:
    """`sandbox --json` prints what the context manager yields, in one line, once it serves, and nothing else."""
    command = [sys.executable, "-m", "conformance", "sandbox", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = json.loads(process.stdout.readline())
        response = httpx.get(f"{found['base_url']}/systems/{found['system_id']}", trust_env=False)
        assert response.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == ""
        assert process.wait(timeout=5) == 0
    with sandbox() as box:
        expected = asdict(box)
    ports = ("base_url", "control_url", "control")
    assert found | dict.fromkeys(ports) == expected | dict.fromkeys(ports)

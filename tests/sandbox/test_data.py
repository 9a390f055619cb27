"""The control API: systems, guild settings, messages, and the way back to the state of the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.sandbox import state

if TYPE_CHECKING:
    from tests.sandbox.conftest import Running, Start

GUILD = "1000000000000000000"


def member(sandbox: Running, name: str = "Ash") -> dict[str, Any]:
    """Create a member of the first system."""
    body: dict[str, Any] = sandbox.api.post("/members", json={"name": name}).json()
    return body


def test_a_system_is_created(sandbox: Running) -> None:
    """Its token works at once, and its account leads to it."""
    created = sandbox.control.post("/systems", json={"name": "Third"}).json()
    with sandbox.client(f"{sandbox.origin}/v2", created["token"]) as client:
        shown = client.get("/systems/@me").json()
    assert (shown["id"], shown["uuid"]) == (created["id"], created["uuid"])
    assert shown["name"] == created["name"] == "Third"
    assert (
        sandbox.anonymous.get(f"/systems/{created['account_ids'][0]}").json()["id"] == shown["id"]
    )
    assert sandbox.control.get("").json()["systems"][2] == created


def test_a_system_has_the_account_that_was_asked_for(sandbox: Running) -> None:
    """An account id is kept as it is; one that belongs to a system is rejected."""
    body = {"name": "Third", "account_id": "123456789012345678"}
    assert sandbox.control.post("/systems", json=body).json()["account_ids"] == [body["account_id"]]
    again = sandbox.control.post("/systems", json=body)
    assert (again.status_code, again.json()["message"]) == (
        400,
        "account_id: 123456789012345678 belongs to a system; leave it out, or use another one",
    )


def test_guild_settings_of_a_system(sandbox: Running) -> None:
    """Settings that did not exist are there with the values that were sent, until they are removed."""
    path = f"/systems/@me/guilds/{GUILD}"
    assert sandbox.api.get(path).json()["code"] == 20009
    control = f"/systems/{sandbox.seeded.first.short_id}/guilds/{GUILD}"
    made = sandbox.control.put(control, json={"tag": "| here"}).json()
    assert made == {"guild_id": GUILD} | sandbox.api.get(path).json()
    assert made["tag"] == "| here"
    assert sandbox.control.put(control).json() == made
    assert sandbox.control.delete(control).status_code == 204
    assert sandbox.api.get(path).json()["code"] == 20009


def test_guild_settings_of_a_member(sandbox: Running) -> None:
    """The same for a member."""
    ref = member(sandbox)["id"]
    path = f"/members/{ref}/guilds/{GUILD}"
    assert sandbox.api.get(path).json()["code"] == 20010
    made = sandbox.control.put(path, json={"keep_proxy": True}).json()
    assert made == {"guild_id": GUILD} | sandbox.api.get(path).json()
    assert sandbox.control.delete(path).status_code == 204
    assert sandbox.api.get(path).json()["code"] == 20010


def test_a_message_is_created(sandbox: Running) -> None:
    """The message is found by both ids, and counts for its member."""
    made = member(sandbox)
    created = sandbox.control.post("/messages", json={"member": made["uuid"]}).json()
    for key in ("id", "original"):
        shown = sandbox.api.get(f"/messages/{created[key]}").json()
        assert shown["member"]["id"] == created["member"] == made["id"]
        assert {key: shown[key] for key in created if key != "member"} | {
            "member": made["id"]
        } == created
    assert created["sender"] == sandbox.seeded.first.accounts[0]
    assert created["guild"] == sandbox.seeded.guild_id
    counted = sandbox.api.get(f"/members/{made['id']}").json()
    assert (counted["message_count"], counted["last_message_timestamp"]) == (
        1,
        created["timestamp"],
    )


def test_a_message_of_a_deleted_member(sandbox: Running) -> None:
    """The message has neither system nor member, and all ids that were asked for."""
    ids = {"id": "11", "original": "12", "sender": "13", "channel": "14", "guild": "15"}
    body = {"member": member(sandbox)["id"], "member_deleted": True} | ids
    created = sandbox.control.post("/messages", json=body).json()
    shown = sandbox.api.get("/messages/12").json()
    assert (shown["member"], shown["system"], created["member"]) == (None, None, None)
    assert {key: shown[key] for key in ids} == ids
    again = sandbox.control.post("/messages", json=body | {"id": "16"})
    assert again.json() == {"message": "original: there is a message 12; leave it out"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        (
            "POST",
            "/systems",
            {},
            400,
            "body: 'name' is a required property; known keys are name, account_id",
        ),
        (
            "POST",
            "/systems",
            {"name": 5},
            400,
            "name: 5 is not of type 'string'; name of the system, a text of 1 to 100 characters",
        ),
        (
            "POST",
            "/systems",
            {"name": "x" * 300},
            400,
            f"name: '{'x' * 199}...; name of the system, a text of 1 to 100 characters",
        ),
        (
            "POST",
            "/systems",
            {"name": "x", "colour": 1},
            400,
            (
                "body: Additional properties are not allowed ('colour' was unexpected);"
                " known keys are name, account_id"
            ),
        ),
        (
            "POST",
            "/systems",
            {"name": "x", "account_id": "99999999999999999999"},
            400,
            "account_id: '99999999999999999999' is no Discord id; use a whole number of 64 bits",
        ),
        (
            "POST",
            "/messages",
            {"member": "zzzzzz"},
            404,
            "member: 'zzzzzz' is unknown; use the id or uuid of a member that exists",
        ),
        (
            "PUT",
            "/systems/zzzzzz/guilds/1",
            {},
            404,
            "system: 'zzzzzz' is unknown; GET /_sandbox lists the systems",
        ),
        (
            "PUT",
            "/systems/SYSTEM/guilds/x",
            {},
            400,
            "guild: 'x' is no Discord id; use a whole number of 64 bits",
        ),
        (
            "PUT",
            "/systems/SYSTEM/guilds/1",
            {"keep_proxy": True},
            400,
            (
                "keep_proxy: unknown key; known keys are"
                " proxying_enabled, tag, tag_enabled, avatar_url, display_name"
            ),
        ),
        ("PUT", "/systems/SYSTEM/guilds/1", {"tag": 5}, 400, "tag: "),
    ],
)
def test_bad_input_is_one_line(
    sandbox: Running, method: str, path: str, body: object, status: int, message: str
) -> None:
    """What is wrong gets one line that names it and the remedy."""
    at = path.replace("SYSTEM", sandbox.seeded.first.short_id)
    response = sandbox.control.request(method, at, json=body)
    assert response.status_code == status
    assert list(response.json()) == ["message"]
    assert response.json()["message"].startswith(message)
    assert "\n" not in response.json()["message"]


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("filled", [False, True])
def test_reset(start: Start, revision: str, *, filled: bool) -> None:
    """After any change all is as at the start, the ids to come, too; tokens stay valid."""
    server = Server(limited=False, revision=REVISIONS[revision], filled=filled)
    before = repr(list(state.records(server))).replace("()", "[]")
    with start(server) as sandbox:
        made = [member(sandbox), member(sandbox, "Birch")]
        group = sandbox.api.post("/groups", json={"name": "Trees"}).json()
        sandbox.api.post(f"/groups/{group['id']}/members/add", json=[made[0]["id"]])
        sandbox.api.post("/systems/@me/switches", json={"members": [made[1]["id"]]})
        sandbox.api.patch("/systems/@me", json={"name": "Other", "tag": "x"})
        sandbox.control.post("/systems", json={"name": "Third"})
        sandbox.control.post("/messages", json={"member": made[0]["id"]})
        assert sandbox.control.post("/reset").status_code == 204
        assert repr(list(state.records(server))).replace("()", "[]") == before
        assert [row["id"] for row in (member(sandbox), member(sandbox))] == [
            row["id"] for row in made
        ]
        assert sandbox.control.post("/reset").status_code == 204
        assert sandbox.api.get("/systems/@me").json()["name"] == "First"

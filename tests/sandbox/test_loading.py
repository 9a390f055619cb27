"""`--data`: an export is loaded, and an export of the sandbox loads again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.sandbox.export import export
from conformance.sandbox.loading import load
from tests.sandbox.conftest import running
from tests.sandbox.exports import ASH, EXPORT, UUIDS, changed, written
from tests.sandbox.test_saving import saved

if TYPE_CHECKING:
    from pathlib import Path


def test_an_export_is_loaded(tmp_path: Path) -> None:
    """What the file says is what the API shows, under the ids of the file."""
    server = Server(limited=False)
    load(server, written(tmp_path, EXPORT))
    with running(server) as sandbox:
        api = sandbox.api
        system = api.get("/systems/ssssss").json()
        assert system == api.get("/systems/123456789012345678").json()
        assert (system["uuid"], system["tag"]) == (UUIDS[0], "| Grove")
        assert system["created"] == "2019-12-30T00:00:00.000000Z"
        assert system["privacy"]["pronoun_privacy"] == "private"
        assert api.get("/systems/@me/settings").json()["timezone"] == "Europe/Berlin"
        assert api.get("/systems/@me/settings").json()["pings_enabled"] is True
        ash = api.get("/members/aaaaaa").json()
        same = ("name", "color", "birthday", "pronouns", "avatar_url", "message_count")
        assert [ash[key] for key in same] == [ASH[key] for key in same]
        assert ash["proxy_tags"] == [
            {"prefix": "A:", "suffix": None},
            {"prefix": None, "suffix": "-a"},
        ]
        assert (ash["created"], ash["system"]) == ("2020-01-02T03:04:05.678000Z", "ssssss")
        assert ash["autoproxy_enabled"] is True
        assert (ash["privacy"]["visibility"], ash["privacy"]["name_privacy"]) == (
            "private",
            "public",
        )
        listed = api.get("/groups/gggggg/members").json()
        assert {row["name"] for row in listed} == {"Ash", "Birch"}
        assert [row["id"] for row in api.get("/members/bbbbb/groups").json()] == ["gggggg"]
        switches = api.get("/systems/@me/switches").json()
        assert [(row["timestamp"], row["members"]) for row in switches] == [
            ("2022-01-01T00:00:00.000000Z", ["aaaaaa", "bbbbb"]),
            ("2020-12-31T23:00:00.500000Z", []),
        ]
        guild = sandbox.seeded.guild_id
        assert api.get(f"/members/aaaaaa/guilds/{guild}").is_success
        assert sandbox.control.get("").json()["systems"][0]["account_ids"] == [
            "123456789012345678",
            "223456789012345678",
        ]
        sandbox.api.delete("/members/aaaaaa")
        sandbox.control.post("/reset")
        assert api.get("/members/aaaaaa").json() == ash


def test_what_a_file_leaves_out_stays(tmp_path: Path) -> None:
    """A file with a version and members alone leaves the system as it was."""
    server = Server()
    first = server.seeded.first
    before = dict(first.fields), list(first.accounts)
    load(server, written(tmp_path, {"version": 2, "members": [], "created": None}))
    assert (first.fields, first.accounts) == before
    assert server.store.systems.find(first.short_id) is first


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("filled", [False, True])
def test_an_export_loads_again(tmp_path: Path, revision: str, *, filled: bool) -> None:
    """An export of the sandbox loads, and the export of that is the same."""
    value = changed("members", 0, "id", to="aaaaa") | {"id": "sssss"}
    value["groups"][0]["id"], value["switches"][0]["members"][0] = "ggggg", "aaaaa"
    one = Server(limited=False, revision=REVISIONS[revision], filled=filled)
    if not filled:
        load(one, written(tmp_path, value))
    with running(one) as sandbox:
        exported = sandbox.control.get("/export").json()
    assert exported["members"]
    assert exported["switches"]
    two = Server(1, revision=REVISIONS[revision])
    load(two, written(tmp_path, exported))
    assert json.loads(json.dumps(export(two.seeded.first))) == exported


def test_another_system_is_exported(tmp_path: Path) -> None:
    """The query names the system; an unknown one gets one line."""
    with running() as sandbox:
        second = sandbox.seeded.second.short_id
        exported = sandbox.control.get("/export", params={"system": second}).json()
        assert (exported["id"], len(exported["switches"])) == (second, 120)
        assert sandbox.control.get("/export", params={"system": "x"}).status_code == 404
    server = Server(1)
    load(server, written(tmp_path, exported))
    assert export(server.seeded.first) == exported


def test_the_command_loads_and_saves(tmp_path: Path) -> None:
    """With --save the data goes into a new file, and is there without --data the next time."""
    path = tmp_path / "sandbox.db"
    with saved(path, "--data", str(written(tmp_path, EXPORT))) as sandbox:
        sandbox.api.delete("/members/aaaaaa")
    with saved(path) as sandbox:
        assert sandbox.api.get("/systems/@me").json()["name"] == "Grove"
        assert sandbox.api.get("/members/aaaaaa").status_code == 404
        sandbox.control.post("/reset")
        assert sandbox.api.get("/members/aaaaaa").status_code == 200

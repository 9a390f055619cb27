"""The data that the server starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.application import Server

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox


def known(seed: int) -> list[str]:
    """Return everything that depends on the seed."""
    seeded = Server(seed).seeded
    systems = (seeded.first, seeded.second)
    rows = [row for system in systems for row in (system, *system.members.values())]
    return [
        *(system.token for system in systems),
        *(row.short_id + row.uuid for row in rows),
        seeded.guild_id,
        seeded.message_id,
        seeded.original_message_id,
        seeded.deleted_message_id,
    ]


def test_seeds_repeat() -> None:
    """The same seed gives the same ids and tokens, another one others."""
    assert known(0) == known(0)
    assert not set(known(0)) & set(known(1))


def test_first_system_is_empty(sandbox: Sandbox) -> None:
    """The system under test owns nothing but its settings in the seeded guild."""
    for path in ("members", "groups", "switches"):
        assert sandbox.owner.get(f"/systems/@me/{path}").json() == []
    assert sandbox.owner.get(f"/systems/@me/guilds/{sandbox.seeded.guild_id}").is_success


def test_limits_of_members_and_groups(sandbox: Sandbox) -> None:
    """A full system takes no more members and groups."""
    sandbox.seeded.first.settings.fields |= {"member_limit": 1, "group_limit": 1}
    for path, code in (("/members", 40007), ("/groups", 40008)):
        assert sandbox.owner.post(path, json={"name": "A"}).is_success
        assert sandbox.owner.post(path, json={"name": "B"}).json()["code"] == code


def test_second_system_has_a_long_history(sandbox: Sandbox) -> None:
    """The list of the second system is full, begins with a switch with members, and is followed by a second page."""
    path = "/systems/@me/switches"
    rows = sandbox.other.get(path).json()
    rest = sandbox.other.get(path, params={"before": rows[-1]["timestamp"]}).json()
    assert len(rows) == 100
    assert len(rest) == 20 + (rest[:1] == rows[-1:])
    assert rows[0]["members"]

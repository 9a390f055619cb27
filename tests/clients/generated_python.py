"""A whole session with the client that openapi-python-client generates: `python -m tests.clients.generated_python`.

The generated package is found on PYTHONPATH; mypy does not see it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "client_2025_08"
GUILD = os.environ.get("PK_GUILD", "")


class Session:
    """The client, and what earlier steps made."""

    def __init__(self) -> None:
        """Take the base URL and the token from the environment."""
        client = importlib.import_module(f"{PACKAGE}.client")
        self.client = client.AuthenticatedClient(
            base_url=os.environ["PK_BASE_URL"], token=os.environ["PK_TOKEN"], prefix=""
        )
        self.made: dict[str, Any] = {}

    def call(self, operation: str, *words: str, **body: object) -> Any:
        """Call an operation, named as `tag.operation`; keys of the body make its model. Return the status and what was read."""
        function = importlib.import_module(f"{PACKAGE}.api.{operation}")
        rest = {"body": body["body"]} if "body" in body else {}
        response = function.sync_detailed(*words, client=self.client, **rest)
        return int(response.status_code), response.parsed

    def model(self, kind: str, /, **values: object) -> Any:
        """Make a generated model."""
        return getattr(importlib.import_module(f"{PACKAGE}.models"), kind)(**values)


def read_system(session: Session) -> None:
    """The system of the token."""
    status, system = session.call("systems.get_system", "@me")
    assert (status, system.name) == (200, "First")


def create_member(session: Session) -> None:
    """A member with a name and a color."""
    body = session.model("MemberCreate", name="Robin", color="112233")
    status, session.made["member"] = session.call("members.create_member", body=body)
    assert (status, session.made["member"].name) == (200, "Robin")


def patch_member(session: Session) -> None:
    """One key is set, one is cleared, the others stay."""
    body = session.model("MemberPatch", description="Quiet.", color=None)
    session.call("members.update_member", session.made["member"].id, body=body)
    status, read = session.call("members.get_member", session.made["member"].uuid)
    assert (status, read.name, read.description, read.color) == (200, "Robin", "Quiet.", None)


def create_group(session: Session) -> None:
    """A group."""
    body = session.model("GroupCreate", name="Cats")
    status, session.made["group"] = session.call("groups.create_group", body=body)
    assert (status, session.made["group"].name) == (200, "Cats")


def add_member(session: Session) -> None:
    """The member into the group."""
    group, member = session.made["group"].id, session.made["member"].id
    status, _ = session.call("memberships.add_group_members", group, body=[member])
    _, members = session.call("memberships.get_group_members", group)
    assert (status, [one.id for one in members]) == (204, [member])


def no_fronters(session: Session) -> None:
    """Before any switch there is no body."""
    assert session.call("switches.get_fronters", "@me") == (204, None)


def create_switch(session: Session) -> None:
    """The member fronts."""
    body = session.model("SwitchCreate", members=[session.made["member"].id])
    status, session.made["switch"] = session.call("switches.create_switch", "@me", body=body)
    assert (status, session.made["switch"].members[0].name) == (200, "Robin")


def read_fronters(session: Session) -> None:
    """The switch of before."""
    _, fronters = session.call("switches.get_fronters", "@me")
    assert fronters.id == session.made["switch"].id


def guild_settings(session: Session) -> None:
    """Settings of the system in a guild."""
    body = session.model("SystemGuildSettingsPatch", tag="(g)")
    session.call("settings.update_system_guild_settings", GUILD, body=body)
    status, read = session.call("settings.get_system_guild_settings", GUILD)
    assert (status, read.tag) == (200, "(g)")


def read_message(session: Session) -> None:
    """A proxied message of the other system."""
    status, message = session.call("messages.get_message", os.environ["PK_MESSAGE"])
    assert (status, message.id) == (200, os.environ["PK_MESSAGE"])


def error_body(session: Session) -> None:
    """The body of an error says which keys are wrong."""
    body = session.model("MemberPatch", avatar_url="none")
    status, error = session.call("members.update_member", session.made["member"].id, body=body)
    shown = error.to_dict()
    assert (status, shown["code"], list(shown["errors"])) == (400, 40001, ["avatar_url"])


def delete_all(session: Session) -> None:
    """What was made is deleted."""
    switch, member, group = (session.made[key].id for key in ("switch", "member", "group"))
    statuses = [
        session.call("switches.delete_switch", "@me", str(switch))[0],
        session.call("members.delete_member", member)[0],
        session.call("groups.delete_group", group)[0],
        session.call("members.get_member", member)[0],
    ]
    assert statuses == [204, 204, 204, 404]


STEPS: tuple[Callable[[Session], None], ...] = (
    read_system,
    create_member,
    patch_member,
    create_group,
    add_member,
    no_fronters,
    create_switch,
    read_fronters,
    guild_settings,
    read_message,
    error_body,
    delete_all,
)

if __name__ == "__main__":
    session = Session()
    for step in STEPS:
        error = None
        try:
            step(session)
        except Exception as raised:  # noqa: BLE001 - whatever it is, the step failed
            error = f"{type(raised).__name__}: {raised}"
        line = {"step": step.__name__.replace("_", "-"), "ok": error is None, "error": error}
        sys.stdout.write(json.dumps(line) + "\n")

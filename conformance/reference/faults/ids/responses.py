"""Faults: what ids look like in responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Row, Switch, System
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _show(server: Server, change: Callable[[Entity, dict[str, Any]], dict[str, Any]]) -> None:
    """Change how systems, members and groups that are read alone are shown."""

    def entity(original: Original, row: Entity, viewer: object, place: str) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        return shown | (change(row, shown) if place == "single" else {})

    wrap(server.presenter, "entity", entity)


@fault("id-canonical-in-responses")
def shows_ids_as_asked_for(server: Server) -> None:
    """A short id is shown as the request wrote it."""
    asked = [""]

    def run(original: Original, call: Call) -> object:
        asked[0] = next(iter(call.params.values()), "")
        return original(call)

    wrap(server, "run", run)
    same = server.revision.short_ids.canonical
    _show(
        server,
        lambda _, shown: {"id": asked[0]} if same(asked[0]) == shown["id"] else {},
    )


@fault("short-id-5-or-6-characters")
def shows_long_short_ids(server: Server) -> None:
    """The short id of a member or group that is read alone has eight letters."""
    _show(
        server,
        lambda row, shown: {"id": f"{shown['id']}xy"} if row.kind.name != "system" else {},
    )


@fault("entities-have-short-id-and-uuid")
def shows_no_uuids(server: Server) -> None:
    """The UUID of what is read alone is null."""
    _show(server, lambda *_: {"uuid": None})


@fault("uuid-format")
def shows_numbers_for_uuids(server: Server) -> None:
    """The UUID of what is read alone is 32 digits without hyphens."""
    _show(server, lambda _, shown: {"uuid": shown["uuid"].replace("-", "")})


@fault("uuid-stable")
def renews_uuids(server: Server) -> None:
    """An entity shows another UUID after each change of its name."""
    renewed: dict[Row, str] = {}

    def merge(original: Original, row: Row, patch: Patch) -> object:
        if "name" in patch.fields:
            renewed[row] = server.store.identities.uuid()
        return original(row, patch)

    wrap(server.updates, "merge", merge)

    def entity(original: Original, row: Entity, *where: object) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, *where)
        return shown | ({"uuid": renewed[row]} if row in renewed else {})

    wrap(server.presenter, "entity", entity)


def _keep_known(server: Server) -> None:
    """Let the other of two members with one short id be found when one of them is gone."""

    def delete_member(original: Original, member: Entity) -> None:
        original(member)
        for other in member.owner.members.values():
            server.store.members.add(other)

    wrap(server.store, "delete_member", delete_member)


@fault("short-id-unique-per-type")
def repeats_short_ids(server: Server) -> None:
    """One in ten members gets the short id of the one before."""

    def add_member(original: Original, system: System, *rest: object) -> object:
        before = list(system.members.values())
        member = original(system, *rest)
        if str(len(before)).endswith("4"):
            server.store.members.remove(member)
            member.fields["id"] = before[-1].short_id
            server.store.members.add(member)
        return member

    wrap(server.store, "add_member", add_member)
    _keep_known(server)


@fault("uuid-globally-unique", step="store.add_group")
def repeats_uuids(server: Server, original: Original, system: System, *rest: object) -> object:
    """A group has the UUID of the newest member, unless another group has it already."""
    group = original(system, *rest)
    newest = next(reversed(system.members), None)
    if newest and newest not in server.store.groups:
        server.store.delete_group(group)
        group.fields["uuid"] = newest
        server.store.groups.add(group)
        system.groups[newest] = group
    return group


@fault("short-id-5-characters", only="2021-11", step="store.identities.short_id")
def launch_ids_have_six_letters(original: Original) -> str:
    """New short ids have six letters."""
    return f"{original()}x"


@fault("switch-id-uuid", step="presenter.listed_switch")
def switch_ids_are_numbers(original: Original, row: Switch) -> dict[str, Any]:
    """The list of switches shows numbers for ids."""
    shown: dict[str, Any] = original(row)
    return shown | {"id": str(int(row.timestamp.timestamp()))}

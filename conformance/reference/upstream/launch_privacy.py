"""Known deviations of 2021-11 alone: what others saw, and keys that the docs did not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Group, System
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original

Shown = dict[str, Any]
REVISION = "2021-11"


@deviation(139, only=REVISION)
def requires_open_member_list_for_groups_with_members(server: Server) -> None:
    """with_members needs an open member list, fails over hidden groups and shows closed ones."""
    groups = server.endpoints["groups"]

    def index(original: Original, call: Call) -> object:
        if server.queries.flag(call, "with_members"):
            system = groups.system(call)
            server.privacy.check_list("members", system, call.caller)
            if any(_stumbles(server, group, call.caller) for group in system.groups.values()):
                raise Rejected(Problem.INTERNAL)
        return original(call)

    def member_uuids(_original: Original, row: Group, viewer: System | None) -> list[str]:
        return [member.uuid for member in server.lists.group_members(row, viewer)]

    wrap(groups, "index", index)
    wrap(server.presenter, "member_uuids", member_uuids)


def _stumbles(server: Server, group: Group, viewer: System | None) -> bool:
    hidden = not server.privacy.lists(group, viewer)
    return hidden and bool(server.lists.group_members(group, viewer))


@deviation(140, only=REVISION, step="privacy.hides")
def shows_private_group_icons(
    original: Original, row: Entity, field: Field, *viewer: object
) -> bool:
    """The icon of a group is never hidden."""
    return field.key != "icon" and bool(original(row, field, *viewer))


@deviation(141, only=REVISION, step="presenter.value")
def hides_banners_with_descriptions(
    server: Server,
    original: Original,
    row: Entity,
    field: Field,
    viewer: System | None,
    place: Place,
) -> object:
    """description_privacy covers the banner, too."""
    private = row.privacy["description_privacy"] == PRIVATE
    if field.key == "banner" and private and not server.privacy.owns(viewer, row):
        return None
    return original(row, field, viewer, place)


@deviation(143, only=REVISION, step="presenter.entity")
def shows_undocumented_keys(
    original: Original, row: Entity, viewer: System | None, place: Place
) -> Shown:
    """Groups have created, and a member or group that is read alone has system."""
    shown: Shown = original(row, viewer, place)
    if row.kind.name == "group":
        shown["created"] = row.fields["created"]
    if place == "single" and row.kind.name != "system":
        shown["system"] = row.owner.short_id
    return shown

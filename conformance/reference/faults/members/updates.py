"""Faults: changes of a member that one kind of response does not show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


@fault("update-member-persists")
def fronters_keep_old_names(server: Server) -> None:
    """A switch shows its members with the names that they had when it was logged."""
    names: dict[str, dict[str, str]] = {}

    def add_switch(original: Original, *given: Any) -> Switch:
        switch: Switch = original(*given)
        names[switch.uuid] = {one.short_id: one.fields["name"] for one in switch.members}
        return switch

    def shown(
        original: Original, row: Switch, viewer: System | None, place: Place
    ) -> dict[str, Any]:
        reported: dict[str, Any] = original(row, viewer, place)
        known = names.get(row.uuid, {})
        for one in reported["members"]:
            one["name"] = known.get(one["id"], one["name"])
        return reported

    wrap(server.store, "add_switch", add_switch)
    wrap(server.presenter, "switch", shown)


def _keep_names(place: Place, server: Server) -> None:
    names: dict[tuple[Switch, Member], str] = {}

    def add_switch(original: Original, *given: Any) -> Switch:
        made: Switch = original(*given)
        names.update({(made, member): member.fields["name"] for member in made.members})
        return made

    def switch(original: Original, row: Switch, viewer: object, shown_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, shown_in)
        for member, reported in zip(row.members, shown["members"], strict=True):
            public = reported["name"] == member.fields["name"]
            if shown_in == place and public and (row, member) in names:
                reported["name"] = names[row, member]
        return shown

    wrap(server.store, "add_switch", add_switch)
    wrap(server.presenter, "switch", switch)


for _place in ("fronters", "switch"):
    add(
        f"shows_old_names_in_{_place}",
        f"A member is shown with the name that it had when its switch was logged, in one place: {_place}.",
        ["update-member-persists"],
        partial(_keep_names, _place),
    )


@fault("update-member-persists")
def member_list_is_stale_after_patch(server: Server) -> None:
    """The list of members shows each as it was when it was first listed."""
    seen: dict[Member, dict[str, Any]] = {}

    def member(original: Original, row: Member, viewer: object, place: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        return seen.setdefault(row, shown) if place == "list" and viewer is row.system else shown

    wrap(server.presenter, "member", member)


@fault("update-member-persists")
def group_members_are_stale_after_patch(server: Server) -> None:
    """The list of the members of a group shows each as it was when it was first listed there."""
    seen: dict[Member, dict[str, Any]] = {}

    def group_members(
        original: Original, row: Member, viewer: object, place: Place
    ) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        fresh = place != "group-members" or viewer is not row.system
        return shown if fresh else seen.setdefault(row, shown)

    wrap(server.presenter, "member", group_members)

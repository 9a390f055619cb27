"""From rows to the objects of responses. docs: models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.reference.entities import Entity, Group, Member, Message, Row, Switch, System
    from conformance.reference.models import Field, Models
    from conformance.reference.privacy import Place, Privacy

Shown = dict[str, Any]


class Presenter:
    """Shows rows to a viewer in a place; privacy decides what is hidden."""

    def __init__(self, privacy: Privacy, models: Models) -> None:
        self._privacy = privacy
        self._message = models.message

    def system(self, row: System, viewer: System | None, place: Place) -> Shown:
        """Return the system object. docs: models#system-model."""
        return self.entity(row, viewer, place)

    def member(self, row: Member, viewer: System | None, place: Place) -> Shown:
        """Return the member object; a message leaves its system out. docs: models#member-model."""
        shown = self.entity(row, viewer, place)
        if place == "message":
            shown.pop("system", None)
        return shown

    def members(self, rows: Iterable[Member], viewer: System | None, place: Place) -> list[Shown]:
        """Return member objects in the given order."""
        return [self.member(row, viewer, place) for row in rows]

    def group(self, row: Group, viewer: System | None, place: Place) -> Shown:
        """Return the group object. docs: models#group-model."""
        return self.entity(row, viewer, place)

    def groups(self, rows: Iterable[Group], viewer: System | None, place: Place) -> list[Shown]:
        """Return group objects in the given order."""
        return [self.group(row, viewer, place) for row in rows]

    def group_with_members(self, row: Group, viewer: System | None) -> Shown:
        """Return the group of a list with the UUIDs of the members that the viewer may see.

        docs: endpoints#get-system-groups
        """
        return self.group(row, viewer, "list") | {"members": self.member_uuids(row, viewer)}

    def member_uuids(self, row: Group, viewer: System | None) -> list[str]:
        """Return the UUIDs of the members of a group; none when the list is private."""
        if not self._privacy.opens("group-members", row, viewer):
            return []
        return [uuid for uuid, member in row.members.items() if self._privacy.lists(member, viewer)]

    def entity(self, row: Entity, viewer: System | None, place: Place) -> Shown:
        """Return every key of the model and the privacy object."""
        shown = {field.key: self.value(row, field, viewer, place) for field in row.kind.fields}
        shown["privacy"] = self.privacy(row, viewer)
        return shown

    def value(self, row: Entity, field: Field, viewer: System | None, place: Place) -> object:
        """Return the value of one key, or the replacement of a hidden one."""
        if field.hidden_by and self._privacy.hides(row, field, viewer, place):
            return self.replacement(row, field)
        return row.fields[field.key]

    def replacement(self, row: Entity, field: Field) -> object:
        """Return what others see instead: null, for a name the display name, for tags none."""
        if field.form == "tags":
            return []
        if field.nullable:
            return None
        return row.fields["display_name"] or row.fields["name"]

    def privacy(self, row: Entity, viewer: System | None) -> dict[str, str] | None:
        """Return the privacy object, null for others."""
        return dict(row.privacy) if self._privacy.shows_privacy(row, viewer) else None

    def switch(self, row: Switch, viewer: System | None, place: Place) -> Shown:
        """Return the switch with member objects. docs: models#switch-model."""
        return self.switch_frame(row) | {"members": self.members(row.members, viewer, place)}

    def listed_switch(self, row: Switch) -> Shown:
        """Return the switch with short member ids, as lists show it."""
        return self.switch_frame(row) | {"members": [member.short_id for member in row.members]}

    def switch_frame(self, row: Switch) -> Shown:
        """Return the switch without its members."""
        return {"id": row.uuid, "timestamp": moments.show(row.timestamp)}

    def message(self, row: Message, viewer: System | None) -> Shown:
        """Return the message; system and member are null once the member was deleted.

        docs: models#message-model
        """
        shown = {key: row.fields[key] for key in self._message}
        if row.member is None:
            return shown | {"system": None, "member": None}
        return shown | {
            "system": self.system(row.member.system, viewer, "message"),
            "member": self.member(row.member, viewer, "message"),
        }

    def settings(self, row: Row) -> Shown:
        """Return every key of settings: a system's own, or those of a guild."""
        return {field.key: row.fields[field.key] for field in row.kind.fields}

    def public_settings(self, row: Row) -> Shown:
        """Return the settings that all callers may see. docs: models#public-system-settings-model."""
        return {field.key: row.fields[field.key] for field in row.kind.fields if field.public}

"""What others than the owner may see. docs: reference#authentication, models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from conformance.reference.errors import Problem, Rejected
from conformance.reference.models import OWNER_ONLY, PRIVATE

if TYPE_CHECKING:
    from conformance.reference.entities import Entity, System
    from conformance.reference.models import Field

Place = Literal[
    "single",
    "list",
    "create",
    "update",
    "group-members",
    "member-groups",
    "fronters",
    "switch",
    "message",
]
"""Where in the API an object is shown."""

ListName = Literal["members", "groups", "group-members", "fronters", "switches", "switch"]

LISTS: dict[ListName, tuple[str, Problem]] = {
    "members": ("member_list_privacy", Problem.MEMBER_LIST_HIDDEN),
    "groups": ("group_list_privacy", Problem.GROUP_LIST_HIDDEN),
    "group-members": ("list_privacy", Problem.GROUP_MEMBERS_HIDDEN),
    "fronters": ("front_privacy", Problem.FRONTERS_HIDDEN),
    "switches": ("front_history_privacy", Problem.HISTORY_HIDDEN),
    "switch": ("front_history_privacy", Problem.SWITCH_UNAVAILABLE),
}
"""The privacy key that closes a list, and how a closed one is rejected."""


class Privacy:
    """Decides what a viewer sees: the calling system, None for anonymous."""

    def owns(self, viewer: System | None, row: Entity) -> bool:
        """Whether the viewer sees everything of the row."""
        return row.owner is viewer

    def hides(self, row: Entity, field: Field, viewer: System | None, place: Place) -> bool:  # noqa: ARG002 - a decision may depend on the place
        """Whether the value of the field is kept from the viewer."""
        if field.hidden_by is None or self.owns(viewer, row):
            return False
        return field.hidden_by == OWNER_ONLY or row.privacy[field.hidden_by] == PRIVATE

    def shows_privacy(self, row: Entity, viewer: System | None) -> bool:
        """Whether the viewer sees the privacy object."""
        return self.owns(viewer, row)

    def opens(self, name: ListName, row: Entity, viewer: System | None) -> bool:
        """Whether the viewer may read the list of the row."""
        return self.owns(viewer, row) or row.privacy[LISTS[name][0]] != PRIVATE

    def check_list(self, name: ListName, row: Entity, viewer: System | None) -> None:
        """Reject a list that is closed to the viewer."""
        if not self.opens(name, row, viewer):
            raise Rejected(LISTS[name][1])

    def lists(self, row: Entity, viewer: System | None) -> bool:
        """Whether a member or group appears in lists for the viewer (key ``visibility``)."""
        return self.owns(viewer, row) or row.privacy["visibility"] != PRIVATE

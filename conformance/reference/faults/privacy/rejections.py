"""Faults: private values in the message of a rejection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.privacy import LISTS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, Row, System
    from conformance.reference.privacy import ListName
    from conformance.reference.steps import Original

_HIDDEN = tuple(problem for _, problem in LISTS.values())


@fault("private-field-is-null")
def rejections_of_lists_name_the_system(server: Server) -> None:
    """The message about a private list has the name of the system, which may be private, too."""
    rejected_at: list[System] = []

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        rejected_at[:] = [row.owner]
        original(name, row, viewer)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        if rejected.problem not in _HIDDEN or not rejected_at:
            return reported
        return reported | {"message": f"{rejected_at[0].fields['name']} keeps this private."}

    wrap(server.privacy, "check_list", check_list)
    wrap(server.errors, "body", body)


@fault("private-field-is-null")
def rejections_of_lists_report_of_the_group(server: Server) -> None:
    """The message about the private list of a group has the description of the group."""
    descriptions: list[object] = []

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        descriptions[:] = [row.fields["description"]]
        original(name, row, viewer)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        hidden = rejected.problem is Problem.GROUP_MEMBERS_HIDDEN
        return shown | (
            {"message": f"The list of '{descriptions[0]}' is private."} if hidden else {}
        )

    wrap(server.privacy, "check_list", check_list)
    wrap(server.errors, "body", body)


def _report_in_rejection(kind: str, key: str, server: Server) -> None:
    named: list[str] = []

    def own(original: Original, row: Row, caller: object) -> None:
        try:
            original(row, caller)
        except Rejected:
            named.append(str(row.fields[key]))
            raise

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | {"message": f"'{named.pop()}' is not yours."} if named else reported

    wrap(server.authentication, f"own_{kind}", own)
    wrap(server.errors, "body", body)


for _kind, _key in (("member", "name"), ("group", "description")):
    add(
        f"reports_{_key}_of_foreign_{_kind}",
        f"The message about a {_kind} of another system that cannot be changed has its {_key}.",
        ["private-field-is-null"],
        partial(_report_in_rejection, _kind, _key),
    )

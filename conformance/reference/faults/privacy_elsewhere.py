"""Faults: private values that are reported elsewhere than under their key, and privacy keys that a POST does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.privacy import LISTS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, System
    from conformance.reference.models import Kind
    from conformance.reference.privacy import ListName
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

CLOSED = tuple(problem for _, problem in LISTS.values())


@fault("private-field-is-null")
def reports_private_names_under_another_key(server: Server) -> None:
    """Objects have the real name under another key, in lower case."""

    def entity(original: Original, row: Entity, *where: object) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, *where)
        return shown | {"search": {"name": (row.fields["name"] or "").lower()}}

    wrap(server.presenter, "entity", entity)


@fault("private-field-is-null")
def reports_private_images_in_a_list(server: Server) -> None:
    """Objects have the URLs of all their images in a list, private or not."""

    def entity(original: Original, row: Entity, *where: object) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, *where)
        keys = ("avatar_url", "icon", "banner")
        return shown | {"images": [row.fields[key] for key in keys if row.fields.get(key)]}

    wrap(server.presenter, "entity", entity)


@fault("private-field-is-null")
def rejections_of_lists_name_the_system(server: Server) -> None:
    """The message about a private list has the name of the system in it, which may be private, too."""
    rejected_at: list[System] = []

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        rejected_at[:] = [row.owner]
        original(name, row, viewer)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        if rejected.problem not in CLOSED or not rejected_at:
            return reported
        return reported | {"message": f"{rejected_at[0].fields['name']} keeps this private."}

    wrap(server.privacy, "check_list", check_list)
    wrap(server.errors, "body", body)


@fault("private-field-is-null")
def rejections_of_lists_report_of_the_group(server: Server) -> None:
    """The message about the private list of a group has the description of the group in it."""
    reported: list[object] = []

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        reported[:] = [row.fields["description"]]
        original(name, row, viewer)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        mine = rejected.problem is Problem.GROUP_MEMBERS_HIDDEN
        return shown | ({"message": f"The list of '{reported[0]}' is private."} if mine else {})

    wrap(server.privacy, "check_list", check_list)
    wrap(server.errors, "body", body)


@fault("post-clears-missing-keys")
def one_private_key_in_a_post_closes_all(server: Server) -> None:
    """A POST with a privacy object makes the keys private that the object leaves out."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        if patch.privacy:
            patch.privacy = dict.fromkeys(kind.privacy_keys, PRIVATE) | patch.privacy
        return patch

    wrap(server.validation, "creation", creation)


@fault("create-takes-privacy-keys")
def post_needs_all_privacy_keys(server: Server) -> None:
    """A POST with a privacy object that leaves keys out is rejected."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        if patch.privacy and patch.privacy.keys() < set(kind.privacy_keys):
            raise Rejected(Problem.INVALID, errors={"privacy": [{"message": "Keys are missing."}]})
        return patch

    wrap(server.validation, "creation", creation)


@fault("err-40001")
def post_without_name_has_code_0(server: Server) -> None:
    """A POST without a name is rejected as a request that cannot be understood."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        if "name" not in body:
            raise Rejected(Problem.BAD_REQUEST, "a name is needed")
        patch: Patch = original(kind, body)
        return patch

    wrap(server.validation, "creation", creation)

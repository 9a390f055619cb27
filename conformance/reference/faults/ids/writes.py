"""Faults: id formats of a path under which nothing is changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.ids.paths import is_uuid, path_ref
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity
    from conformance.reference.steps import Original


def _entity_of_path(server: Server, call: Call) -> Entity:
    kind, ref = path_ref(call)
    if kind == "system":
        return server.references.system(ref, call.caller)
    found: Entity = getattr(server.references, kind)(ref)
    return found


def _forget_changes(operation: str, test: Callable[[str], bool], server: Server) -> None:
    def run(original: Original, call: Call) -> object:
        if not (call.operation and call.operation.name == operation and test(path_ref(call)[1])):
            return original(call)
        row: Any = _entity_of_path(server, call)
        fields, privacy = dict(row.fields), dict(row.privacy)
        shown: object = original(call)
        row.fields.update(fields)
        row.privacy.update(privacy)
        return shown

    wrap(server, "run", run)


for _kind, _name, _test, _violated_by in (
    ("system", "uuid", is_uuid, ["systemref-uuid", "update-system-persists"]),
    ("system", "account", str.isdigit, ["systemref-discord-id", "update-system-persists"]),
    ("member", "uuid", is_uuid, ["memberref-uuid", "update-member-persists"]),
    ("group", "uuid", is_uuid, ["groupref-uuid", "update-group-persists"]),
):
    add(
        f"patch_of_{_kind}_by_{_name}_is_not_stored",
        f"PATCH of a {_kind} that is named by its {_name} returns the new values and forgets them.",
        _violated_by,
        partial(_forget_changes, f"update-{_kind}", _test),
    )


@fault("memberref-uuid", step="run")
def member_guild_settings_need_short_ids(original: Original, call: Call) -> object:
    """The settings of a member in a guild are not found by the UUID of the member."""
    if "guild" in call.params and is_uuid(call.params.get("member", "")):
        raise Rejected(Problem.MEMBER_UNKNOWN)
    return original(call)


@fault("id-accepted-uppercase")
def memberships_take_lower_case_paths(server: Server) -> None:
    """A group or member in upper case is found, but not where its memberships are changed."""

    def own(original: Original, call: Call) -> Any:
        if any(ref != ref.lower() for ref in call.params.values()):
            raise Rejected(Problem.MEMBER_UNKNOWN)
        return original(call)

    for step in ("own_group", "own_member"):
        wrap(server.endpoints["memberships"], step, own)


@fault("memberref-uuid", "groupref-uuid")
def memberships_take_short_paths(server: Server) -> None:
    """A group or member is found by its UUID, but not where its memberships are changed."""

    def own(unknown: Problem, original: Original, call: Call) -> Any:
        found = original(call)
        if any(len(ref) > len("abc-def") for ref in call.params.values()):
            raise Rejected(unknown)
        return found

    for step, unknown in (
        ("own_group", Problem.GROUP_UNKNOWN),
        ("own_member", Problem.MEMBER_UNKNOWN),
    ):
        wrap(server.endpoints["memberships"], step, partial(own, unknown))


def _reject_uuids(server: Server, area: str) -> None:
    def update(original: Original, call: Call) -> Any:
        if len(call.params["system"]) > len("abc-def"):
            raise Rejected(Problem.NOT_YOURS)
        return original(call)

    wrap(server.endpoints[area], "update", update)


@fault("systemref-uuid")
def settings_are_written_under_short_names(server: Server) -> None:
    """The settings of a system are not changed under its UUID."""
    _reject_uuids(server, "settings")


@fault("systemref-uuid")
def systems_are_written_under_short_names(server: Server) -> None:
    """A system is not changed under its UUID."""
    _reject_uuids(server, "systems")


@fault("memberref-uuid", "id-accepted-uppercase")
def member_patches_need_the_short_id(server: Server) -> None:
    """A PATCH of a member is stored only where the path has the short id in lower case."""
    _forget_changes("update-member", lambda ref: is_uuid(ref) or ref != ref.lower(), server)


@fault("memberref-uuid", step="members.delete")
def deletes_by_uuid_are_bad_requests(original: Original, call: Call) -> object:
    """DELETE of a member by its UUID returns 400."""
    if is_uuid(path_ref(call)[1]):
        raise Rejected(Problem.BAD_REQUEST, "the UUID")
    return original(call)

"""Faults: id formats that are not found in a path. What they share with other faults of refs comes first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_snowflake, canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

# The error of a ref that names nothing, by model.
UNKNOWN_REF = {
    "system": Problem.SYSTEM_UNKNOWN,
    "member": Problem.MEMBER_UNKNOWN,
    "group": Problem.GROUP_UNKNOWN,
}


def path_ref(call: Call) -> tuple[str, str]:
    """Return the model and the ref of the first entity that a path names, or two empty texts."""
    kind = next((kind for kind in UNKNOWN_REF if kind in call.params), "")
    return kind, call.params.get(kind, "")


def is_uuid(ref: str) -> bool:
    """Return whether a ref is a UUID, in upper or lower case."""
    return canonical_uuid(ref) is not None


def has_upper_case(ref: str) -> bool:
    """Return whether a ref has a letter in upper case."""
    return ref != ref.lower()


def _find_nothing_by(steps: tuple[str, ...], test: Callable[[str], bool], server: Server) -> None:
    """Find nothing by the refs of paths that pass the test."""
    for step in steps:

        def find(original: Original, ref: str, *rest: object, step: str = step) -> object:
            if ref != "@me" and test(ref):
                raise Rejected(UNKNOWN_REF[step])
            return original(ref, *rest)

        wrap(server.references, step, find)


def _is_short(ref: str) -> bool:
    return not is_uuid(ref) and canonical_snowflake(ref) is None


def _is_upper(ref: str) -> bool:
    return _is_short(ref) and ref != ref.lower()


def _is_dashed(ref: str) -> bool:
    return _is_short(ref) and "-" in ref


def _is_upper_uuid(ref: str) -> bool:
    return is_uuid(ref) and ref != ref.lower()


_ALL = ("system", "member", "group")
for _name, _description, _steps, _test, _violated_by in (
    ("rejects_upper_case_ids", "in upper case", _ALL, _is_upper, ["id-accepted-uppercase"]),
    ("rejects_dashed_ids", "with a dash", _ALL, _is_dashed, ["id-accepted-with-dash"]),
    ("rejects_upper_member_ids", "of a member in upper case", ("member",), _is_upper, ["id-accepted-uppercase"]),
    ("rejects_system_uuids", "that is the UUID of a system", ("system",), is_uuid, ["systemref-uuid"]),
    ("rejects_member_uuids", "that is the UUID of a member", ("member",), is_uuid, ["memberref-uuid"]),
    ("rejects_group_uuids", "that is the UUID of a group", ("group",), is_uuid, ["groupref-uuid"]),
    ("rejects_upper_case_uuids", "that is a UUID in upper case", _ALL, _is_upper_uuid, ["systemref-uuid", "memberref-uuid", "groupref-uuid"]),
    ("rejects_accounts", "that is a Discord account", ("system",), lambda ref: canonical_snowflake(ref) is not None, ["systemref-discord-id"]),
):  # fmt: skip
    add(
        _name,
        f"An id {_description} is not found.",
        _violated_by,
        partial(_find_nothing_by, _steps, _test),
    )


@fault("id-accepted-with-dash")
def takes_dashes_in_lower_case_only(server: Server) -> None:
    """A short id may be in upper case or have a dash, but not both."""

    def find(original: Original, ref: str) -> object:
        return (
            None if len(ref) == len("abc-def") and "-" in ref and ref.isupper() else original(ref)
        )

    for rows in (server.store.systems, server.store.members, server.store.groups):
        wrap(rows, "find", find)


def _find_nothing_in(
    server: Server, operations: tuple[str, ...], test: Callable[[str], bool]
) -> None:
    """Find nothing by the refs of these operations that pass the test."""

    def run(original: Original, call: Call) -> object:
        kind, ref = path_ref(call)
        if call.operation and call.operation.name in operations and test(ref):
            raise Rejected(UNKNOWN_REF[kind])
        return original(call)

    wrap(server, "run", run)


@fault("memberref-uuid", "groupref-uuid")
def deletes_take_no_uuids(server: Server) -> None:
    """A member or group that is named by UUID cannot be deleted."""
    _find_nothing_in(server, ("delete-member", "delete-group"), is_uuid)


@fault("id-accepted-uppercase")
def system_lists_need_lower_case(server: Server) -> None:
    """A system that is named in upper case is found, but not its members and groups."""
    _find_nothing_in(server, ("get-system-members", "get-system-groups"), has_upper_case)


_ID_FORMATS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "uuid": ("UUID", is_uuid),
    "account": ("Discord account", str.isdigit),
    "dashed": ("short id with a dash", lambda ref: len(ref) == len("abc-def")),
    "upper": ("short id in upper case", _is_upper),
}
_LISTS = {
    "members": ("members", "index", "system"),
    "groups": ("groups", "index", "system"),
    "group_members": ("memberships", "list_members", "group"),
    "member_groups": ("memberships", "list_groups", "member"),
}


def _list_nothing_under(area: str, step: str, model: str, form: str, server: Server) -> None:
    _, is_so_written = _ID_FORMATS[form]

    def serve(original: Original, call: Call) -> Any:
        if is_so_written(call.params[model]):
            raise Rejected(UNKNOWN_REF[model])
        return original(call)

    wrap(server.endpoints[area], step, serve)


for _list, _form, _violated in (
    ("members", "uuid", "systemref-uuid"),
    ("groups", "account", "systemref-discord-id"),
    ("group_members", "uuid", "groupref-uuid"),
    ("group_members", "dashed", "id-accepted-with-dash"),
    ("member_groups", "uuid", "memberref-uuid"),
    ("member_groups", "upper", "id-accepted-uppercase"),
):
    _area, _step, _model = _LISTS[_list]
    add(
        f"{_list}_are_not_listed_by_{_form}",
        f"The {_list.replace('_', ' ')} are not listed when the path has the {_ID_FORMATS[_form][0]}.",
        [_violated],
        partial(_list_nothing_under, _area, _step, _model, _form),
        only="2025-08" if _form == "account" else None,
    )


@fault("systemref-short-id", step="settings.update", only="2025-08")
def settings_are_patched_by_me_alone(original: Original, call: Call) -> object:
    """PATCH of the settings is rejected unless the path says @me."""
    if call.params["system"] != "@me":
        raise Rejected(Problem.NOT_YOURS)
    return original(call)


@fault("systemref-short-id", step="systems.update", only="2025-08")
def system_is_not_patched_by_its_short_id(original: Original, call: Call) -> object:
    """PATCH of a system by its short id is rejected, in small letters."""
    if _is_short(call.params["system"]) and not has_upper_case(call.params["system"]):
        raise Rejected(Problem.NOT_YOURS)
    return original(call)


def _keep_what_was_read(kind: str, server: Server) -> None:
    """Keep the responses of GET by ref; a PATCH forgets that of its own ref alone."""
    kept: dict[tuple[object, ...], object] = {}
    endpoints = server.endpoints[f"{kind}s"]

    def show(original: Original, call: Call) -> object:
        key = (call.params[kind], call.caller and call.caller.uuid)
        if key not in kept:
            kept[key] = original(call)
        return kept[key]

    def update(original: Original, call: Call) -> object:
        for key in [key for key in kept if key[0] == call.params[kind]]:
            del kept[key]
        return original(call)

    wrap(endpoints, "show", show)
    wrap(endpoints, "update", update)


for _kind, _violated in (("member", "memberref-uuid"), ("group", "groupref-uuid")):
    add(
        f"keeps_the_{_kind}_that_was_read",
        f"GET of a {_kind} shows what it showed before, until a PATCH names the {_kind} in the same way.",
        [_violated, f"update-{_kind}-persists"],
        partial(_keep_what_was_read, _kind),
    )

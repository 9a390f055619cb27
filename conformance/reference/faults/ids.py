"""Faults: what ids look like, and which id formats of them are found; what becomes of those that name nothing."""

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
    from conformance.reference.entities import Entity, Row, System
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_UNKNOWN = {
    "system": Problem.SYSTEM_UNKNOWN,
    "member": Problem.MEMBER_UNKNOWN,
    "group": Problem.GROUP_UNKNOWN,
}


_DEEP = 1000  # brackets
_DASHED = len("abc-def")


def _unfound(steps: tuple[str, ...], test: Callable[[str], bool], server: Server) -> None:
    """Let refs of paths that pass the test name nothing."""
    for step in steps:

        def find(original: Original, ref: str, *rest: object, step: str = step) -> object:
            if ref != "@me" and test(ref):
                raise Rejected(_UNKNOWN[step])
            return original(ref, *rest)

        wrap(server.references, step, find)


def _is_uuid(ref: str) -> bool:
    return canonical_uuid(ref) is not None


def _is_short(ref: str) -> bool:
    return not _is_uuid(ref) and canonical_snowflake(ref) is None


def _is_upper(ref: str) -> bool:
    return _is_short(ref) and ref != ref.lower()


def _is_dashed(ref: str) -> bool:
    return _is_short(ref) and "-" in ref


def _is_upper_uuid(ref: str) -> bool:
    return _is_uuid(ref) and ref != ref.lower()


_ALL = ("system", "member", "group")
for _name, _description, _steps, _test, _violated_by in (
    ("rejects_upper_case_ids", "in upper case", _ALL, _is_upper, ["id-accepted-uppercase"]),
    ("rejects_dashed_ids", "with a dash", _ALL, _is_dashed, ["id-accepted-with-dash"]),
    ("rejects_upper_member_ids", "of a member in upper case", ("member",), _is_upper, ["id-accepted-uppercase"]),
    ("rejects_system_uuids", "that is the UUID of a system", ("system",), _is_uuid, ["systemref-uuid"]),
    ("rejects_member_uuids", "that is the UUID of a member", ("member",), _is_uuid, ["memberref-uuid"]),
    ("rejects_group_uuids", "that is the UUID of a group", ("group",), _is_uuid, ["groupref-uuid"]),
    ("rejects_upper_case_uuids", "that is a UUID in upper case", _ALL, _is_upper_uuid, ["systemref-uuid", "memberref-uuid", "groupref-uuid"]),
    ("rejects_accounts", "that is a Discord account", ("system",), lambda ref: canonical_snowflake(ref) is not None, ["systemref-discord-id"]),
):  # fmt: skip
    add(
        _name, f"An id {_description} is not found.", _violated_by, partial(_unfound, _steps, _test)
    )


def _show(server: Server, change: Callable[[Entity, dict[str, Any]], dict[str, Any]]) -> None:
    """Change how systems, members and groups that are read alone are shown."""

    def entity(original: Original, row: Entity, viewer: object, place: str) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        return shown | (change(row, shown) if place == "single" else {})

    wrap(server.presenter, "entity", entity)


@fault("id-canonical-in-responses")
def shows_ids_as_asked_for(server: Server) -> None:
    """A short id is shown as the request written it."""
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


def _keep_known(server: Server) -> None:
    """Let the other of two members with one short id be found when one of them is gone."""

    def delete_member(original: Original, member: Entity) -> None:
        original(member)
        for other in member.owner.members.values():
            server.store.members.add(other)

    wrap(server.store, "delete_member", delete_member)


@fault("uuid-globally-unique")
def repeats_uuids(server: Server) -> None:
    """A group has the UUID of the newest member, unless another group has it already."""

    def add_group(original: Original, system: System, *rest: object) -> object:
        group = original(system, *rest)
        newest = next(reversed(system.members), None)
        if newest and newest not in server.store.groups:
            server.store.delete_group(group)
            group.fields["uuid"] = newest
            server.store.groups.add(group)
            system.groups[newest] = group
        return group

    wrap(server.store, "add_group", add_group)


def _recode(problem: Problem, reported: Problem, server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        return shown | ({"code": reported.value[1]} if rejected.problem is problem else {})

    wrap(server.errors, "body", body)


for _kind, _problem in _UNKNOWN.items():
    add(
        f"answers_unknown_{_kind}_with_code_0",
        f"An unknown {_kind} is 404 with the code 0.",
        [f"err-{_problem.value[1]}"],
        partial(_recode, _problem, Problem.NO_ROUTE),
    )


@fault("err-20001", "err-20002", "err-20004")
def returns_unknown_refs_with_400(server: Server) -> None:
    """A ref that names nothing returns 400."""

    def status(original: Original, rejected: Rejected) -> int:
        return 400 if rejected.problem in _UNKNOWN.values() else int(original(rejected))

    wrap(server.errors, "status", status)


def _drop_system(kind: str, server: Server) -> None:
    def entity(original: Original, row: Entity, viewer: object, place: str) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        if row.kind.name == kind and place == "single":
            shown.pop("system", None)
        return shown

    wrap(server.presenter, "entity", entity)


for _kind in ("member", "group"):
    add(
        f"omits_system_of_{_kind}",
        f"A {_kind} that is read alone does not name its system.",
        [f"{_kind}-system-key"],
        partial(_drop_system, _kind),
    )


@fault("id-accepted-with-dash")
def takes_dashes_in_lower_case_only(server: Server) -> None:
    """A short id may be in upper case or have a dash, but not both."""

    def find(original: Original, ref: str) -> object:
        return None if len(ref) == _DASHED and "-" in ref and ref.isupper() else original(ref)

    for rows in (server.store.systems, server.store.members, server.store.groups):
        wrap(rows, "find", find)


@fault("err-0-400")
def takes_malformed_json_for_nothing(server: Server) -> None:
    """A body that is no JSON counts as an empty object, or an empty list."""

    def parse(original: Original, body: bytes) -> object:
        try:
            return original(body)
        except Rejected:
            return [] if body.startswith(b"[") else {}

    wrap(server.bodies, "parse", parse)


@fault("err-0-400")
def returns_malformed_json_with_422(server: Server) -> None:
    """A body that cannot be understood returns 422."""

    def status(original: Original, rejected: Rejected) -> int:
        return 422 if rejected.problem is Problem.BAD_REQUEST else int(original(rejected))

    wrap(server.errors, "status", status)


@fault("err-0-400")
def takes_null_for_an_empty_object(server: Server) -> None:
    """A body that is null, or a list, counts as an object without keys, which is 40001."""

    def mapping(original: Original, call: Call) -> dict[str, Any]:
        if not isinstance(server.bodies.content(call), dict):
            raise Rejected(Problem.INVALID, errors={})
        found: dict[str, Any] = original(call)
        return found

    wrap(server.bodies, "mapping", mapping)


@fault("err-0-400")
def fails_on_deep_nesting(server: Server) -> None:
    """A body with brackets in brackets without end makes the server fail."""

    def parse(original: Original, body: bytes) -> object:
        if body.count(b"[") > _DEEP:
            raise Rejected(Problem.INTERNAL)
        return original(body)

    wrap(server.bodies, "parse", parse)


@fault("err-0-400")
def fails_on_malformed_switches(server: Server) -> None:
    """A switch that is no JSON makes the server fail."""

    def content(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            if call.path.endswith("/switches") and rejected.problem is Problem.BAD_REQUEST:
                raise Rejected(Problem.INTERNAL) from None
            raise

    wrap(server.bodies, "content", content)

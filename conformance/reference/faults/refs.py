"""Faults: refs that name nothing, or something else; lists in which some of them stand; paths without a version."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.routing import BASE_PATH
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

_KINDS = {"system": "err-20001", "member": "err-20002", "group": "err-20004"}


def _fail_on_odd(kind: str, server: Server) -> None:
    def find(original: Original, ref: str, *rest: object) -> object:
        if not ref.isascii():
            raise Rejected(Problem.INTERNAL)
        return original(ref, *rest)

    wrap(server.references, kind, find)


for _kind, _rule in _KINDS.items():
    add(
        f"fails_on_accented_ref_of_{_kind}",
        f"A {_kind} that is named by letters beyond ASCII makes the server fail.",
        [_rule],
        partial(_fail_on_odd, _kind),
    )


@fault("err-20001")
def takes_unknown_account_for_first(server: Server) -> None:
    """A number that is no linked account names the system that is there first."""

    def account(original: Original, ref: str) -> System | None:
        return original(ref) or (server.seeded.first if ref.isdigit() else None)

    wrap(server.references, "account", account)


@fault("err-20002")
def looks_for_members_of_any_kind(server: Server) -> None:
    """The UUID of a group in the place of a member returns like a group that is not there."""

    def member(original: Original, ref: str) -> object:
        if server.store.groups.find(ref) and canonical_uuid(ref):
            raise Rejected(Problem.GROUP_UNKNOWN)
        return original(ref)

    wrap(server.references, "member", member)


@fault("unversioned-endpoints-removed")
def serves_paths_without_version(server: Server) -> None:
    """Every path is also served without the version."""

    def respond(original: Original, call: Call) -> Response:
        versioned = call.path.startswith(BASE_PATH)
        path = call.path if versioned else BASE_PATH + call.path
        reported: Response = original(replace(call, path=path))
        return reported

    wrap(server, "respond", respond)


def _one_by_one(server: Server) -> None:
    """Carry out what a list asks for until an entry is not found."""
    memberships: Any = server.endpoints["memberships"]

    def add_members(_original: Original, call: Call) -> None:
        group = memberships.own_group(call)
        for ref in server.bodies.refs(call, empty_allowed=False):
            memberships.join(group, server.references.listed_member(ref, call))

    def add_groups(_original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for ref in server.bodies.refs(call, empty_allowed=False):
            memberships.join(server.references.listed_group(ref, call), member)

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)


add(
    "adds_entries_before_unknown_one",
    "A list to add is carried out up to the entry that does not exist.",
    ["err-20003", "err-20005"],
    _one_by_one,
)


def _skip_short(kind: str, server: Server) -> None:
    """Leave out short ids that name nothing, where UUIDs that do are rejected."""
    rows = server.store.members if kind == "member" else server.store.groups

    def listed(original: Original, refs: list[str], call: Call) -> object:
        return original([ref for ref in refs if rows.find(ref) or canonical_uuid(ref)], call)

    wrap(server.references, f"listed_{kind}s", listed)


for _kind, _rule in (("member", "err-20003"), ("group", "err-20005")):
    add(
        f"skips_unknown_short_ids_of_{_kind}s",
        f"A short id that names no {_kind} is left out of a list of {_kind}s.",
        [_rule],
        partial(_skip_short, _kind),
    )


@fault("err-20003", "err-20005")
def empties_list_before_rejecting(server: Server) -> None:
    """A list that is to be overwritten is emptied before its entries are looked at."""
    memberships: Any = server.endpoints["memberships"]

    def overwrite_members(original: Original, call: Call) -> None:
        memberships.own_group(call).members.clear()
        original(call)

    def overwrite_groups(original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for group in member.system.groups.values():
            group.members.pop(member.uuid, None)
        original(call)

    wrap(memberships, "overwrite_members", overwrite_members)
    wrap(memberships, "overwrite_groups", overwrite_groups)


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def rejects_other_id_formats_in_lists(server: Server) -> None:
    """A list with an id that is not written as it is stored is a bad request."""

    def listed(original: Original, ref: str, call: Call) -> object:
        if server.revision.short_ids.canonical(ref) not in (ref, None):
            raise Rejected(Problem.BAD_REQUEST, ref)
        return original(ref, call)

    wrap(server.references, "listed_member", listed)
    wrap(server.references, "listed_group", listed)


def _pass_over(test: Any, server: Server) -> None:
    def refs(original: Original, call: Call, **rest: Any) -> list[str]:
        found: list[str] = original(call, **rest)
        return [ref for ref in found if not test(ref)] or found

    wrap(server.bodies, "refs", refs)


for _name, _description, _test, _violated_by in (
    (
        "passes_over_upper_case_in_lists",
        "in upper case",
        lambda ref: ref.isupper() and not canonical_uuid(ref),
        ["id-accepted-uppercase"],
    ),
    (
        "passes_over_dashes_in_lists",
        "with a dash",
        lambda ref: "-" in ref and not canonical_uuid(ref),
        ["id-accepted-with-dash"],
    ),
    (
        "passes_over_upper_uuids_in_lists",
        "that is a UUID in upper case",
        lambda ref: bool(canonical_uuid(ref)) and ref != ref.lower(),
        ["member-refs-by-uuid", "group-refs-by-uuid"],
    ),
):
    add(
        _name,
        f"An entry of a list {_description} is passed over without a word.",
        _violated_by,
        partial(_pass_over, _test),
    )


def _reject_in_format(part: object, method: str) -> None:
    def refs(original: Original, *given: Any, **keys: Any) -> list[str]:
        found: list[str] = original(*given, **keys)
        if any(not canonical_uuid(ref) and not (ref.isalpha() and ref.islower()) for ref in found):
            raise Rejected(Problem.BAD_REQUEST, "that is no id")
        return found

    wrap(part, method, refs)


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def new_switches_need_plain_ids(server: Server) -> None:
    """A new switch whose members are named in upper case or with a dash returns 400."""
    _reject_in_format(server.endpoints["switches"], "listed_refs")


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def lists_need_plain_ids(server: Server) -> None:
    """A list with ids in upper case or with a dash returns 400."""
    _reject_in_format(server.bodies, "refs")

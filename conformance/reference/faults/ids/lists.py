"""Faults: id formats in the lists of a body, and of the ref of a switch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Switch, System
    from conformance.reference.steps import Original


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def rejects_other_id_formats_in_lists(server: Server) -> None:
    """A list with an id that is not written as it is stored is a bad request."""

    def listed(original: Original, ref: str, call: Call) -> object:
        if server.revision.short_ids.canonical(ref) not in (ref, None):
            raise Rejected(Problem.BAD_REQUEST, ref)
        return original(ref, call)

    wrap(server.references, "listed_member", listed)
    wrap(server.references, "listed_group", listed)


def _find_no_uuid(problem: Problem, original: Original, ref: str, call: Call) -> object:
    if canonical_uuid(ref):
        raise Rejected(problem, ref)
    return original(ref, call)


for _kind, _problem, _violated in (
    ("member", Problem.LISTED_MEMBER_UNKNOWN, "member-refs-by-uuid"),
    ("group", Problem.LISTED_GROUP_UNKNOWN, "group-refs-by-uuid"),
):
    add(
        f"finds_listed_{_kind}_by_short_id_alone",
        f"A listed {_kind} is not found by its UUID.",
        [_violated],
        partial(_find_no_uuid, _problem),
        step=f"references.listed_{_kind}",
    )


def _pass_over(test: Any, original: Original, call: Call, **rest: Any) -> list[str]:
    found: list[str] = original(call, **rest)
    return [ref for ref in found if not test(ref)] or found


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
        f"An entry of a list {_description} is passed over without an error.",
        _violated_by,
        partial(_pass_over, _test),
        step="bodies.refs",
    )


def _reject_other_formats(part: object, method: str) -> None:
    def refs(original: Original, *given: Any, **keys: Any) -> list[str]:
        found: list[str] = original(*given, **keys)
        if any(not canonical_uuid(ref) and not (ref.isalpha() and ref.islower()) for ref in found):
            raise Rejected(Problem.BAD_REQUEST, "that is no id")
        return found

    wrap(part, method, refs)


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def new_switches_need_plain_ids(server: Server) -> None:
    """A new switch whose members are named in upper case or with a dash returns 400."""
    _reject_other_formats(server.endpoints["switches"], "listed_refs")


@fault("id-accepted-uppercase", "id-accepted-with-dash")
def lists_need_plain_ids(server: Server) -> None:
    """A list with ids in upper case or with a dash returns 400."""
    _reject_other_formats(server.bodies, "refs")


@fault("create-switch-short-ids-or-uuids", step="references.listed_member")
def new_switch_takes_short_ids_alone(original: Original, ref: str, call: Call) -> object:
    """A body that lists members by UUID is rejected."""
    if "-" in ref:
        raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
    return original(ref, call)


@fault("switchref-must-be-uuid", "err-40006", step="references.switch")
def switch_ref_is_any_text(
    original: Original, ref: str, system: System, unknown: Problem
) -> Switch:
    """A switch ref that is no UUID names the current switch."""
    known = canonical_uuid(ref) is not None or not system.switches
    found: Switch = original(ref, system, unknown) if known else system.switches[-1]
    return found


@fault("id-accepted-uppercase", "id-accepted-with-dash", step="switches.members")
def changed_members_take_stored_id_format(
    server: Server, original: Original, refs: list[str], call: Call
) -> object:
    """PATCH of the members of a switch rejects ids that are not written as they are stored."""
    for ref in refs:
        if ref not in server.store.members:
            raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
    return original(refs, call)

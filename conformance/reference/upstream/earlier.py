"""Known deviations of the code of 2025-08-07 alone, the day on which the docs of 2025-08 were finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import EARLIER, deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

REVISION = "2025-08"


@deviation(3, 121, 123, only=REVISION, code=EARLIER, step="respond")
def resolves_systems_first(server: Server, original: Original, call: Call) -> object:
    """The system of a path is looked up before User-Agent, limits, body and token."""
    try:
        if call.method != "OPTIONS":
            _resolve(server, call)
    except Rejected as rejected:
        return server.errors.response(rejected)
    return original(call)


def _resolve(server: Server, call: Call) -> None:
    operation, call.params = next(server.router.at(call.path), (None, {}))
    if operation is not None and "system" in call.params:
        call.caller = server.authentication.identify(call)
        server.endpoints[operation.area].system(call)


@deviation(25, 123, only=REVISION, code=EARLIER, step="authentication.require")
def looks_up_deleted_rows_first(server: Server, original: Original, call: Call) -> object:
    """DELETE of an unknown member or group is 404 even without a token."""
    if call.method == "DELETE" and "member" in call.params:
        server.references.member(call.params["member"])
    if call.method == "DELETE" and "group" in call.params:
        server.references.group(call.params["group"])
    return original(call)


@deviation(123, only=REVISION, code=EARLIER, step="memberships.list_groups")
def returns_20003_for_groups_of_unknown_member(original: Original, call: Call) -> object:
    """The groups of an unknown member are 20003."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem is Problem.MEMBER_UNKNOWN:
            raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, call.params["member"]) from None
        raise


@deviation(40, 123, only=REVISION, code=EARLIER, step="switches.switch")
def returns_20007_for_members_of_bad_switches(
    original: Original, call: Call, system: System, **rest: object
) -> object:
    """The members of a switch whose id is no UUID are 20007."""
    bad = canonical_uuid(call.params["switch"]) is None
    if bad and name_of(call) == "update-switch-members":
        raise Rejected(Problem.SWITCH_UNKNOWN)
    return original(call, system, **rest)

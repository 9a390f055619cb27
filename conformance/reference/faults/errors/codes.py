"""Faults: errors with another code than the documented one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

_ERRORS = {
    Problem.SWITCH_UNKNOWN: "err-20007",
    Problem.SYSTEM_GUILD_UNKNOWN: "err-20009",
    Problem.MEMBER_GUILD_UNKNOWN: "err-20010",
    Problem.MEMBER_LIST_HIDDEN: "err-30001",
    Problem.GROUP_MEMBERS_HIDDEN: "err-30003",
    Problem.FRONTERS_HIDDEN: "err-30004",
    Problem.HISTORY_HIDDEN: "err-30005",
    Problem.SWITCH_ID_INVALID: "err-40006",
}


def _return_code_0(problem: Problem, original: Original, rejected: Rejected) -> dict[str, Any]:
    reported: dict[str, Any] = original(rejected)
    return reported | ({"code": 0} if rejected.problem is problem else {})


for _problem, _violated in _ERRORS.items():
    _code = _violated.removeprefix("err-")
    add(
        f"returns_code_0_for_{_code}",
        f"The error with the code {_code} has the code 0.",
        [_violated],
        partial(_return_code_0, _problem),
        step="errors.body",
    )
for _what, _problem, _violated in (
    ("system", Problem.SYSTEM_UNKNOWN, "err-20001"),
    ("member", Problem.MEMBER_UNKNOWN, "err-20002"),
    ("group", Problem.GROUP_UNKNOWN, "err-20004"),
    ("listed member", Problem.LISTED_MEMBER_UNKNOWN, "err-20003"),
    ("listed group", Problem.LISTED_GROUP_UNKNOWN, "err-20005"),
):
    add(
        f"returns_code_0_for_unknown_{_what.replace(' ', '_')}",
        f"An unknown {_what} is 404 with the code 0.",
        [_violated],
        partial(_return_code_0, _problem),
        step="errors.body",
    )


@fault("err-20009", "err-20010")
def unset_guild_settings_have_code_0(server: Server) -> None:
    """Settings in a guild that were never set are rejected with the code 0."""
    unset = (Problem.SYSTEM_GUILD_UNKNOWN, Problem.MEMBER_GUILD_UNKNOWN)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | {"code": 0} if rejected.problem in unset else reported

    wrap(server.errors, "body", body)


@fault("err-20006", step="errors.body")
def unknown_message_has_code_0(original: Original, rejected: Rejected) -> dict[str, Any]:
    """An unknown message is rejected with the code 0."""
    reported: dict[str, Any] = original(rejected)
    return reported | {"code": 0} if rejected.problem is Problem.MESSAGE_UNKNOWN else reported


@fault("err-40003", "err-40004", "err-40005")
def switch_rejections_have_one_code(server: Server) -> None:
    """Switches that cannot be logged are all rejected with the code 40001."""
    codes = (Problem.DUPLICATE_MEMBERS, Problem.SAME_FRONTERS, Problem.TIMESTAMP_TAKEN)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | {"code": 40001} if rejected.problem in codes else reported

    wrap(server.errors, "body", body)


@fault("err-20007", "err-20008", step="references.switch")
def unknown_switch_is_20001(
    original: Original, ref: str, system: System, _unknown: Problem
) -> object:
    """A switch that does not exist has the code of a system that does not exist."""
    return original(ref, system, Problem.SYSTEM_UNKNOWN)

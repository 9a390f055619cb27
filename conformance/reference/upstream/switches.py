"""Known deviations: switches, and the query parameters of their list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.upstream.registry import LATEST, deviation

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

_MOST = 2**31
_STRIPPED = ("limit", "with_members")


@deviation(40, only="2025-08", code=LATEST, step="references.switch_uuid")
def fails_on_switch_refs_that_are_no_uuid(original: Original, ref: str) -> object:
    """A switch ref that is no UUID is 500."""
    if canonical_uuid(ref) is None:
        raise Rejected(Problem.INTERNAL)
    return original(ref)


@deviation(41, 67, only="2025-08", code=LATEST, step="references.switch")
def returns_20007_for_unknown_switches(
    original: Original, ref: str, system: System, _unknown: Problem
) -> object:
    """A switch that does not exist is 20007 for every request."""
    return original(ref, system, Problem.SWITCH_UNKNOWN)


@deviation(85, step="queries.limit")
def fails_on_negative_limit(original: Original, call: Call) -> int:
    """A negative limit is 500, one that 32 bits do not hold 400."""
    text = call.query.get("limit", "")
    if re.fullmatch("-[0-9]+", text):
        raise Rejected(Problem.INTERNAL)
    if re.fullmatch("[0-9]{10,}", text) and int(text) >= _MOST:
        raise Rejected(Problem.BAD_REQUEST, "limit is too large")
    return int(original(call))


@deviation(89, step="queries.value")
def ignores_empty_parameters(original: Original, call: Call, name: str) -> object:
    """A query parameter without a value counts as absent, with_members alone excepted."""
    if name != "with_members" and call.query.get(name) == "":
        return None
    return original(call, name)


@deviation(85, 89, step="handle")
def reads_parameters_in_any_case(original: Original, call: Call) -> object:
    """Names of query parameters are read in any case; of repeated ones the first counts, and blanks around some do not."""
    found: dict[str, str] = {}
    for name, value in call.parameters:
        plain = value.strip() if name.lower() in _STRIPPED else value
        found.setdefault(name.lower(), plain)
    call.query = found
    return original(call)


@deviation(91, step="switches.listed_refs")
def returns_code_0_for_missing_members(original: Original, body: dict[str, Any]) -> list[str]:
    """A new switch without a list of members is code 0 instead of 40001."""
    try:
        refs: list[str] = original(body)
    except Rejected:
        raise Rejected(Problem.BAD_REQUEST, "there is no list of members") from None
    return refs

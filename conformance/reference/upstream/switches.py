"""Known deviations: switches, and the query parameters of their list."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import LATEST, deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

_MOST = 2**31
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_LONG_FRACTION = re.compile(r"\.\d{7,9}Z")


@deviation(40, only="2025-08", code=LATEST, step="references.switch_uuid")
def fails_on_switch_refs_that_are_no_uuid(original: Original, ref: str) -> object:
    """A switch ref that is no UUID is 500."""
    if canonical_uuid(ref) is None:
        raise Rejected(Problem.INTERNAL)
    return original(ref)


@deviation(41, only="2025-08", code=LATEST, step="references.switch")
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


@deviation(86, step="queries.before")
def accepts_only_utc_in_before(server: Server, original: Original, call: Call) -> object:
    """Before has to end in Z; offsets are rejected."""
    text = server.queries.value(call, "before")
    if text is not None and not _INSTANT.fullmatch(text):
        raise Rejected(Problem.BAD_REQUEST, "before is no instant in UTC")
    return original(call)


@deviation(89, step="queries.value")
def ignores_empty_parameters(original: Original, call: Call, name: str) -> object:
    """A query parameter without a value counts as absent, with_members alone excepted."""
    if name != "with_members" and call.query.get(name) == "":
        return None
    return original(call, name)


@deviation(90)
def accepts_only_utc_for_new_switches(server: Server) -> None:
    """A new timestamp has to end in Z; of more than microseconds the response has all digits."""
    switches = server.endpoints["switches"]

    def timestamp(original: Original, call: Call, body: dict[str, Any]) -> object:
        value = body.get("timestamp")
        if name_of(call) == "create-switch" and value not in (None, ""):
            _instant(value)
        return original(call, body)

    def create(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        sent = {key.lower(): value for key, value in server.bodies.mapping(call).items()}
        text = sent.get("timestamp") or ""
        return shown | ({"timestamp": text} if _LONG_FRACTION.search(text) else {})

    wrap(switches, "timestamp", timestamp)
    wrap(switches, "create", create)


def _instant(value: object) -> None:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise Rejected(Problem.BAD_REQUEST, "timestamp is no instant in UTC")


@deviation(90, 95, step="switches.timestamp")
def accepts_more_timestamps_in_switch_patches(
    original: Original, call: Call, body: dict[str, Any]
) -> object:
    """PATCH reads dates without a time or zone, too; what is no date is code 0, not 40001, and a day that does not exist 500."""
    value = body.get("timestamp")
    if name_of(call) != "update-switch" or value in (None, ""):
        return original(call, body)
    return _date(value)


def _date(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        # What has the form of an instant and is none.
        failed = _INSTANT.fullmatch(str(value)) is not None
        raise Rejected(Problem.INTERNAL if failed else Problem.BAD_REQUEST) from None


@deviation(91, step="switches.listed_refs")
def returns_code_0_for_missing_members(original: Original, body: dict[str, Any]) -> list[str]:
    """A new switch without a list of members is code 0 instead of 40001."""
    try:
        refs: list[str] = original(body)
    except Rejected:
        raise Rejected(Problem.BAD_REQUEST, "there is no list of members") from None
    return refs

"""Known deviations: the forms of timestamps that a request may have."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T24:00:00(\.0{1,9})?Z", re.ASCII)
_LONG_FRACTION = re.compile(r"\.\d{7,9}Z")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.ASCII)
_DATES = ("%b %d %Y", "%B %d %Y", "%m/%d/%Y")
_TIMES = ("%H:%M", "%H:%M:%S")


@deviation(86, step="queries.before")
def accepts_only_utc_in_before(server: Server, original: Original, call: Call) -> object:
    """Before has to end in Z; offsets are rejected, and 24:00 is the begin of the next day."""
    text = server.queries.value(call, "before")
    if text is not None:
        call.query["before"] = _instant(text)
    return original(call)


@deviation(90)
def accepts_only_utc_for_new_switches(server: Server) -> None:
    """A new timestamp has to end in Z, and may be 24:00; of more than microseconds the response has all digits."""
    switches = server.endpoints["switches"]

    def timestamp(original: Original, call: Call, body: dict[str, Any]) -> object:
        value = body.get("timestamp")
        if name_of(call) == "create-switch" and value not in (None, ""):
            body = body | {"timestamp": _instant(value)}
        return original(call, body)

    def create(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        sent = {key.lower(): value for key, value in server.bodies.mapping(call).items()}
        text = sent.get("timestamp") or ""
        return shown | ({"timestamp": text} if _LONG_FRACTION.search(text) else {})

    wrap(switches, "timestamp", timestamp)
    wrap(switches, "create", create)


def _instant(value: object) -> str:
    """Return the text of an instant in UTC, with 24:00 as the begin of the next day."""
    text = value if isinstance(value, str) else ""
    midnight = _MIDNIGHT.fullmatch(text)
    try:
        if midnight:
            text = f"{date.fromisoformat(midnight[1]) + timedelta(days=1)}T00:00:00Z"
    except (ValueError, OverflowError):
        text = ""
    if not _INSTANT.fullmatch(text) or moments.read(text) is None:
        raise Rejected(Problem.BAD_REQUEST, "the timestamp is no instant in UTC")
    return text


@deviation(90, 95, step="switches.timestamp")
def accepts_more_timestamps_in_switch_patches(
    server: Server, original: Original, call: Call, body: dict[str, Any]
) -> object:
    """PATCH reads dates and times in several forms, without a zone, too; what is no date is code 0, not 40001, and an instant that does not exist 500."""
    value = body.get("timestamp")
    if name_of(call) != "update-switch" or value in (None, ""):
        return original(call, body)
    return _date(str(value), server.store.now())


def _date(text: str, now: datetime) -> datetime:
    # What has the form of an instant and is none fails where it is stored.
    failed = Rejected(Problem.INTERNAL if _INSTANT.fullmatch(text) else Problem.BAD_REQUEST)
    if "T24:" in text:
        raise failed
    try:
        found = datetime.fromisoformat(text) if _ISO.fullmatch(text) else _written(text, now)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise failed from None


def _written(text: str, now: datetime) -> datetime:
    """Return the instant of a text that is not ISO 8601; raises ValueError when it is none of the known forms."""
    for form in (*_DATES, *(f"{day} {time}" for day in _DATES for time in _TIMES)):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - UTC is set where it is used
        except ValueError:
            continue
    clock = datetime.strptime(text, _TIMES[text.count(":") > 1])  # noqa: DTZ007
    return datetime.combine(now.date(), clock.time())

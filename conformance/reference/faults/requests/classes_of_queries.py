"""Faults: one operation treats one class of values of a query parameter wrongly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.mistreatment import (
    accept,
    add_mistreatments,
    fail,
    return_another_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.calls import Call
    from conformance.reference.faults.mistreatment import Way
    from conformance.reference.steps import Original

    Is = Callable[[Call, tuple[str, ...]], bool]

_FORM = "errors-are-4xx-json"
_LIMIT, _BEFORE, _GROUPS = "get-switches-limit", "get-switches-before", "get-groups-with-members"
_SWITCHES = "get-system-switches"
_NEWEST = "2025-08"  # the launch had no autoproxy of its own, and said nothing of empty values
_DAY = dt.timedelta(days=1)


def _reject(_: Original, __: Call) -> object:
    raise Rejected(Problem.BAD_REQUEST, "of a class that is rejected")


@dataclasses.dataclass(frozen=True)
class _Replace:
    """Serves the request with another value of the parameter, without it for None."""

    name: str
    value: str | None

    def __call__(self, original: Original, call: Call) -> object:
        call.query = {key: value for key, value in call.query.items() if key != self.name}
        if self.value is not None:
            call.query[self.name] = self.value
        return original(call)


def _return_a_number(_: Original, __: Call) -> object:
    return 7


def _is_single(wanted: Callable[[str], object], _: Call, values: tuple[str, ...]) -> bool:
    return len(values) == 1 and bool(wanted(values[0]))


def _is(pattern: str) -> Is:
    return partial(_is_single, re.compile(pattern).fullmatch)


def _is_absent(_: Call, values: tuple[str, ...]) -> bool:
    return not values


def _is_repeated(_: Call, values: tuple[str, ...]) -> bool:
    return len(values) > 1


def _between(earliest: dt.timedelta, latest: dt.timedelta) -> Is:
    """Return whether a value is a time in a span, seen from now."""

    def is_in_it(text: str) -> bool:
        found = moments.read(text)
        return found is not None and earliest <= found - moments.now() <= latest

    return partial(_is_single, is_in_it)


def _is_a_switch(call: Call, values: tuple[str, ...]) -> bool:
    found = moments.read(values[0]) if len(values) == 1 else None
    switches = call.caller.switches if call.caller else []
    return any(switch.timestamp == found for switch in switches)


_NUMBERS: dict[str, Is] = {
    "zero": _is("0"),
    "one": _is("1"),
    "negative": _is("-[0-9]+"),
    "huge": _is("[0-9]{20,}"),
    "repeated": _is_repeated,
    "text": _is("[a-z]+ [a-z]+"),
    "empty": _is(""),
    "absent": _is_absent,
}
_LIMITS = _NUMBERS | {
    "most": _is("100"),
    "one_over": _is("101"),
    "fraction": _is(r"[0-9]+\.[0-9]+"),
    "blank": _is(" .*"),
}
_TIMES: dict[str, Is] = {
    "absent": _is_absent,
    "empty": _is(""),
    "text": _is("[a-z]+ [a-z]+"),
    "repeated": _is_repeated,
    "now": _between(-_DAY, _DAY),
    "past": _between(-40_000 * _DAY, -18_000 * _DAY),
    "future": _between(20_000 * _DAY, 60_000 * _DAY),
    "exact": _is_a_switch,
    "seconds_with_fraction": _is(r".*\.[0-9]+Z"),
    "offset": _is(r".*T.*\+[0-9:]+"),
    "zoneless": _is(".*T[0-9:.]+"),
    "date": _is("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "number": _is("[0-9]+"),
    "no_such_day": _is(".*-02-30T.*"),
}
_FLAGS: dict[str, Is] = {
    "absent": _is_absent,
    "empty": _is(""),
    "text": _is("[a-z]+ [a-z]+"),
    "true": _is("true"),
    "false": _is("false"),
    "capital": _is("True"),
    "one": _is("1"),
    "zero": _is("0"),
    "yes": _is("yes"),
    "repeated": _is_repeated,
}
_CHANNELS: dict[str, Is] = {"empty": _is(""), "text": _NUMBERS["text"], "channel": _is("[0-9]+")}
_OF: dict[str, dict[str, Is]] = {
    "limit": _LIMITS,
    "before": _TIMES,
    "with_members": _FLAGS,
    "guild_id": _NUMBERS,
    "channel_id": _CHANNELS,
}


def _matches(name: str, is_one: Is, call: Call) -> bool:
    return is_one(call, tuple(value for key, value in call.parameters if key == name))


def _add(operation: str, name: str, class_: str, ways: dict[str, Way], *rules: str) -> None:
    matches = partial(_matches, name, _OF[name][class_])
    only = _NEWEST if class_ == "empty" or name in ("guild_id", "channel_id") else None
    add_mistreatments(operation, f"{class_}_{name}", matches, ways.items(), *rules, only=only)


_FAILS: dict[str, Way] = {"fails_at": fail}
_ANOTHER: dict[str, Way] = {"returns_another_code_for": return_another_code}
_ACCEPTS: dict[str, Way] = {"accepts": accept}
_REJECTS: dict[str, Way] = {"rejects": _reject, "fails_at": fail}
_NUMBER: dict[str, Way] = {"returns_a_number_for": _return_a_number}


def _ignores(name: str) -> dict[str, Way]:
    return {"ignores": _Replace(name, None)}


for _name in ("limit", "before"):
    _rule = _LIMIT if _name == "limit" else _BEFORE
    _add(_SWITCHES, _name, "absent", _REJECTS, "query-params-optional")
    _add(_SWITCHES, _name, "empty", _FAILS, _FORM)
    _add(_SWITCHES, _name, "text", _FAILS, _FORM)
    _add(_SWITCHES, _name, "text", _ANOTHER | _ACCEPTS, "err-0-400")
for _class in ("one", "most"):
    _add(_SWITCHES, "limit", _class, _REJECTS, _LIMIT)
_add(_SWITCHES, "limit", "one", _ignores("limit"), _LIMIT)
for _class in ("zero", "one_over", "negative", "fraction", "huge", "repeated", "blank"):
    # A negative limit is a server error of PluralKit production.
    _add(_SWITCHES, "limit", _class, {} if _class == "negative" else _FAILS, _FORM)
    _add(_SWITCHES, "limit", _class, _NUMBER, "get-switches-returns-list-with-ids")
for _class in ("zero", "negative"):
    _add(_SWITCHES, "limit", _class, _ignores("limit"), _LIMIT)
for _class in ("one_over", "huge"):
    _add(_SWITCHES, "limit", _class, {"takes_for_one": _Replace("limit", "1")}, _LIMIT)
for _class in ("now", "past", "future", "exact", "seconds_with_fraction"):
    _add(_SWITCHES, "before", _class, _REJECTS, _BEFORE)
for _class in ("past", "exact", "seconds_with_fraction", "offset"):
    _add(_SWITCHES, "before", _class, _ignores("before"), _BEFORE)
for _class in ("now", "future"):
    _add(
        _SWITCHES,
        "before",
        _class,
        {"takes_for_long_ago": _Replace("before", "1970-01-01T00:00:00Z")},
        _BEFORE,
    )
_add(_SWITCHES, "before", "offset", _FAILS, _BEFORE)
for _class in ("zoneless", "date", "number", "no_such_day", "repeated"):
    _add(_SWITCHES, "before", _class, _FAILS, _FORM)
    _add(_SWITCHES, "before", _class, _NUMBER, "get-switches-returns-list-with-ids")

_LISTS = "get-system-groups"
_add(_LISTS, "with_members", "absent", _REJECTS, "query-params-optional")
_add(_LISTS, "with_members", "empty", _FAILS, _FORM)
_add(_LISTS, "with_members", "empty", _ACCEPTS, "query-params-need-value")
_add(_LISTS, "with_members", "text", _FAILS, _FORM)
_add(_LISTS, "with_members", "text", _ANOTHER | _ACCEPTS, "err-0-400")
for _class, _other, _rule in (
    ("true", "false", _GROUPS),
    ("false", "true", "get-groups-without-members"),
    ("absent", "true", "query-params-optional"),
):
    _turned: dict[str, Way] = {f"takes_for_{_other}": _Replace("with_members", _other)}
    _add(_LISTS, "with_members", _class, _turned, _rule)
for _class in ("true", "false"):
    _rule = _GROUPS if _class == "true" else "get-groups-without-members"
    _add(_LISTS, "with_members", _class, _REJECTS, _rule)
for _class in ("capital", "one", "zero", "yes", "repeated"):
    _add(_LISTS, "with_members", _class, _FAILS, _FORM)
    _add(_LISTS, "with_members", _class, _NUMBER, "get-groups-returns-list")

for _operation in ("get-autoproxy", "update-autoproxy"):
    for _class in ("absent", "empty"):
        _add(_operation, "guild_id", _class, _FAILS, _FORM)
        _add(_operation, "guild_id", _class, _ACCEPTS, "autoproxy-needs-guild-id")
    _add(_operation, "guild_id", "text", _FAILS, _FORM)
    _add(_operation, "guild_id", "text", _ACCEPTS, "err-0-400")
    _numbers = ("zero", "negative", "huge") if _operation == "get-autoproxy" else ()
    for _class in (*_numbers, "repeated"):
        _add(_operation, "guild_id", _class, _FAILS, _FORM)
        _add(_operation, "guild_id", _class, _NUMBER, f"{_operation}-returns-settings")
    # A write is not sent all of them.
    _channels = ("channel", "text") if _operation == "get-autoproxy" else ("channel",)
    for _class in ("empty", *_channels):
        _add(_operation, "channel_id", _class, _FAILS, _FORM)
    for _class in _channels:
        _add(_operation, "channel_id", _class, _ACCEPTS, "autoproxy-rejects-channel-id")

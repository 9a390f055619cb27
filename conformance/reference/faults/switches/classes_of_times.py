"""Faults: the timestamp of a new switch, or of one that is moved, of one class is treated wrongly."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.mistreatment import add_mistreatments, fail

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.faults.mistreatment import Way
    from conformance.reference.steps import Original

_CREATE, _UPDATE = "create-switch", "update-switch"
_ACCEPTED = {
    _CREATE: ("fraction_1", "fraction_3", "fraction_6", "before_1970"),
    _UPDATE: ("fraction_3", "before_1970"),
}
_OPEN = {
    _CREATE: ("fraction_9", "zoneless", "date", "number", "null"),
    _UPDATE: ("zoneless", "date", "hour_24", "year_zero", "number", "empty"),
}
# PluralKit production fails at these.
_FAILING = ("hour_24", "year_zero", "no_such_day")
_USED = {_CREATE: "create-switch-timestamp-used", _UPDATE: "update-switch-timestamp"}
_TIMES = {
    "fraction_1": r".*:[0-9]{2}\.[0-9]Z",
    "fraction_3": r".*:[0-9]{2}\.[0-9]{3}Z",
    "fraction_6": r".*:[0-9]{2}\.[0-9]{6}Z",
    "fraction_9": r".*:[0-9]{2}\.[0-9]{9}Z",
    "before_1970": r"19[0-6][0-9]-.*Z",
    "zoneless": r".*T[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "hour_24": r".*T24:.*",
    "year_zero": r"0000-.*",
    "number": r"[0-9]+",
    "null": r"null",
    "empty": r"",
    "text": r"[a-z]+ [a-z ]+",
    "no_such_day": r".*-02-30T.*",
}


def _body(call: Call) -> dict[str, object]:
    try:
        body = json.loads(call.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _matches(pattern: str, call: Call) -> bool:
    value = _body(call).get("timestamp", {})
    text = value if isinstance(value, str) else json.dumps(value)
    return re.fullmatch(pattern, text) is not None


def _reject(_: Original, __: Call) -> object:
    raise Rejected(Problem.INVALID)


def _take_another_day(original: Original, call: Call) -> object:
    """Take the first of January of that year for it."""
    body = _body(call)
    body["timestamp"] = f"{str(body['timestamp'])[:4]}-01-01T00:00:00Z"
    call.body = json.dumps(body).encode()
    return original(call)


def _take_now(original: Original, call: Call) -> object:
    call.body = json.dumps(_body(call) | {"timestamp": "2019-01-02T03:04:05Z"}).encode()
    return original(call)


def _return_a_number(_: Original, __: Call) -> object:
    return 7


_FAILS: dict[str, Way] = {"fails_at": fail}
_NOT_TAKEN: dict[str, Way] = {
    "rejects": _reject,
    "fails_at": fail,
    "takes_another_day_for": _take_another_day,
}
_ACCEPTS: dict[str, Way] = {"accepts": _take_now}
_NUMBER: dict[str, Way] = {"returns_a_number_for": _return_a_number}


def _add(operation: str, class_: str, ways: dict[str, Way], *rules: str) -> None:
    matches = partial(_matches, _TIMES[class_])
    add_mistreatments(operation, f"{class_}_timestamp", matches, ways.items(), *rules)


for _operation, _rule in _USED.items():
    for _class in _ACCEPTED[_operation]:
        _add(_operation, _class, _NOT_TAKEN, _rule)
    for _class in _OPEN[_operation]:
        if _class not in _FAILING:
            _add(_operation, _class, _FAILS, "errors-are-4xx-json")
        _add(_operation, _class, _NUMBER, _rule)
    for _class in ("text", "no_such_day"):
        _add(_operation, _class, _ACCEPTS, "switch-timestamp-must-be-a-time")
        if _class not in _FAILING or _operation == _CREATE:
            _add(_operation, _class, _FAILS, "errors-are-4xx-json")

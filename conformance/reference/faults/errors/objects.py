"""Faults: the keys of an error object."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.steps import Original


def change_error(change: Callable[[dict[str, Any]], dict[str, Any]], server: Server) -> None:
    """Change the error object of every response to rejected values."""

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        return change(shown) if rejected.problem is Problem.INVALID else shown

    wrap(server.errors, "body", body)


for _name, _description, _violated_by, _change in (
    (
        "rejected_values_have_code_0",
        "The code of a response to a rejected value is 0.",
        ["err-40001"],
        lambda shown: shown | {"code": 0},
    ),
    (
        "omits_errors_map",
        "The response to a rejected value does not name its key.",
        ["err-40001", "error-errors-map"],
        lambda shown: {key: shown[key] for key in ("message", "code")},
    ),
    (
        "errors_is_a_list",
        "errors is a list of texts.",
        ["err-40001", "error-errors-map"],
        lambda shown: shown | {"errors": [f"{key}: is not valid" for key in shown["errors"]]},
    ),
    (
        "errors_maps_keys_to_text",
        "errors maps each key to one text.",
        ["error-errors-map"],
        lambda shown: shown | {"errors": dict.fromkeys(shown["errors"], "not valid")},
    ),
    (
        "errors_names_first_key_alone",
        "errors names the first key that was rejected, under the name value.",
        ["err-40001", "error-errors-map"],
        lambda shown: shown | {"errors": {"value": next(iter(shown["errors"].values()))}},
    ),
    (
        "rejected_values_have_retry_after",
        "The response to a rejected value has retry_after.",
        ["error-retry-after-only-rate-limit"],
        lambda shown: shown | {"retry_after": 0},
    ),
):
    add(_name, _description, _violated_by, partial(change_error, _change))


def _add_to_all(key: str, value: object, original: Original, rejected: Any) -> object:
    return {key: value} | original(rejected)


add(
    "every_error_has_errors_map",
    "Every error object has the key errors.",
    ["error-errors-only-for-model-parsing"],
    partial(_add_to_all, "errors", {}),
    step="errors.body",
)
add(
    "every_error_has_retry_after",
    "Every error object has the key retry_after.",
    ["error-retry-after-only-rate-limit"],
    partial(_add_to_all, "retry_after", 0),
    step="errors.body",
)


def _omit(key: str, problem: Problem, original: Original, rejected: Rejected) -> dict[str, Any]:
    shown: dict[str, Any] = original(rejected)
    if rejected.problem is problem:
        del shown[key]
    return shown


add(
    "omits_message_of_unknown_members",
    "The response about a member that does not exist has no message.",
    ["error-has-message"],
    partial(_omit, "message", Problem.MEMBER_UNKNOWN),
    step="errors.body",
)
add(
    "omits_message_of_401",
    "The response to a missing or wrong token has no message.",
    ["error-has-message"],
    partial(_omit, "message", Problem.UNAUTHORIZED),
    step="errors.body",
)


def _add_about_switches(key: str, original: Original, rejected: Rejected) -> dict[str, Any]:
    shown: dict[str, Any] = original(rejected)
    about_switches = 40003 <= shown.get("code", 0) <= 40006  # noqa: PLR2004 - docs: errors#json-error-codes
    return shown | ({key: 0 if key == "retry_after" else {}} if about_switches else {})


for _key, _requirement in (
    ("errors", "error-errors-only-for-model-parsing"),
    ("retry_after", "error-retry-after-only-rate-limit"),
):
    add(
        f"errors_about_switches_have_{_key}",
        f"The response to a switch that contradicts others has {_key}.",
        [_requirement],
        partial(_add_about_switches, _key),
        step="errors.body",
    )


@fault("error-has-integer-code", step="errors.body")
def shows_codes_as_text(original: Original, rejected: Rejected) -> dict[str, Any]:
    """The code of an error is a text."""
    shown: dict[str, Any] = original(rejected)
    return shown | {"code": str(shown["code"])}


@fault("error-errors-only-for-model-parsing", step="errors.body")
def rejected_lists_have_errors_map(original: Original, rejected: Rejected) -> dict[str, Any]:
    """The rejection of a private list has an empty key errors."""
    reported: dict[str, Any] = original(rejected)
    closed = (Problem.MEMBER_LIST_HIDDEN, Problem.FRONTERS_HIDDEN, Problem.HISTORY_HIDDEN)
    return reported | {"errors": {}} if rejected.problem in closed else reported


@fault("err-0-401", "error-has-integer-code", step="errors.body")
def omits_code_of_401(original: Original, rejected: Rejected) -> dict[str, Any]:
    """The error object of a 401 has no code."""
    reported: dict[str, Any] = original(rejected)
    if rejected.problem is Problem.UNAUTHORIZED:
        del reported["code"]
    return reported


@fault("listed-ref-named-in-message", step="errors.body")
def does_not_name_listed_refs(original: Original, rejected: Rejected) -> object:
    """The message about an entry of a list does not name the entry."""
    rejected.ref = ""
    return original(rejected)


@fault("error-has-integer-code", "error-has-message", step="errors.response")
def unknown_system_is_a_problem_document(original: Original, rejected: Rejected) -> Response:
    """The response for a system that does not exist is a problem document without code and message."""
    response: Response = original(rejected)
    if rejected.problem is not Problem.SYSTEM_UNKNOWN:
        return response
    problem = {"title": "Not Found", "status": response.status_code}
    return JSONResponse(problem, response.status_code, media_type="application/problem+json")

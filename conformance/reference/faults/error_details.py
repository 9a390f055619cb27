"""Faults: what the responses to rejected values say, and what other errors say too much."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _report(change: Callable[[dict[str, Any]], dict[str, Any]], server: Server) -> None:
    """Change the error object of every response to rejected values."""

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        return change(shown) if rejected.problem is Problem.INVALID else shown

    wrap(server.errors, "body", body)


def _detail(change: Callable[[dict[str, Any]], dict[str, Any]], server: Server) -> None:
    """Change every error detail."""
    _report(
        lambda shown: (
            shown
            | {"errors": {key: list(map(change, found)) for key, found in shown["errors"].items()}}
        ),
        server,
    )


for _name, _description, _violated_by, _change in (
    (
        "rejected_values_have_code_0",
        "The code of a response to a rejected value is 0.",
        ["err-40001"],
        lambda shown: shown | {"code": 0},
    ),
    (
        "omits_errors_map",
        "The response to a rejected value does not say which one.",
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
    add(_name, _description, _violated_by, partial(_report, _change))

for _name, _description, _violated_by, _change in (
    (
        "omits_message_of_detail",
        "An error detail has no message.",
        ["error-object-message"],
        lambda detail: {key: value for key, value in detail.items() if key != "message"},
    ),
    (
        "omits_actual_length",
        "The detail of a text that is too long lacks the length that was sent.",
        ["error-object-actual-length"],
        lambda detail: {key: value for key, value in detail.items() if key != "actual_length"},
    ),
    (
        "swaps_lengths",
        "The detail of a text that is too long has its two lengths the wrong way round.",
        ["error-object-max-length", "error-object-actual-length"],
        lambda detail: (
            detail
            | (
                {"max_length": detail["actual_length"], "actual_length": detail["max_length"]}
                if "max_length" in detail
                else {}
            )
        ),
    ),
    (
        "says_length_one_too_high",
        "The detail of a text that is too long has a max_length that is itself too long.",
        ["error-object-max-length"],
        lambda detail: (
            detail | {"max_length": detail["max_length"] + 1} if "max_length" in detail else detail
        ),
    ),
    (
        "says_lengths_of_all_mistakes",
        "Every error detail has both lengths.",
        ["error-object-lengths-only-when-too-long"],
        lambda detail: {"max_length": 100, "actual_length": 0} | detail,
    ),
):
    add(_name, _description, _violated_by, partial(_detail, _change))


def _say_always(key: str, value: object, server: Server) -> None:
    wrap(server.errors, "body", lambda original, rejected: {key: value} | original(rejected))


add(
    "every_error_has_errors_map",
    "Every error object has the key errors.",
    ["error-errors-only-for-model-parsing"],
    partial(_say_always, "errors", {}),
)
add(
    "every_error_has_retry_after",
    "Every error object has the key retry_after.",
    ["error-retry-after-only-rate-limit"],
    partial(_say_always, "retry_after", 0),
)


def label_as_html(problem: Problem | None, server: Server) -> None:
    """Label the response to one problem as HTML, or to all without one."""

    def response(original: Original, rejected: Rejected) -> Response:
        reported: Response = original(rejected)
        if problem in (None, rejected.problem):
            reported.headers["content-type"] = "text/html; charset=utf-8"
        return reported

    wrap(server.errors, "response", response)


add(
    "labels_errors_as_html",
    "Every error object is labelled as HTML.",
    ["errors-are-4xx-json"],
    partial(label_as_html, None),
)
add(
    "labels_unknown_groups_as_html",
    "The response about a group that does not exist is labelled as HTML.",
    ["errors-are-4xx-json"],
    partial(label_as_html, Problem.GROUP_UNKNOWN),
)


def _without(key: str, problem: Problem, server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        if rejected.problem is problem:
            del shown[key]
        return shown

    wrap(server.errors, "body", body)


add(
    "omits_message_of_unknown_members",
    "The response about a member that does not exist has no message.",
    ["error-has-message"],
    partial(_without, "message", Problem.MEMBER_UNKNOWN),
)
add(
    "omits_message_of_401",
    "The response to a missing or wrong token has no message.",
    ["error-has-message"],
    partial(_without, "message", Problem.UNAUTHORIZED),
)


def _code_as_text(server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        return shown | {"code": str(shown["code"])}

    wrap(server.errors, "body", body)


add(
    "shows_codes_as_text",
    "The code of an error is a text.",
    ["error-has-integer-code"],
    _code_as_text,
)


def _say_more_of_lists(server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        closed = (Problem.MEMBER_LIST_HIDDEN, Problem.FRONTERS_HIDDEN, Problem.HISTORY_HIDDEN)
        return reported | {"errors": {}} if rejected.problem in closed else reported

    wrap(server.errors, "body", body)


add(
    "rejected_lists_have_errors_map",
    "The rejection of a private list has an empty key errors.",
    ["error-errors-only-for-model-parsing"],
    _say_more_of_lists,
)


def _reject_plainly(matches: Callable[[Kind, set[str]], bool], server: Server) -> None:
    """Reject some values with the code of bodies that are no JSON."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: Any) -> Patch:
        try:
            patch: Patch = original(kind, body, *rest)
        except Rejected as rejected:
            if matches(kind, set(rejected.errors or {})):
                raise Rejected(Problem.BAD_REQUEST, "a value is not valid") from None
            raise
        return patch

    wrap(server.validation, "read", read)


for _name, _what, _matches in (
    ("settings", "settings", lambda kind, _: kind.name == "settings"),
    ("guild_settings", "settings in a guild", lambda kind, _: "guild" in kind.name),
    ("privacy", "privacy keys", lambda kind, keys: keys and keys <= set(kind.privacy_keys)),
):
    add(
        f"refused_{_name}_have_code_0",
        f"The code of a response to rejected values of {_what} is 0, without errors.",
        ["err-40001"],
        partial(_reject_plainly, _matches),
    )


def _fail_at_other_privacy(server: Server) -> None:
    def read(original: Original, kind: Kind, value: Any, *rest: Any) -> None:
        original(kind, value and dict(value), *rest)

    wrap(server.validation, "read_privacy", read)


add(
    "fails_at_privacy_that_is_no_object",
    "A privacy that is no object returns 500.",
    ["errors-are-4xx-json"],
    _fail_at_other_privacy,
)

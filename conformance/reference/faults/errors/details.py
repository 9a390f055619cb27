"""Faults: the details of an error, which describe each rejected value."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.errors.objects import change_error
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _change_details(change: Callable[[dict[str, Any]], dict[str, Any]], server: Server) -> None:
    """Change every error detail."""
    change_error(
        lambda shown: (
            shown
            | {"errors": {key: list(map(change, found)) for key, found in shown["errors"].items()}}
        ),
        server,
    )


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
        "says_one_more_than_the_limit",
        "The detail of a text that is too long says that it is so by one character, however long it is.",
        ["error-object-actual-length"],
        lambda detail: (
            detail | {"actual_length": detail["max_length"] + 1}
            if "max_length" in detail
            else detail
        ),
    ),
    (
        "says_lengths_of_all_mistakes",
        "Every error detail has both lengths.",
        ["error-object-lengths-only-when-too-long"],
        lambda detail: {"max_length": 100, "actual_length": 0} | detail,
    ),
):
    add(_name, _description, _violated_by, partial(_change_details, _change))


def _reject_without_details(
    matches: Callable[[Kind, set[str]], bool],
    original: Original,
    kind: Kind,
    body: dict[str, Any],
    *rest: Any,
) -> Patch:
    """Reject some values with the code of bodies that are no JSON."""
    try:
        patch: Patch = original(kind, body, *rest)
    except Rejected as rejected:
        if matches(kind, set(rejected.errors or {})):
            raise Rejected(Problem.BAD_REQUEST, "a value is not valid") from None
        raise
    return patch


for _name, _what, _matches in (
    ("settings", "settings", lambda kind, _: kind.name == "settings"),
    ("guild_settings", "settings in a guild", lambda kind, _: "guild" in kind.name),
    ("privacy", "privacy keys", lambda kind, keys: keys and keys <= set(kind.privacy_keys)),
):
    add(
        f"rejected_{_name}_have_code_0",
        f"The code of a response to rejected values of {_what} is 0, without errors.",
        ["err-40001"],
        partial(_reject_without_details, _matches),
        step="validation.read",
    )


@fault("error-object-actual-length", step="validation.length_flaw")
def reports_actual_length_in_bytes(
    original: Original, key: Field, text: str
) -> dict[str, Any] | None:
    """The detail of a text that is too long has its length in bytes."""
    reported: dict[str, Any] | None = original(key, text)
    return reported and reported | {"actual_length": len(text.encode())}


@fault("error-object-max-length", step="validation.changes")
def guild_texts_have_no_lengths(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
    """The detail of a text that is too long in a guild has no lengths."""
    try:
        return original(kind, body)
    except Rejected as rejected:
        for detail in chain.from_iterable((rejected.errors or {}).values()):
            if "guild" in kind.name:
                detail.pop("max_length", None)
                detail.pop("actual_length", None)
        raise


@fault("err-40001", step="validation.creation")
def rejected_values_of_posts_have_code_0(
    original: Original, kind: Kind, body: dict[str, Any]
) -> Any:
    """A POST with a value that is rejected returns the code 0, without errors, unless that is the name."""
    try:
        return original(kind, body)
    except Rejected as rejected:
        if rejected.errors and "name" not in rejected.errors:
            raise Rejected(Problem.BAD_REQUEST) from None
        raise


@fault("err-40001", step="validation.creation")
def post_without_name_has_code_0(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """A POST without a name is rejected as a request that cannot be understood."""
    if "name" not in body:
        raise Rejected(Problem.BAD_REQUEST, "a name is needed")
    return original(kind, body)

"""Faults: privacy that depends on how the request is written: the id format of a ref, or the query."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.ids.paths import is_uuid
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.privacy import Privacy
    from conformance.reference.steps import Original

Matches = Callable[["Call"], bool]


def _refs(call: Call) -> list[str]:
    return [call.params[name] for name in ("system", "member", "group") if name in call.params]


_ID_FORMATS: dict[str, tuple[str, Matches]] = {
    "uuid": ("by UUID", lambda call: any(map(is_uuid, _refs(call)))),
    "account": ("by its Discord account", lambda call: any(map(str.isdigit, _refs(call)))),
    "upper_case": ("in upper case", lambda call: any(map(str.isupper, _refs(call)))),
}


def _set(privacy: Privacy, step: str, function: Callable[..., Any]) -> None:
    setattr(privacy, step, function)


def _replace_privacy(step: str, value: object, matches: Matches, server: Server) -> None:
    """Let a step of privacy return one value throughout the requests that match."""
    plain = getattr(server.privacy, step)

    def run(original: Original, call: Call) -> object:
        _set(server.privacy, step, (lambda *_: value) if matches(call) else plain)
        try:
            return original(call)
        finally:
            _set(server.privacy, step, plain)

    wrap(server, "run", run)


for _name, (_words, _matches) in _ID_FORMATS.items():
    add(
        f"leaks_private_fields_by_{_name}",
        f"What is named {_words} shows its private values to others.",
        ["private-field-is-null"],
        partial(_replace_privacy, "hides", False, _matches),  # noqa: FBT003 - the value of the step
    )
    add(
        f"shows_privacy_by_{_name}",
        f"What is named {_words} shows its privacy object to others.",
        ["privacy-object-null-for-others"],
        partial(_replace_privacy, "shows_privacy", True, _matches),  # noqa: FBT003 - the value of the step
    )
for _name in ("uuid", "account"):
    add(
        f"opens_private_lists_by_{_name}",
        f"A system that is named {_ID_FORMATS[_name][0]} has its private lists open.",
        ["private-list-is-403", "private-member-list-403"],
        partial(_replace_privacy, "check_list", None, _ID_FORMATS[_name][1]),
    )
add(
    "opens_private_groups_by_uuid",
    "A group that is named by UUID shows its private list of members.",
    ["group-list-privacy"],
    partial(
        _replace_privacy,
        "check_list",
        None,
        lambda call: is_uuid(call.params.get("group", "")),
    ),
)
add(
    "lists_invisible_members_by_uuid",
    "What is named by UUID lists members with private visibility, too.",
    ["member-visibility-private"],
    partial(_replace_privacy, "lists", True, _ID_FORMATS["uuid"][1]),  # noqa: FBT003 - the value of the step
)
add(
    "opens_private_groups_with_members",
    "A private list of groups is open when it is asked for with members.",
    ["private-group-list-403"],
    partial(_replace_privacy, "check_list", None, lambda call: "with_members" in call.query),
)
add(
    "opens_private_switches_with_limit",
    "A private history is open when it is asked for with a limit.",
    ["private-switches-403"],
    partial(_replace_privacy, "check_list", None, lambda call: "limit" in call.query),
)
add(
    "leaks_private_fields_with_members",
    "Groups that are listed with members show their private values to others.",
    ["private-field-is-null"],
    partial(_replace_privacy, "hides", False, lambda call: "with_members" in call.query),  # noqa: FBT003 - the value of the step
)


@fault("err-30005", "private-switches-403", step="run")
def opens_private_switches_with_before(server: Server, original: Original, call: Call) -> object:
    """A list of switches with before is shown to everybody, private or not."""
    named = call.operation and call.operation.name == "get-system-switches"
    if named and "before" in call.query:
        call.caller = server.references.system(call.params["system"], call.caller)
    return original(call)

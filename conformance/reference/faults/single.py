"""Faults of one model, key, operation or error code alone, where another fault violates the rule for all of them.

A programmer forgets a rule in one place; a check that looks at one place only would not see it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem
from conformance.reference.faults.limits import ALL_LIMITS, ALL_URLS, COLORS
from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Row
    from conformance.reference.errors import Rejected
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

KEYS = {"avatar": "avatar_url", "webhook-avatar": "webhook_avatar_url"}
CREATED = {
    "system": "system-created-datetime",
    "member": "member-created-nullable-datetime",
    "group": "group-created-nullable-datetime",
}
OMITTED = {"system": "banner", "member": "keep_proxy", "group": "banner"}
CODES = (
    Problem.SWITCH_UNKNOWN,
    Problem.SYSTEM_GUILD_UNKNOWN,
    Problem.MEMBER_GUILD_UNKNOWN,
    Problem.MEMBER_LIST_HIDDEN,
    Problem.GROUP_MEMBERS_HIDDEN,
    Problem.FRONTERS_HIDDEN,
    Problem.HISTORY_HIDDEN,
    Problem.SWITCH_ID_INVALID,
)
RETURNS = {
    "update-system": "update-system-returns-system",
    "get-system-guild-settings": "get-system-guild-returns-settings",
    "get-autoproxy": "get-autoproxy-returns-settings",
    "get-system-members": "get-members-returns-list",
    "create-member": "create-member-returns-member",
    "get-member": "get-member-returns-member",
    "update-member": "update-member-returns-member",
    "get-member-groups": "get-member-groups-returns-groups",
    "get-member-guild-settings": "get-member-guild-returns-settings",
    "get-system-groups": "get-groups-returns-list",
    "create-group": "create-group-returns-group",
    "get-group": "get-group-returns-group",
    "update-group": "update-group-returns-group",
    "get-group-members": "get-group-members-returns-members",
    "get-system-switches": "get-switches-returns-list-with-ids",
    "create-switch": "create-switch-returns-switch",
    "get-switch": "get-switch-returns-switch",
    "get-message": "get-message-returns-message",
}


def _lenient(kind: str, key: str, takes: Callable[[str], bool], server: Server) -> None:
    """Take some values of one key of one model that are rejected otherwise."""

    def read(original: Original, asked: Kind, body: dict[str, Any], *rest: object) -> Patch:
        value = body.get(key)
        if asked.name != kind or not isinstance(value, str) or not takes(value):
            patch: Patch = original(asked, body, *rest)
            return patch
        patch = original(asked, {name: kept for name, kept in body.items() if name != key}, *rest)
        patch.fields[key] = value
        return patch

    wrap(server.validation, "read", read)


def _one_too_many(limit: int, value: str) -> bool:
    return len(value) == limit + 1


for _id in ALL_LIMITS:
    _kind, _, _rest = _id.partition("-")
    _key, _limit = _rest.split("-max-")
    _name = KEYS.get(_key, _key.replace("-", "_"))
    if (_kind, _key) not in (("system", "tag"), ("member", "webhook-avatar"), ("group", "icon")):
        add(
            f"takes_one_character_more_in_{_kind}_{_name}",
            f"The {_name} of a {_kind} may have one character more than its limit.",
            [_id],
            partial(_lenient, _kind, _name, partial(_one_too_many, int(_limit))),
        )

for _id in ALL_URLS:
    _kind, _, _rest = _id.removesuffix("-is-url").partition("-")
    _name = KEYS.get(_rest, _rest)
    add(
        f"takes_any_text_for_{_kind}_{_name}",
        f"The {_name} of a {_kind} may be any text.",
        [_id],
        partial(_lenient, _kind, _name, lambda value: not value.startswith("http")),
    )

for _id in COLORS:
    _kind = _id.partition("-")[0]
    add(
        f"takes_{_kind}_color_of_three_digits",
        f"The color of a {_kind} may have three digits.",
        [_id],
        partial(_lenient, _kind, "color", lambda value: len(value) == len("fff")),
    )
add(
    "takes_system_color_with_hash",
    "The color of a system may have a # before it.",
    ["system-color-no-hash"],
    partial(_lenient, "system", "color", lambda value: value.startswith("#")),
)


def _shown(kind: str, change: Callable[[dict[str, Any]], None], server: Server) -> None:
    def entity(original: Original, row: Entity, *where: object) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, *where)
        if row.kind.name == kind:
            change(shown)
        return shown

    wrap(server.presenter, "entity", entity)


def _date_alone(shown: dict[str, Any]) -> None:
    if shown.get("created"):
        shown["created"] = shown["created"][:10]


def _without(key: str, shown: dict[str, Any]) -> None:
    shown.pop(key, None)


for _kind, _id in CREATED.items():
    add(
        f"shows_created_of_{_kind}_as_date",
        f"The created of a {_kind} is a date without a time.",
        [_id],
        partial(_shown, _kind, _date_alone),
    )
for _kind, _name in OMITTED.items():
    add(
        f"omits_{_name}_of_{_kind}",
        f"A {_kind} has no key {_name}.",
        [f"{_kind}-keys-2025-08", f"{_kind}-keys-2021-11", "responses-contain-all-keys"],
        partial(_shown, _kind, partial(_without, _name)),
    )


def _without_last_privacy_key(shown: dict[str, Any]) -> None:
    privacy = shown.get("privacy")
    if privacy:
        shown["privacy"] = dict(list(privacy.items())[:-1])


for _kind in OMITTED:
    add(
        f"omits_last_privacy_key_of_{_kind}",
        f"The privacy object of a {_kind} lacks its last key.",
        [f"{_kind}-privacy-keys-2025-08", f"{_kind}-privacy-keys-2021-11"],
        partial(_shown, _kind, _without_last_privacy_key),
    )


def _forget(kind: str, server: Server) -> None:
    """Response a PATCH with the new values, and forget them."""
    before: list[tuple[Row, dict[str, Any]]] = []

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind.name == kind:
            before.append((row, dict(row.fields)))
        merged: Row = original(row, patch)
        return merged

    def success(original: Original, answer: object) -> object:
        response = original(answer)
        while before:
            row, fields = before.pop()
            row.fields = fields
        return response

    wrap(server.updates, "merge", merge)
    wrap(server, "success", success)


for _kind in ("system", "member", "group"):
    add(
        f"patch_of_{_kind}_is_not_stored",
        f"PATCH of a {_kind} returns the new values and forgets them.",
        [f"update-{_kind}-persists"],
        partial(_forget, _kind),
    )


def _pack_response(name: str, server: Server) -> None:
    def run(original: Original, call: Call) -> object:
        answer = original(call)
        named = call.operation is not None and call.operation.name == name
        if not named or answer is None:
            return answer
        listed = isinstance(answer, dict) and not name.startswith("update-")
        return [answer] if listed else {"data": answer}

    wrap(server, "run", run)


for _name, _id in RETURNS.items():
    add(
        f"packs_answer_of_{_name.replace('-', '_')}",
        f"The response of {_name} is a list of the one object, or an object around it.",
        [_id],
        partial(_pack_response, _name),
    )


def _code_zero(problem: Problem, server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        shown: dict[str, Any] = original(rejected)
        return shown | ({"code": 0} if rejected.problem is problem else {})

    wrap(server.errors, "body", body)


for _problem in CODES:
    add(
        f"answers_with_code_0_for_{_problem.value[1]}",
        f"What has the code {_problem.value[1]} returns 0.",
        [f"err-{_problem.value[1]}"],
        partial(_code_zero, _problem),
    )


def _keep_private(server: Server) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> Row:
        patch.privacy = {key: level for key, level in patch.privacy.items() if level == "private"}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


add(
    "never_makes_public_again",
    "What is private once cannot be made public by a PATCH.",
    ["privacy-set-public"],
    _keep_private,
)


def _rename(kind: str, server: Server) -> None:
    """Give an entity a name when a POST has none."""

    def creation(original: Original, asked: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(asked, ({"name": "unnamed"} if asked.name == kind else {}) | body)
        return patch

    wrap(server.validation, "creation", creation)


def _ignore_null_name(kind: str, server: Server) -> None:
    def changes(original: Original, asked: Kind, body: dict[str, Any]) -> Patch:
        if asked.name == kind and body.get("name", "") is None:
            return server.validation.read(asked, {k: v for k, v in body.items() if k != "name"})
        patch: Patch = original(asked, body)
        return patch

    wrap(server.validation, "changes", changes)


for _kind in ("member", "group"):
    add(
        f"post_of_{_kind}_needs_no_name",
        f"POST without a name calls the {_kind} unnamed.",
        [f"create-{_kind}-name-required"],
        partial(_rename, _kind),
    )
    add(
        f"patch_of_{_kind}_ignores_null_name",
        f"PATCH with null for the name of a {_kind} keeps the name, without an error.",
        [f"{_kind}-name-not-null"],
        partial(_ignore_null_name, _kind),
    )

"""Faults: what is named by its UUID or account is found, yet not treated as what is named by its short id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity
    from conformance.reference.steps import Original

    Test = Callable[[str], bool]

UUID_LENGTH = 36


def _is_uuid(ref: str) -> bool:
    return len(ref) == UUID_LENGTH


def _ref(call: Call) -> tuple[str, str]:
    kind = next(kind for kind in ("system", "member", "group") if kind in call.params)
    return kind, call.params[kind]


def _named(server: Server, call: Call) -> Entity:
    kind, ref = _ref(call)
    if kind == "system":
        return server.references.system(ref, call.caller)
    found: Entity = getattr(server.references, kind)(ref)
    return found


def _other_user(operation: str, server: Server) -> None:
    def run(original: Original, call: Call) -> object:
        if call.operation and call.operation.name == operation and _is_uuid(_ref(call)[1]):
            call.caller = None
        return original(call)

    wrap(server, "run", run)


for _operation, _violated_by, _what in (
    ("get-system", ["privacy-object-shown-to-owner"], "A system"),
    ("get-member", ["privacy-object-shown-to-owner"], "A member"),
    ("get-group", ["privacy-object-shown-to-owner"], "A group"),
    ("get-system-settings", ["get-settings-owner"], "The settings of a system"),
):
    add(
        f"knows_no_owner_of_{_operation.removeprefix('get-').replace('-', '_')}_by_uuid",
        f"{_what} is shown to its owner as to everybody when it is named by UUID.",
        _violated_by,
        partial(_other_user, _operation),
    )


def _forget(operation: str, test: Test, server: Server) -> None:
    def run(original: Original, call: Call) -> object:
        if not (call.operation and call.operation.name == operation and test(_ref(call)[1])):
            return original(call)
        row: Any = _named(server, call)
        fields, privacy = dict(row.fields), dict(row.privacy)
        shown: object = original(call)
        row.fields.update(fields)
        row.privacy.update(privacy)
        return shown

    wrap(server, "run", run)


for _kind, _name, _test, _violated_by in (
    ("system", "uuid", _is_uuid, ["systemref-uuid", "update-system-persists"]),
    ("system", "account", str.isdigit, ["systemref-discord-id", "update-system-persists"]),
    ("member", "uuid", _is_uuid, ["memberref-uuid", "update-member-persists"]),
    ("group", "uuid", _is_uuid, ["groupref-uuid", "update-group-persists"]),
):
    add(
        f"patch_of_{_kind}_by_{_name}_is_not_stored",
        f"PATCH of a {_kind} that is named by its {_name} returns the new values and forgets them.",
        _violated_by,
        partial(_forget, f"update-{_kind}", _test),
    )


@fault("memberref-uuid")
def member_guild_settings_need_short_ids(server: Server) -> None:
    """The settings of a member in a guild are not found by the UUID of the member."""

    def run(original: Original, call: Call) -> object:
        if "guild" in call.params and _is_uuid(call.params.get("member", "")):
            raise Rejected(Problem.MEMBER_UNKNOWN)
        return original(call)

    wrap(server, "run", run)


@fault("public-settings-no-private-keys")
def private_settings_shown_by_uuid(server: Server) -> None:
    """Everybody sees all settings of a system that is named by UUID."""

    def show(original: Original, call: Call) -> object:
        settings = server.endpoints["settings"].system(call).settings
        return server.presenter.settings(settings) if _is_uuid(_ref(call)[1]) else original(call)

    wrap(server.endpoints["settings"], "show", show)


@fault("own-token-opens-private-lists")
def closes_lists_to_owner_by_uuid(server: Server) -> None:
    """The private lists of a system that is named by UUID are closed to its owner, too."""
    lists = ("get-system-members", "get-system-groups", "get-system-switches", "get-fronters")

    def run(original: Original, call: Call) -> object:
        if call.operation and call.operation.name in lists and _is_uuid(_ref(call)[1]):
            call.caller = None
        return original(call)

    wrap(server, "run", run)


@fault("err-30005", "private-switches-403")
def opens_private_switches_with_before(server: Server) -> None:
    """A list of switches with before is shown to everybody, private or not."""

    def run(original: Original, call: Call) -> object:
        named = call.operation and call.operation.name == "get-system-switches"
        if named and "before" in call.query:
            call.caller = server.references.system(call.params["system"], call.caller)
        return original(call)

    wrap(server, "run", run)


@fault("auth-by-system-token")
def any_token_deletes_switches_by_system(server: Server) -> None:
    """A switch is deleted by whoever has any token and names the system."""

    def run(original: Original, call: Call) -> object:
        named = call.params.get("system") != "@me" and call.caller
        if named and call.operation and call.operation.name == "delete-switch":
            call.caller = server.references.system(call.params["system"], call.caller)
        return original(call)

    wrap(server, "run", run)


@fault("auth-by-system-token")
def any_token_moves_switches(server: Server) -> None:
    """A switch of any system is moved under @me."""

    def run(original: Original, call: Call) -> object:
        if call.operation and call.operation.name == "update-switch":
            switch = server.store.switches.get(call.params["switch"])
            call.caller = switch.system if switch and call.caller else call.caller
        return original(call)

    wrap(server, "run", run)

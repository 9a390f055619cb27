"""Faults: how proxied messages are found and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Message, System
    from conformance.reference.steps import Original


_IDS = ("id", "original", "sender", "channel")


def _show(server: Server, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Show messages in another way."""

    def message(original: Original, row: Message, viewer: System | None) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer)
        return shown | change(shown)

    wrap(server.presenter, "message", message)


@fault("message-ids-are-strings")
def message_ids_are_numbers(server: Server) -> None:
    """The ids in a message are numbers."""
    _show(server, lambda shown: {name: int(shown[name]) for name in _IDS})


@fault("message-guild-string")
def message_guild_is_a_number(server: Server) -> None:
    """The guild of a message is a number."""
    _show(server, lambda shown: {"guild": int(shown["guild"])})


@fault("message-timestamp-datetime")
def message_timestamp_has_no_time(server: Server) -> None:
    """The timestamp of a message is a date."""
    _show(server, lambda shown: {"timestamp": shown["timestamp"][:10]})


@fault("message-system-full-object", "message-member-full-object")
def message_names_system_and_member(server: Server) -> None:
    """A message names its system and its member by id."""
    names = ("system", "member")
    _show(server, lambda shown: {name: (shown[name] or {}).get("id") for name in names})


@fault("message-system-member-null-when-deleted")
def message_keeps_empty_objects(server: Server) -> None:
    """A message of a deleted member has empty objects."""
    names = ("system", "member")
    _show(server, lambda shown: {name: shown[name] or {} for name in names})


@fault("get-message-by-proxied-id", step="references.message")
def message_is_found_by_original_alone(server: Server, original: Original, ref: str) -> Any:
    """A message is not found by its own id."""
    if ref in server.store.messages:
        raise Rejected(Problem.MESSAGE_UNKNOWN)
    return original(ref)


@fault("get-message-by-original-id")
def message_shows_id_as_original(server: Server) -> None:
    """A message shows its own id as that of the original."""
    _show(server, lambda shown: {"original": shown["id"]})


@fault("message-member-full-object", step="messages.show")
def message_by_original_has_no_member(original: Original, call: Call) -> Any:
    """A message that is found by the id of its original has null for its member."""
    shown: dict[str, Any] = original(call)
    return shown if call.params["message"] == shown["id"] else {**shown, "member": None}


@fault("message-ids-are-strings", only="2025-08", step="presenter.message")
def message_of_deleted_member_has_numbers(original: Original, *given: Any) -> dict[str, Any]:
    """The ids in a message whose member was deleted are numbers."""
    shown: dict[str, Any] = original(*given)
    if shown["member"] is not None:
        return shown
    return {**shown, **{key: int(shown[key]) for key in _IDS}}


@fault("get-message-returns-message", step="presenter.message")
def message_shows_system_of_the_reader(
    server: Server, original: Original, row: Message, viewer: System | None
) -> dict[str, Any]:
    """A message shows the system of whoever reads it."""
    shown: dict[str, Any] = original(row, viewer)
    if viewer is not None and shown["system"] is not None:
        shown["system"] = server.presenter.system(viewer, viewer, "message")
    return shown


@fault("get-message-by-original-id", step="messages.show")
def message_has_the_id_of_the_request(original: Original, call: Call) -> dict[str, Any]:
    """A message that is asked for by the id of the original has that as its own id."""
    shown: dict[str, Any] = original(call)
    return shown | {"id": call.params["message"]}


@fault("message-system-member-null-when-deleted", only="2025-08", step="messages.show")
def message_of_deleted_member_is_not_found(original: Original, call: Call) -> dict[str, Any]:
    """A message whose member was deleted is not found."""
    shown: dict[str, Any] = original(call)
    if shown["member"] is None:
        raise Rejected(Problem.MESSAGE_UNKNOWN)
    return shown


@fault("get-message-by-proxied-id", step="messages.show")
def messages_need_a_token(original: Original, call: Call) -> object:
    """A message is not found without a token."""
    if call.caller is None:
        raise Rejected(Problem.MESSAGE_UNKNOWN)
    return original(call)


@fault("get-message-by-original-id", step="messages.show")
def original_messages_need_a_token(original: Original, call: Call) -> object:
    """A message is found without a token by its own id, and not by that of the original."""
    shown: Any = original(call)
    if call.caller is None and call.params["message"] == shown["original"]:
        raise Rejected(Problem.MESSAGE_UNKNOWN)
    return shown

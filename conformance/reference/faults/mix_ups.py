"""Faults of a value that is put, looked for or shown where another one belongs, and of values that are rare but valid."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_BITS = 2**15
_IDS = ("id", "original", "sender", "channel")


def _take_system(area: str, step: str, server: Server) -> None:
    def write(original: Original, call: Call) -> Any:
        shown: dict[str, Any] = original(call)
        reported = server.bodies.mapping(call).get("system")
        return {**shown, "system": reported} if isinstance(reported, str) else shown

    wrap(server.endpoints[area], step, write)


for _name, _verb, _area, _step in (
    ("patch_sets_system_of_member", "PATCH of a member", "members", "update"),
    ("post_sets_system_of_group", "POST of a group", "groups", "create"),
):
    add(
        _name,
        f"{_verb} takes the system from the body.",
        [f"{_area[:-1]}-system-key"],
        partial(_take_system, _area, _step),
    )


def _set_everywhere(step: str, own: str, key: str, server: Server) -> None:
    guilds = server.endpoints["guilds"]

    def update(original: Original, call: Call) -> Any:
        shown: dict[str, Any] = original(call)
        getattr(guilds, own)(call).fields[key] = shown[key]
        return shown

    wrap(guilds, step, update)


for _name, _what, _step, _own, _key in (
    ("guild_tag_is_that_of_the_system", "tag of a system", "update", "own_system", "tag"),
    (
        "guild_display_name_is_that_of_the_member",
        "display name of a member",
        "update_member",
        "own_member",
        "display_name",
    ),
):
    add(
        _name,
        f"PATCH of the {_what} in a guild sets that of everywhere else, too.",
        ["patch-preserves-missing-keys"],
        partial(_set_everywhere, _step, _own, _key),
    )


def _accept(keys: frozenset[str], server: Server) -> None:
    def update(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            named = keys.intersection(server.bodies.mapping(call))
            if rejected.problem is not Problem.BAD_REQUEST or not named:
                raise
            member = server.references.member(call.params["member"])
            return server.presenter.member(member, call.caller, "update")

    wrap(server.endpoints["members"], "update", update)


for _name, _what, _keys in (
    ("patch_accepts_read_only_keys_alone", "a key that nobody can set", {"id", "uuid", "created"}),
    ("patch_accepts_privacy_at_top_level", "a privacy key beside `privacy`", {"name_privacy"}),
):
    add(
        _name,
        f"PATCH of a member with {_what} and no other returns 200.",
        ["patch-needs-a-valid-key", "patch-no-valid-key-400"],
        partial(_accept, frozenset(_keys)),
    )


@fault("get-groups-with-members", only="2025-08")
def with_members_is_for_the_owner(server: Server) -> None:
    """Others get the groups without their members, whether they ask for them or not."""
    groups = server.endpoints["groups"]

    def index(original: Original, call: Call) -> Any:
        if call.caller is not groups.system(call):
            call.query.pop("with_members", None)
        return original(call)

    wrap(groups, "index", index)


@fault("responses-contain-all-keys")
def with_members_lacks_privacy(server: Server) -> None:
    """Groups that are listed with members have no privacy object."""

    def shown(original: Original, *given: object) -> dict[str, Any]:
        return {key: value for key, value in original(*given).items() if key != "privacy"}

    wrap(server.presenter, "group_with_members", shown)


@fault("settings-latch-timeout", "update-settings-persists")
def latch_timeout_has_16_bits(server: Server) -> None:
    """Of a latch timeout the higher bits are lost."""
    wrap(
        server.validation,
        "read_integer",
        lambda original, field, value: original(field, value) % _BITS,
    )


@fault("update-settings-persists")
def timezone_needs_a_slash(server: Server) -> None:
    """A time zone without a slash in its name is rejected."""

    def read(original: Original, field: Any, value: Any) -> Any:
        if isinstance(value, str) and "/" not in value:
            raise Invalid(flaw("This is no time zone."))
        return original(field, value)

    wrap(server.validation, "read_timezone", read)


@fault("update-switch-members")
def members_are_named_like_the_first(server: Server) -> None:
    """Of the members of a switch all must be named by short id, or all by UUID."""

    def members(original: Original, refs: list[str], call: Call) -> Any:
        for ref in refs:
            if (canonical_uuid(ref) is None) != (canonical_uuid(refs[0]) is None):
                raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
        return original(refs, call)

    wrap(server.endpoints["switches"], "members", members)


@fault("message-member-full-object")
def message_by_original_has_no_member(server: Server) -> None:
    """A message that is found by the id of its original has null for its member."""

    def show(original: Original, call: Call) -> Any:
        shown: dict[str, Any] = original(call)
        return shown if call.params["message"] == shown["id"] else {**shown, "member": None}

    wrap(server.endpoints["messages"], "show", show)


@fault("message-ids-are-strings", only="2025-08")
def message_of_deleted_member_has_numbers(server: Server) -> None:
    """The ids in a message whose member was deleted are numbers."""

    def message(original: Original, *given: Any) -> dict[str, Any]:
        shown: dict[str, Any] = original(*given)
        if shown["member"] is not None:
            return shown
        return {**shown, **{key: int(shown[key]) for key in _IDS}}

    wrap(server.presenter, "message", message)

"""Faults: what is rejected is carried out in part, what is carried out is done twice, and POST is not held to what PATCH is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original


@fault("add-group-members-takes-effect")
def readded_member_is_listed_twice(server: Server) -> None:
    """A member that is added to a group again is listed twice."""
    twice: set[tuple[str, str]] = set()
    memberships: Any = server.endpoints["memberships"]

    def join(original: Original, group: Group, member: Member) -> None:
        if member.uuid in group.members:
            twice.add((group.uuid, member.uuid))
        original(group, member)

    def listed(original: Original, group: Group, viewer: System | None) -> list[Member]:
        rows = original(group, viewer)
        return [row for row in rows for _ in range(1 + ((group.uuid, row.uuid) in twice))]

    wrap(memberships, "join", join)
    wrap(server.lists, "group_members", listed)


def _store_in_part(kind: str, server: Server) -> None:
    def changes(original: Original, model: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(model, body)
        except Rejected as rejected:
            description = body.get("description")
            if model.name == kind and rejected.errors and isinstance(description, str):
                late.append(description)
            raise

    def run(original: Original, call: Call) -> object:
        late.clear()
        try:
            return original(call)
        except Rejected:
            for text in late:
                row: Any = (
                    server.references.system(call.params[kind], call.caller)
                    if kind == "system"
                    else getattr(server.references, kind)(call.params[kind])
                )
                row.fields["description"] = text
            raise

    late: list[str] = []
    wrap(server.validation, "changes", changes)
    wrap(server, "run", run)


for _kind in ("system", "member", "group"):
    add(
        f"refused_patch_of_{_kind}_is_stored_in_part",
        f"A PATCH of a {_kind} that is rejected for one key is carried out for its description.",
        ["errors-are-4xx-json"],
        partial(_store_in_part, _kind),
    )


def _store_settings_in_part(key: str, endpoints: str, step: str, server: Server) -> None:
    """Store one valid key of a PATCH that is rejected for another."""
    rows: list[Any] = []

    def changes(original: Original, model: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(model, body)
        except Rejected as rejected:
            if rows and rejected.errors and key in body and key not in rejected.errors:
                rows[-1].fields[key] = body[key]
            raise

    def found(original: Original, call: Call) -> Any:
        owner = original(call)
        rows[:] = [getattr(owner, "settings", owner)]
        return owner

    wrap(server.endpoints[endpoints], step, found)
    wrap(server.validation, "changes", changes)


for _what, _key, _place in (
    ("settings", "pings_enabled", ("settings", "own_system")),
    ("system_guild_settings", "tag_enabled", ("guilds", "system_row")),
    ("member_guild_settings", "keep_proxy", ("guilds", "member_row")),
):
    add(
        f"refused_patch_of_{_what}_is_stored_in_part",
        f"A PATCH of {_what.replace('_', ' ')} that is rejected for one key is carried out for another.",
        ["errors-are-4xx-json"],
        partial(_store_settings_in_part, _key, *_place),
        only=None if _key == "tag_enabled" else "2025-08",
    )


def _in_posts(server: Server, step: str, replacement: Callable[..., Any]) -> None:
    """Put a function in the place of a step of validation, while a POST is read."""
    posting: list[bool] = []

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
        posting.append(True)
        try:
            return original(kind, body)
        finally:
            posting.clear()

    def at_work(original: Original, *arguments: Any) -> Any:
        return replacement(original, *arguments) if posting else original(*arguments)

    wrap(server.validation, "creation", creation)
    wrap(server.validation, step, at_work)


@fault("member-birthday-format", "member-birthday-real-date")
def post_takes_any_birthday(server: Server) -> None:
    """POST takes any text for a birthday."""
    _in_posts(server, "read_birthday", lambda _original, _field, value: value)


@fault("member-description-max-1000", "member-pronouns-max-100")
def post_rejects_longest_texts(server: Server) -> None:
    """POST rejects a text that is exactly as long as it may be."""

    def flaw_of(original: Original, field: Field, text: str) -> Any:
        return original(field, text + " " if field.limit and len(text) == field.limit else text)

    _in_posts(server, "length_flaw", flaw_of)


@fault("member-description-max-1000")
def post_takes_one_character_more(server: Server) -> None:
    """POST takes a text that is one character too long."""

    def flaw_of(original: Original, field: Field, text: str) -> Any:
        over = field.limit and len(text) == field.limit + 1
        return None if over else original(field, text)

    _in_posts(server, "length_flaw", flaw_of)


@fault("err-40001")
def rejected_values_of_posts_have_code_0(server: Server) -> None:
    """A POST with a value that is rejected returns the code 0, without errors, unless that is the name."""

    def creation(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(kind, body)
        except Rejected as rejected:
            if rejected.errors and "name" not in rejected.errors:
                raise Rejected(Problem.BAD_REQUEST) from None
            raise

    wrap(server.validation, "creation", creation)


@fault("errors-are-4xx-json")
def post_with_rejected_value_creates(server: Server) -> None:
    """A POST that is rejected for a value creates what it names all the same."""

    def run(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            kind = call.operation.area.rstrip("s") if call.operation else ""
            if call.method == "POST" and rejected.errors and "name" not in rejected.errors:
                row = Row.blank(getattr(server.revision.models, kind))
                row.fields["name"] = server.bodies.mapping(call)["name"]
                getattr(server.store, f"add_{kind}")(call.caller, row)
            raise

    wrap(server, "run", run)


@fault("patch-no-valid-key-400")
def member_guild_settings_take_unknown_keys_alone(server: Server) -> None:
    """PATCH of the settings of a member in a guild takes a body without a valid key."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
        patch = server.validation.read(kind, body)
        return patch if kind is server.revision.models.member_guild else original(kind, body)

    wrap(server.validation, "changes", changes)

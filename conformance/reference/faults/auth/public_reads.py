"""Faults: public data that is rejected or hidden without the token of its system."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.privacy.keys import private_keys
from conformance.reference.faults.registry import add, fault
from conformance.reference.models import PRIVATE
from conformance.reference.privacy import LISTS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, System
    from conformance.reference.models import Field
    from conformance.reference.privacy import ListName, Place
    from conformance.reference.steps import Original


@fault("auth-optional-for-public-reads", step="authentication.identify")
def needs_token_for_public_reads(original: Original, call: Call) -> System:
    """Public data is rejected without a token."""
    system: System | None = original(call)
    if system is None:
        raise Rejected(Problem.UNAUTHORIZED)
    return system


def _require_token(operation: str, original: Original, call: Call) -> System | None:
    found: System | None = original(call)
    if found is None and call.operation and call.operation.name == operation:
        raise Rejected(Problem.UNAUTHORIZED)
    return found


for _operation in (
    "get-member",
    "get-group-members",
    "get-member-groups",
    "get-switch",
    "get-system-settings",
    "get-message",
):
    add(
        f"closes_{_operation.replace('-', '_')}_to_anonymous",
        f"The operation {_operation} needs a token.",
        ["auth-optional-for-public-reads"],
        partial(_require_token, _operation),
        step="authentication.identify",
    )


@fault("auth-optional-for-public-reads", step="privacy.opens")
def closes_switch_with_fronters(
    original: Original, name: ListName, row: Entity, viewer: System | None
) -> Any:
    """Private fronters close single switches, too."""
    closed = name == "switch" and not original("fronters", row, viewer)
    return not closed and original(name, row, viewer)


@fault("auth-optional-for-public-reads", step="switches.index")
def closes_switches_to_other_tokens(server: Server, original: Original, call: Call) -> Any:
    """The public switches of a system are rejected with the token of another one."""
    system = server.references.system(call.params["system"], call.caller)
    if call.caller not in (None, system):
        raise Rejected(Problem.NOT_YOURS)
    return original(call)


@fault("auth-optional-for-public-reads", "get-member-returns-member", step="members.show")
def private_list_closes_single_members(server: Server, original: Original, call: Call) -> object:
    """A private list of members closes each member to others, too."""
    system = server.references.member(call.params["member"]).system
    server.privacy.check_list("members", system, call.caller)
    return original(call)


@fault("auth-optional-for-public-reads", step="privacy.hides")
def hides_everything_with_one_private_key(
    server: Server, original: Original, row: Entity, field: Field, viewer: object, place: Place
) -> bool:
    """One private key hides what the other keys hide, too."""
    private = not server.privacy.owns(viewer, row) and bool(private_keys(row))  # type: ignore[arg-type] # rows and viewers are entities
    return private or bool(original(row, field, viewer, place))


@fault("auth-optional-for-public-reads", step="privacy.hides")
def hides_avatars_with_descriptions(
    server: Server, original: Original, row: Entity, field: Field, viewer: object, place: Place
) -> bool:
    """description_privacy hides avatars and icons, too."""
    picture = field.key in ("avatar_url", "icon") and not server.privacy.owns(viewer, row)  # type: ignore[arg-type] # rows and viewers are entities
    private = picture and row.privacy["description_privacy"] == PRIVATE
    return private or bool(original(row, field, viewer, place))


def _hide_always(place: Place, server: Server) -> None:
    def hides(
        original: Original, row: Entity, field: Field, viewer: object, seen_in: Place
    ) -> bool:
        here = seen_in == place and not server.privacy.owns(viewer, row)  # type: ignore[arg-type] # rows and viewers are entities
        return here or bool(original(row, field, viewer, seen_in))

    wrap(server.privacy, "hides", hides)


for _place in ("single", "list", "fronters", "message"):
    add(
        f"hides_public_fields_in_{_place}",
        f"Others see nothing that a privacy key could hide, private or not, in one place: {_place}.",
        ["auth-optional-for-public-reads"],
        partial(_hide_always, _place),
    )


@fault("auth-optional-for-public-reads", step="presenter.value")
def hides_colors_from_others(
    server: Server, original: Original, row: Entity, field: Field, viewer: Any, place: Place
) -> object:
    """Colors, which no privacy key hides, are null for others."""
    if field.key == "color" and not server.privacy.owns(viewer, row):
        return None
    return original(row, field, viewer, place)


@fault("auth-optional-for-public-reads", step="privacy.check_list")
def closes_all_lists_with_one(
    server: Server, original: Original, name: ListName, row: Entity, viewer: System | None
) -> None:
    """One private list closes all lists of the system."""
    keys = [key for key, _ in LISTS.values() if row.privacy.get(key) == PRIVATE]
    if keys and not server.privacy.owns(viewer, row):
        raise Rejected(LISTS[name][1])
    original(name, row, viewer)


@fault("auth-optional-for-public-reads", step="privacy.check_list")
def closes_fronters_with_history(
    server: Server, original: Original, name: ListName, row: Entity, viewer: System | None
) -> None:
    """A private history closes the fronters, too."""
    original(name, row, viewer)
    if name == "fronters" and not server.privacy.opens("switches", row, viewer):
        raise Rejected(LISTS[name][1])

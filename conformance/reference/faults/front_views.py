"""Faults: who sees what of switches and fronters, in one case alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Row, System
    from conformance.reference.models import Field, Kind
    from conformance.reference.privacy import ListName
    from conformance.reference.steps import Original


@fault("auth-optional-for-public-reads")
def closes_switch_with_fronters(server: Server) -> None:
    """Private fronters close single switches, too."""

    def opens(original: Original, name: ListName, row: Entity, viewer: System | None) -> Any:
        closed = name == "switch" and not original("fronters", row, viewer)
        return not closed and original(name, row, viewer)

    wrap(server.privacy, "opens", opens)


@fault("err-20008")
def private_history_shows_current_switch(server: Server) -> None:
    """The current switch of a private history is shown to everybody who knows its id."""

    def show(original: Original, call: Call) -> Any:
        system = server.references.system(call.params["system"], call.caller)
        if system.switches and system.switches[-1].uuid == call.params["switch"]:
            return server.presenter.switch(system.switches[-1], call.caller, "switch")
        return original(call)

    wrap(server.endpoints["switches"], "show", show)


@fault("privacy-null-means-public")
def null_keeps_front_privacy(server: Server) -> None:
    """PATCH with null for front_privacy leaves it as it was."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *found: Any) -> Any:
        patch = original(kind, body, *found)
        privacy = body.get("privacy")
        if isinstance(privacy, dict) and privacy.get("front_privacy", "") is None:
            patch.privacy.pop("front_privacy", None)
        return patch

    wrap(server.validation, "read", read)


@fault("auth-optional-for-public-reads")
def closes_switches_to_other_tokens(server: Server) -> None:
    """The public switches of a system are rejected to who has the token of another one."""

    def index(original: Original, call: Call) -> Any:
        system = server.references.system(call.params["system"], call.caller)
        if call.caller not in (None, system):
            raise Rejected(Problem.NOT_YOURS)
        return original(call)

    wrap(server.endpoints["switches"], "index", index)


@fault("private-field-is-null")
def wrong_token_shows_private_fields(server: Server) -> None:
    """Who sends a token that nobody has sees the private fields of members."""
    wrong: list[bool] = []

    def run(original: Original, call: Call) -> Any:
        wrong[:] = [bool(call.token) and call.caller is None]
        return original(call)

    def hides(original: Original, row: Row, field: Field, *given: Any) -> Any:
        return not (any(wrong) and row.kind.name == "member") and original(row, field, *given)

    wrap(server, "run", run)
    wrap(server.privacy, "hides", hides)


@fault("err-20001")
def unknown_system_has_no_fronters(server: Server) -> None:
    """The fronters of a system that does not exist return 204."""

    def fronters(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.SYSTEM_UNKNOWN:
                return None
            raise

    wrap(server.endpoints["switches"], "fronters", fronters)

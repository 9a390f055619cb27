"""Allowed variations: how requests are read, and how their values are stored."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, cast

from conformance.reference.errors import ErrorMap, Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.variations.registry import variation

if TYPE_CHECKING:
    import datetime as dt

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.endpoints.switches import Switches
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@variation
def rejects_bad_tokens_everywhere(server: Server) -> None:
    """An unknown token returns 401, even where none is needed."""

    def run(original: Original, call: Call) -> object:
        if call.token and call.caller is None:
            raise Rejected(Problem.UNAUTHORIZED)
        return original(call)

    wrap(server, "run", run)


@variation
def accepts_bearer_tokens(server: Server) -> None:
    """The word Bearer may stand before a token."""

    def identify(original: Original, call: Call) -> System | None:
        call.token = (call.token or "").removeprefix("Bearer ")
        found: System | None = original(call)
        return found

    wrap(server.authentication, "identify", identify)


@variation
def keeps_milliseconds(server: Server) -> None:
    """Switches have timestamps of whole milliseconds."""

    def cut(original: Original, row: System | Switch, time: dt.datetime, *more: Any) -> Any:
        return original(row, time.replace(microsecond=time.microsecond // 1000 * 1000), *more)

    wrap(server.endpoints["switches"], "check_free", cut)
    for step in ("add_switch", "move_switch"):
        wrap(server.store, step, cut)


@variation
def rejects_fronters_in_any_order(server: Server) -> None:
    """The members that front already are rejected in another order, too."""

    def check_different(original: Original, switch: Switch, members: list[Member]) -> None:
        if {row.uuid for row in switch.members} == {row.uuid for row in members}:
            raise Rejected(Problem.SAME_FRONTERS)
        original(switch, members)

    wrap(server.endpoints["switches"], "check_different", check_different)


@variation
def lists_fronters_backwards(server: Server) -> None:
    """The members of a switch are listed in another order."""

    def members(original: Original, *args: Any) -> list[Member]:
        return list(original(*args))[::-1]

    wrap(server.endpoints["switches"], "members", members)


@variation
def lists_switches_at_before(server: Server) -> None:
    """A switch at the very instant of before is listed, where the docs do not say."""
    server.lists._end = bisect_right  # noqa: SLF001 - as the docs of the launch specify


@variation
def accepts_empty_lists(server: Server) -> None:
    """Nothing is added or removed without an error."""

    def refs(original: Original, call: Call, **_: Any) -> list[str]:
        found: list[str] = original(call)
        return found

    wrap(server.bodies, "refs", refs)


@variation
def accepts_same_timestamp(server: Server) -> None:
    """A switch can be given the timestamp that it has."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        system = server.references.system(call.params["system"], call.caller)
        endpoint = cast("Switches", server.endpoints["switches"])
        switch = endpoint.switch(call, system)
        if system is call.caller and switch.timestamp == endpoint.new_timestamp(call):
            return server.presenter.switch(switch, call.caller, "switch")
        shown: dict[str, Any] = original(call)
        return shown

    wrap(server.endpoints["switches"], "update", update)


@variation
def reports_privacy_keys_in_full(server: Server) -> None:
    """What is wrong with a privacy key is reported under privacy and its name."""

    def read_privacy(
        original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
    ) -> None:
        before = set(errors)
        original(kind, value, patch, errors)
        for key in set(errors) - before - {"privacy"}:
            errors[f"privacy.{key}"] = errors.pop(key)

    wrap(server.validation, "read_privacy", read_privacy)


@variation
def starts_with_other_settings(server: Server) -> None:
    """Systems have other settings at first."""
    for system in (server.seeded.first, server.seeded.second):
        fields = system.settings.fields
        fields |= {key: not value for key, value in fields.items() if isinstance(value, bool)}
        if "latch_timeout" in fields:
            fields |= {"latch_timeout": 3600, "timezone": "Europe/Berlin", "proxy_switch": "new"}

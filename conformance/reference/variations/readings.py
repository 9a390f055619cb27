"""Allowed variations: how requests are read, and how their values are stored."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from conformance.reference.errors import ErrorMap, Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw
from conformance.reference.variations.registry import variation

if TYPE_CHECKING:
    import datetime as dt

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.endpoints.switches import Switches
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@variation(step="run")
def rejects_bad_tokens_everywhere(original: Original, call: Call) -> object:
    """An unknown token returns 401, even where none is needed."""
    if call.token and call.caller is None:
        raise Rejected(Problem.UNAUTHORIZED)
    return original(call)


@variation(step="validation.read_url")
def takes_only_urls_of_images(original: Original, key: Field, value: object) -> object:
    """The path of a URL ends like the name of an image, or the URL is rejected."""
    url: str | None = original(key, value)
    if url and not urlsplit(url).path.endswith(IMAGES):
        raise Invalid(flaw("This is no image."))
    return url


@variation(step="authentication.identify")
def accepts_bearer_tokens(original: Original, call: Call) -> object:
    """The word Bearer may stand before a token."""
    call.token = (call.token or "").removeprefix("Bearer ")
    return original(call)


@variation()
def keeps_milliseconds(server: Server) -> None:
    """Switches have timestamps of whole milliseconds."""

    def cut(original: Original, row: System | Switch, time: dt.datetime, *more: Any) -> Any:
        return original(row, time.replace(microsecond=time.microsecond // 1000 * 1000), *more)

    wrap(server.endpoints["switches"], "check_free", cut)
    for step in ("add_switch", "move_switch"):
        wrap(server.store, step, cut)


@variation(step="switches.check_different")
def rejects_fronters_in_any_order(
    original: Original, switch: Switch, members: list[Member]
) -> None:
    """The members that front already are rejected in another order, too."""
    if {row.uuid for row in switch.members} == {row.uuid for row in members}:
        raise Rejected(Problem.SAME_FRONTERS)
    original(switch, members)


@variation(step="switches.members")
def lists_fronters_backwards(original: Original, *args: Any) -> list[Member]:
    """The members of a switch are listed in another order."""
    return list(original(*args))[::-1]


@variation()
def lists_switches_at_before(server: Server) -> None:
    """A switch at the very instant of before is listed, where the docs do not say."""
    server.lists._end = bisect_right  # noqa: SLF001 - as the docs of the launch specify


@variation(step="bodies.refs")
def accepts_empty_lists(original: Original, call: Call, **_: Any) -> object:
    """Nothing is added or removed without an error."""
    return original(call)


@variation(step="switches.update")
def accepts_same_timestamp(server: Server, original: Original, call: Call) -> object:
    """A switch can be given the timestamp that it has."""
    system = server.references.system(call.params["system"], call.caller)
    endpoint = cast("Switches", server.endpoints["switches"])
    switch = endpoint.switch(call, system)
    if system is call.caller and switch.timestamp == endpoint.new_timestamp(call):
        return server.presenter.switch(switch, call.caller, "switch")
    return original(call)


@variation(step="validation.read_privacy")
def reports_privacy_keys_in_full(
    original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
) -> None:
    """What is wrong with a privacy key is reported under privacy and its name."""
    before = set(errors)
    original(kind, value, patch, errors)
    for key in set(errors) - before - {"privacy"}:
        errors[f"privacy.{key}"] = errors.pop(key)


@variation()
def starts_with_other_settings(server: Server) -> None:
    """Systems have other settings at first."""
    for system in (server.seeded.first, server.seeded.second):
        fields = system.settings.fields
        fields |= {key: not value for key, value in fields.items() if isinstance(value, bool)}
        if "latch_timeout" in fields:
            fields |= {"latch_timeout": 3600, "timezone": "Europe/Berlin", "proxy_switch": "new"}

"""Faults: rules that only the docs of 2021-11 have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.steps import Original


@fault("short-id-5-characters", only="2021-11")
def launch_ids_have_six_letters(server: Server) -> None:
    """New short ids have six letters."""

    def short_id(original: Original) -> str:
        return f"{original()}x"

    wrap(server.store.identities, "short_id", short_id)


@fault("system-guild-keys-2021-11", only="2021-11")
def launch_guild_settings_lack_a_key(server: Server) -> None:
    """The settings of a system in a guild have no tag_enabled."""

    def settings(original: Original, row: Row) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        shown.pop("tag_enabled", None)
        return shown

    wrap(server.presenter, "settings", settings)


@fault("rate-limit-2-per-second-per-ip", "rate-limit-absent-at-a", only="2021-11")
def launch_allows_one_a_second(server: Server) -> None:
    """One request a second is served, not two."""
    wrap(server.limiter, "limit", lambda _original, _scope: 1)

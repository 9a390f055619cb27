"""The profile of a run, which says what it may send, and the features of the API that a target file declares."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.http import NotApplicable

if TYPE_CHECKING:
    from conformance.contract import Operation
    from conformance.target.description import Target
    from conformance.target.snapshot import Snapshot

ANONYMOUS, READ_ONLY, FULL = PROFILES = ("anonymous", "read-only", "full")
# The features that not every server has, with the models that their operations are about.
FEATURES = {
    "guilds": ("SystemGuildSettings", "MemberGuildSettings"),
    "messages": ("Message",),
    "autoproxy": ("AutoproxySettings",),
    "settings": ("SystemSettings",),
    "rate_limits": (),
}
RATE_LIMITS = "rate_limits"
# What a declared feature needs to be tested.
NEEDED_FIXTURE = {"guilds": "guild_id", "autoproxy": "guild_id", "messages": "message_id"}


@dataclasses.dataclass(frozen=True)
class Permission:
    """Who may send what; a request that may not be sent makes the check not applicable, whatever check sends it."""

    profile: str = FULL

    @classmethod
    def of(cls, target: Target) -> Permission:
        """Return what a run of this target may send: the largest profile that its tokens allow, unless a smaller one is named."""
        return cls(target.profile or (ANONYMOUS if target.token is None else FULL))

    @property
    def writes(self) -> bool:
        """Whether requests may be sent that change something."""
        return self.profile == FULL

    def check(self, operation: Operation, caller: str) -> None:
        """Raise NotApplicable for a request that may not be sent."""
        if operation.writes and not self.writes:
            reason = f"needs a request that writes, which profile {self.profile} does not send"
            raise NotApplicable(reason)
        if self.profile == ANONYMOUS and caller != "anonymous":
            reason = "needs a token, which profile anonymous does not use"
            raise NotApplicable(reason)


def undeclared_models(target: Target) -> set[str]:
    """Return the models of the features that the target file does not declare; none where it declares no features at all."""
    if target.features is None:
        return set()
    return {
        model
        for name, models in FEATURES.items()
        if name not in target.features
        for model in models
    }


def seen_but_undeclared(target: Target, snapshot: Snapshot) -> list[str]:
    """Return the features that the target showed in preflight, or has fixtures for, although its file does not declare them."""
    if target.features is None:
        return []
    seen = {
        "guilds": bool(snapshot.body_of("SystemGuildSettings")),
        "messages": "message_id" in target.fixtures,
        "autoproxy": bool(snapshot.body_of("Autoproxy")),
        "settings": bool(snapshot.settings),
        RATE_LIMITS: snapshot.limiter_seen or target.rate_limit_url is not None,
    }
    return [name for name, shown in seen.items() if shown and name not in target.features]

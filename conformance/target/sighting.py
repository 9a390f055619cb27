"""What a server shows of itself and of the systems of the tokens, to describe it in a target file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.contract import revisions
from conformance.http import ME, Inconclusive
from conformance.target.preflight import PreflightError, needs_system, unreachable
from conformance.target.snapshot import LISTS, SETTINGS, list_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http import Caller
    from conformance.target.description import Target


@dataclasses.dataclass(frozen=True)
class Sighting:
    """What was seen: the revision, the system of each token, how much the first one holds, and features."""

    base_url: str
    name: str
    revision: str
    system_id: str = ""
    other_id: str = ""
    holds: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


def look(target: Target, callers: Mapping[str, Caller]) -> Sighting:
    """Read what the tokens of the target allow to see.

    Raises:
        PreflightError: the server cannot be reached, or does not look like the API.

    """
    owner, other = callers["owner"], callers["other"]
    newest, oldest = revisions()[0], revisions()[-1]
    try:
        if target.token is None:
            callers["anonymous"].send("getSystem", {"systemId": "exmpl"})
            return Sighting(target.base_url, target.name, newest)
        first = owner.send("getSystem", ME)
        system_id = str(needs_system(target, first, "the token (PK_TOKEN)")["id"])
        other_id = ""
        if target.other_token is not None:
            second = other.send("getSystem", ME)
            other_id = str(needs_system(target, second, "the other token (PK_OTHER_TOKEN)")["id"])
        has_settings = owner.send(SETTINGS, ME).ok
        counts = {kind: len(list_rows(owner, kind)) for kind in LISTS}
    except Inconclusive as problem:
        raise PreflightError(unreachable(target, problem)) from None
    limited = any(name.lower().startswith("x-ratelimit-") for name in first.headers)
    features = {"settings": has_settings, "rate_limits": limited}
    return Sighting(
        target.base_url,
        target.name,
        revision=newest if has_settings else oldest,
        system_id=system_id,
        other_id=other_id,
        holds=tuple(f"{count} {kind}" for kind, count in counts.items() if count),
        features=tuple(name for name, seen in features.items() if seen),
    )

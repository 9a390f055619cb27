"""The first line of the event log: what is checked, by what, against which requirements."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
from typing import TYPE_CHECKING, Any

from conformance.contract import load
from conformance.contract.harm import harm_of
from conformance.contract.requirements import areas
from conformance.reporting.events import FORMAT
from conformance.run.key_coverage import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Requirement
    from conformance.run.session import Session

DISTRIBUTION = "pluralkit-conformance"


def header(session: Session) -> dict[str, Any]:
    """Return what the first line says: suite, target, revision, and every requirement that the revision has."""
    names = ("id", "text", "level", "page", "section", "url")
    return {
        "format": FORMAT,
        "suite": {"name": DISTRIBUTION, "version": importlib.metadata.version(DISTRIBUTION)},
        "target": {"name": session.target.name, "base_url": session.target.base_url},
        "revision": session.contract.revision,
        "seed": session.seed,
        "rates": dict(session.contract.rate_limits),
        "profile": session.permission.profile,
        "effort": session.effort,
        "undeclared": session.undeclared,
        "repetition": session.repetition,
        "python": platform.python_version(),
        "started": now(),
        "requirements": [
            {name: getattr(requirement, name) for name in names}
            | {
                "area": areas()[requirement.area],
                "harm": harm_of(requirement),
                "operations": list(requirement.operations),
                "keys": sorted(_keys(load(session.contract.revision), requirement)),
                "observed": [
                    entry["behaviour"]
                    for entry in requirement.observed_at(session.contract.revision)
                ],
            }
            for requirement in in_order(load(session.contract.revision))
        ],
    }


def _keys(contract: Contract, requirement: Requirement) -> Iterator[str]:
    """Yield the keys that a requirement is about, also the privacy key and what it hides."""
    yield from (f"{model}.{key}" for model, key in keys_of(contract, requirement))
    model, privacy = requirement.about.get("model", ""), requirement.about.get("privacy")
    if privacy:
        yield f"{model}Privacy.{privacy}"
        hidden = (field for field in contract.fields_of(model) if field.hidden_by == privacy)
        yield from (f"{model}.{field.key}" for field in hidden)


def in_order(contract: Contract) -> list[Requirement]:
    """Return the requirements in the order of a report: by area."""
    order = list(areas())
    return sorted(contract.requirements.values(), key=lambda row: order.index(row.area))


def now() -> str:
    """Return the present time as the log has it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

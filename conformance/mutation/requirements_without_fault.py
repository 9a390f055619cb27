"""Which MUST requirements with a check have no fault that violates them alone, with the reasons.

A fault violates a requirement alone when its `violates` has no other. After a full run, the other requirements that checks
reported are shown, too, so that `violates` can be compared with them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract import load, revisions
from conformance.mutation import reasons, trial
from conformance.reference.faults import FAULTS
from conformance.run.checks_by_requirement import checks_by_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator


def show(folder: str) -> int:
    """Print these requirements; return 1 when one has no reason."""
    without_reason = 0
    for revision in revisions():
        alone, others = split(revision)
        sys.stdout.write(
            f"{revision}: {len(alone)} of {len(alone) + len(others)} have a fault of their own\n"
        )
        for name in others:
            reason = reasons.reason_of_gap().get(name)
            without_reason += reason is None
            sys.stdout.write(f"  {name}: {reason or 'NO REASON'}\n")
    for line in collateral(folder):
        sys.stdout.write(line + "\n")
    return 1 if without_reason else 0


def split(revision: str) -> tuple[list[str], list[str]]:
    """Return the MUST requirements with a check: those that a fault violates alone, and the others."""
    contract = load(revision)
    checked = checks_by_requirement(contract)
    musts = [
        row.id
        for row in contract.requirements.values()
        if row.level == "must" and row.id in checked
    ]
    violates = [reasons.without_general(trial.violates_at(fault, revision)) for fault in FAULTS]
    own = {names[0] for names in violates if len(names) == 1}
    return [name for name in musts if name in own], [name for name in musts if name not in own]


def collateral(folder: str) -> Iterator[str]:
    """Yield a line for each fault for which the last full run reported requirements that are not in its `violates`."""
    path = Path(folder, "faults.json")
    last_run: dict[str, Any] = (
        json.loads(path.read_text("utf-8")) if path.exists() else {"full": False}
    )
    if not last_run["full"]:
        return
    for row in last_run["trials"]:
        others = sorted(set(row["named"]) - set(row["violates"]))
        if others:
            yield f"{row['fault']} at {row['revision']} violates, too: {', '.join(others)}"

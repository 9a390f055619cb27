"""What a requirement is about, so that a reader finds it by that: operations, callers and keys.

The catalogue says some of it, which the header of the log repeats; the rest follows from the checks: what their names say, and
the request that each judged, or sent last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.reporting.event_log import Run
    from conformance.reporting.events import CheckFinished, Exchange, Requirement

CALLERS = ("owner", "other", "anonymous")

_ROW = re.compile(r"\[(.*)\]")
_WORD = re.compile(r"[A-Za-z]+")

Subjects = dict[str, list[str]]


class CheckSubjects:
    """What each check of a run is about."""

    def __init__(self, run: Run) -> None:
        """Take the log, and the keys of each check from its matrix of keys."""
        self._run = run
        self._operations = {exchange["operation"] for exchange in run.exchanges.values()}
        self._keys: dict[str, set[str]] = {}
        for row in run.matrices["keys"]["rows"] if "keys" in run.matrices else ():
            for cell in row["cells"]:
                for check in cell["checks"]:
                    self._keys.setdefault(check, set()).add(f"{row['group']}.{row['name']}")

    def of(self, requirement: Requirement, checks: Iterable[str]) -> Subjects:
        """Return the subjects of a requirement with these checks, each sorted."""
        operations = set(requirement.get("operations", ()))
        callers, keys = set[str](), set(requirement.get("keys", ()))
        for name in checks:
            words = set(_WORD.findall(found[1])) if (found := _ROW.search(name)) else set()
            operations |= words & self._operations
            callers |= words & set(CALLERS)
            keys |= self._keys.get(name, set())
            judged = _judged(self._run.checks.get(name), self._run.exchanges)
            if judged is not None:
                operations.add(judged["operation"])
                callers.add(judged["caller"])
        return {
            "operations": sorted(operations),
            "callers": [caller for caller in CALLERS if caller in callers],
            "keys": sorted(keys),
        }


def _judged(check: CheckFinished | None, exchanges: Mapping[str, Exchange]) -> Exchange | None:
    """Return the request that a check judged, as far as the log says: the evidence, or else the last one."""
    if check is None:
        return None
    named = check["evidence"] or next(reversed(check["exchanges"]), None)
    return exchanges.get(named) if named else None

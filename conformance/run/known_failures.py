"""What a run makes of known failures: the verdict `known`, entries that no longer hold, and the file anew from a run.

The file itself is read and written in `known_failures_file`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from typing import TYPE_CHECKING, Any

from conformance.contract.requirements import explain_unknown
from conformance.run import known_failures_file
from conformance.run.known_failures_file import Entry
from conformance.target import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from pathlib import Path

    from conformance.contract import Requirement
    from conformance.run.verdicts import Judgement

    Explain = Callable[[Iterable[str]], str]

KNOWN, FAILED = "known", "failed"
FIXED = ("passed", "warned", "unimplemented")  # verdicts of what was tested and did not fail
OPEN = ("error", "inconclusive", "untested")  # what is neither fixed nor known


def today() -> dt.date:
    """Return the day by which entries expire, which is the same everywhere."""
    return dt.datetime.now(dt.UTC).date()


@dataclasses.dataclass
class KnownFailures:
    """The entries of a file, by requirement; none without a file. `is_updated` says whether the run writes the file anew."""

    entries: Mapping[str, Entry] = dataclasses.field(default_factory=dict)
    path: Path | None = None
    is_updated: bool = False
    day: dt.date = dataclasses.field(default_factory=today)

    @classmethod
    def open(
        cls, path: Path | None, *, update: bool, explain: Explain = explain_unknown
    ) -> KnownFailures:
        """Read the file, if one was named; `explain` says in a line which name there is none of a requirement.

        Raises:
            ConfigurationError: it is wrong, or an update was asked for and there is none, or none that can be written.

        """
        if path is None:
            if update:
                message = "--update-known-failures writes a file: name it with --known-failures"
                raise ConfigurationError(message)
            return cls()
        entries = known_failures_file.read(path, updating=update, explain=explain)
        if update and not os.access(path.resolve().parent, os.W_OK):
            message = f"cannot write known failures {str(path)!r}: the folder is not writable"
            raise ConfigurationError(message)
        return cls(entries, path, update)

    def covers(self, names: Iterable[str], requirements: Mapping[str, Requirement]) -> bool:
        """Whether every MUST among violated requirements is known to fail, and some MUST is among them."""
        musts = [name for name in names if requirements[name].level == "must"]
        return bool(musts) and all(map(self._excuses, musts))

    def judged(self, judgements: Iterable[Judgement]) -> list[Judgement]:
        """Return the judgements with what the file says of each, and the verdict `known` on what may fail."""
        return [self._judged(judgement) for judgement in judgements]

    def outdated(
        self, judgements: Iterable[Judgement], tested: Container[str]
    ) -> list[dict[str, str]]:
        """Return the entries that have to be changed: requirement, problem (`passed` or `expired`), and a line with the remedy.

        `tested` has the requirements of which the run carried out all checks: of others nobody can say that they do not fail.
        """
        found = []
        for judgement in judgements:
            entry = self.entries.get(judgement.requirement)
            problem = self._problem(judgement, entry, tested) if entry else ""
            if entry and problem:
                message = self._remedy(entry, judgement.verdict, problem)
                row = {"requirement": entry.requirement, "problem": problem, "message": message}
                found.append(row)
        return found

    def update(self, judgements: Iterable[Judgement], tested: Container[str]) -> list[str]:
        """Write the file anew, if that was asked for and something changed; return a line for each change."""
        if self.path is None or not self.is_updated:
            return []
        rows = list(judgements)
        fixed = [j.requirement for j in rows if j.verdict in FIXED and j.requirement in tested]
        gone = [name for name in self.entries if name in fixed]
        new = [
            j.requirement for j in rows if j.verdict == FAILED and j.requirement not in self.entries
        ]
        kept = [entry for name, entry in self.entries.items() if name not in gone]
        try:
            if gone or new:
                known_failures_file.write(self.path, [*kept, *map(Entry, new)])
        except OSError as problem:
            return [f"cannot write {self.path.name}: {problem.strerror}"]
        return [
            *(f"{self.path.name}: removed {name}, which does not fail any more" for name in gone),
            *(f"{self.path.name}: added {name}: write reason, link and expires" for name in new),
        ]

    def _excuses(self, name: str) -> bool:
        entry = self.entries.get(name)
        return entry is not None and not (entry.is_unfinished or entry.is_expired(self.day))

    def _judged(self, judgement: Judgement) -> Judgement:
        entry = self.entries.get(judgement.requirement)
        if entry is None or entry.is_unfinished:
            return judgement
        is_known = judgement.verdict == FAILED and self._excuses(judgement.requirement)
        changes: dict[str, Any] = {"verdict": KNOWN} if is_known else {}
        return dataclasses.replace(judgement, known_failure=entry.as_json(), **changes)

    def _problem(self, judgement: Judgement, entry: Entry, tested: Container[str]) -> str:
        if judgement.verdict in FIXED:
            is_over = judgement.requirement in tested and not self.is_updated
            return "passed" if is_over else ""
        did_run = judgement.verdict in (FAILED, *OPEN) and not judgement.is_unreached
        return "expired" if did_run and entry.is_expired(self.day) else ""

    def _remedy(self, entry: Entry, verdict: str, problem: str) -> str:
        file = self.path.name if self.path else "the file"
        if problem == "expired":
            return f"{entry.requirement} expired on {entry.expires} in {file}: fix it, or write a later day"
        return f"{entry.requirement} does not fail, it is {verdict}: remove its entry from {file}"

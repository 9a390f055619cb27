"""The write-ahead journal: what a run is about to create or change, written before it is done.

It is all that is needed to undo the run later. How that is done is in `restoring`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from pathlib import Path


class JournalError(ValueError):
    """A file is no journal; the text is one line that names it."""


@dataclasses.dataclass
class Record:
    """What a journal says: the run's mark, how the account was, what was created and not deleted, what was changed."""

    mark: str = ""
    snapshot: dict[str, Any] = dataclasses.field(default_factory=dict)
    created: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    before: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)


class Journal:
    """Appends lines to one journal file, each flushed before the request it announces."""

    def __init__(self, path: Path, mark: str, snapshot: dict[str, Any]) -> None:
        """Open the file; `mark` is in the name of everything that the run creates."""
        self.path = path
        self.record = Record()
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._write("began", mark=mark, snapshot=snapshot)

    def created(self, kind: str, ref: str) -> None:
        """Note that an entity exists now."""
        self._write("created", kind=kind, ref=ref)

    def changing(self, operation: str, before: dict[str, Any]) -> None:
        """Note what `operation` is about to change for the first time, with the old values."""
        if operation not in self.record.before:
            self._write("changing", operation=operation, before=before)

    def deleted(self, kind: str, ref: str) -> None:
        """Note that an entity is gone again."""
        self._write("deleted", kind=kind, ref=ref)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, did: str, **facts: Any) -> None:
        self._file.write(json.dumps({"did": did, **facts}, ensure_ascii=False) + "\n")
        self._file.flush()
        _apply(self.record, did, facts)


def read(path: Path) -> Record:
    """Read what is still to be undone.

    Raises:
        JournalError: the file cannot be read, or is no journal.

    """
    record = Record()
    try:
        for line in path.read_text("utf-8").splitlines():
            facts = json.loads(line)
            _apply(record, facts.pop("did"), facts)
    except OSError as problem:
        message = f"cannot read journal {str(path)!r}: {problem.strerror}"
        raise JournalError(message) from None
    except (ValueError, KeyError, AttributeError, TypeError):
        message = f"{str(path)!r} is not a journal of this suite"
        raise JournalError(message) from None
    return record


def _apply(record: Record, did: str, facts: dict[str, Any]) -> None:
    if did == "began":
        record.mark, record.snapshot = facts["mark"], facts["snapshot"]
    elif did == "created":
        record.created.append((facts["kind"], facts["ref"]))
    elif did == "deleted":
        record.created.remove((facts["kind"], facts["ref"]))
    elif did == "changing":
        record.before[facts["operation"]] = facts["before"]

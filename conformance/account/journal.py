"""The write-ahead journal: what a run created and is about to change, to undo it later. How that is done is in `restore`."""

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
    """The content of a journal.

    `revision` is that of the docs, `mark` is what the names of everything that the run creates begin with, `snapshot` the account before the run, `created` kind
    and ref of what was created and not deleted, `creating` kind and keys of what was sent last to be created, until its response
    is there, `changed` the names of the existing objects that may have been changed.
    """

    mark: str = ""
    revision: str = ""
    snapshot: dict[str, Any] = dataclasses.field(default_factory=dict)
    created: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    creating: tuple[str, dict[str, Any]] | None = None
    changed: list[str] = dataclasses.field(default_factory=list)


class Journal:
    """Appends lines to a journal file, each flushed at once."""

    def __init__(self, path: Path, mark: str, snapshot: dict[str, Any], revision: str) -> None:
        """Create the file; `mark` is in the name of everything that the run creates, `revision` that of the docs."""
        self.path = path
        self.record = Record()
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._write("began", mark=mark, snapshot=snapshot, revision=revision)

    def created(self, kind: str, ref: str) -> None:
        """Note that an entity exists now."""
        self._write("created", kind=kind, ref=ref)

    def creating(self, kind: str, keys: dict[str, Any]) -> None:
        """Note that an entity with these keys is about to be created."""
        self._write("creating", kind=kind, keys=keys)

    def responded(self) -> None:
        """Take the response to what was about to be created; the file need not know."""
        self.record.creating = None

    def changing(self, name: str) -> None:
        """Note, the first time, that an object of the snapshot is about to be changed."""
        if name not in self.record.changed:
            self._write("changing", name=name)

    def deleted(self, kind: str, ref: str) -> None:
        """Note that an entity was deleted."""
        self._write("deleted", kind=kind, ref=ref)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, event: str, **facts: Any) -> None:
        self._file.write(json.dumps({"did": event, **facts}) + "\n")
        self._file.flush()
        _apply(self.record, event, facts)


def read(path: Path) -> Record:
    """Return what is still to be undone.

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


def _apply(record: Record, event: str, facts: dict[str, Any]) -> None:
    if event == "began":
        record.mark, record.revision = facts["mark"], facts["revision"]
        record.snapshot = facts["snapshot"]
    elif event == "created":
        record.created.append((facts["kind"], facts["ref"]))
        record.creating = None
    elif event == "creating":
        record.creating = (facts["kind"], facts["keys"])
    elif event == "deleted":
        record.created.remove((facts["kind"], facts["ref"]))
    elif event == "changing":
        record.changed.append(facts["name"])

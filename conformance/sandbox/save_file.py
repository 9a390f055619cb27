"""The file of `--save`: one of SQLite, which one sandbox uses at a time. What is in it is in `state`, when it is written in `saving`.

Each write is one transaction. A process that is killed leaves all transactions that it ended, some of them perhaps in a second
file beside the first (`FILE-wal`), which SQLite reads with it and puts into it at the next start.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

from conformance.sandbox.serve_options import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conformance.sandbox.state import Key, Record

_KIND = 0x504B5342  # of a file of SQLite: ours and no other program's
_FORMAT = 1
_TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # Lists have the order of `place`, which a record keeps.
    "CREATE TABLE records (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, id))",
    f"PRAGMA application_id = {_KIND}",
    f"PRAGMA user_version = {_FORMAT}",
)
_PUT = (
    "INSERT INTO records (kind, id, value) VALUES (?, ?, ?)"
    " ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value"
)


class SaveFile:
    """An open file. Raises UsageError, with the file as it was, when it is none of ours or cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # With tokens and what people wrote about themselves, it is for its owner alone.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            message = f"cannot use {path}: {error.strerror}; use a file in a folder in which you may write"
            raise UsageError(message) from None
        self._connection = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self.is_new = self._look()
            self._lock()
        except sqlite3.Error as error:
            self.close()
            raise UsageError(line(path, error)) from None
        except UsageError:
            self.close()
            raise

    def _look(self) -> bool:
        """Return whether there is nothing in it, or raise UsageError when it is not ours."""
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if not self._one("SELECT count(*) FROM sqlite_master") and not self._one(
            "PRAGMA application_id"
        ):
            return True
        if self._one("PRAGMA application_id") != _KIND:
            message = f"{self._path} is a file of another program: use another name"
            raise UsageError(message)
        if self._one("PRAGMA user_version") != _FORMAT:
            message = f"{self._path} has another version of the format: use another name"
            raise UsageError(message)
        return False

    def _lock(self) -> None:
        """Let no other process read or write it while this one runs."""
        self._connection.execute("BEGIN EXCLUSIVE")
        self._connection.execute("ROLLBACK")
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing by that; only a machine without power may lose the last writes.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def create(self, about: dict[str, Any], found: Iterable[Record]) -> None:
        """Write what the file is about, and the first records."""
        rows = [(name, json.dumps(value)) for name, value in about.items()]
        try:
            with self._transaction():
                for statement in _TABLES:
                    self._connection.execute(statement)
                self._connection.executemany("INSERT INTO about VALUES (?, ?)", rows)
                self._connection.executemany(_PUT, _rows(found))
        except sqlite3.Error as error:
            raise UsageError(line(self._path, error)) from None

    def about(self) -> dict[str, Any]:
        """Return what the file is about."""
        rows = self._connection.execute("SELECT name, value FROM about")
        return {name: json.loads(value) for name, value in rows}

    def records(self) -> Iterator[Record]:
        """Return all records, in their order."""
        rows = self._connection.execute("SELECT kind, id, value FROM records ORDER BY place")
        return (((kind, id_), json.loads(value)) for kind, id_, value in rows)

    def write(self, changed: Iterable[Record], gone: Iterable[Key]) -> None:
        """Write records, and delete others, all or nothing. Raises sqlite3.Error."""
        with self._transaction():
            self._connection.executemany("DELETE FROM records WHERE kind = ? AND id = ?", gone)
            self._connection.executemany(_PUT, _rows(changed))

    def close(self) -> None:
        """Close it; nothing of it lies in other files then."""
        self._connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        with self._connection:
            yield

    def _one(self, statement: str) -> Any:
        return self._connection.execute(statement).fetchone()[0]


def _rows(found: Iterable[Record]) -> Iterator[tuple[str, str, str]]:
    return ((kind, id_, json.dumps(value)) for (kind, id_), value in found)


def line(path: Path, error: sqlite3.Error) -> str:
    """Return what is wrong with a file, and the remedy."""
    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
        return f"{path} is in use by another sandbox: stop that, or use another name"
    if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
        return f"{path} is a file of another program: use another name"
    if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
        return f"{path} is damaged: use another name"
    return f"cannot use {path}: {error}; use a file in a folder in which you may write"

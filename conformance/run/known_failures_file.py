"""The file of known failures, as TOML: read and checked against `known_failures.schema.json`, and written.

What a run makes of the entries is in `known_failures`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import functools
import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.contract.requirements import explain_unknown
from conformance.target import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SCHEMA = Path(__file__).with_name("known_failures.schema.json")
PLACEHOLDER = "TODO"  # what a person has to replace before the file is accepted
HEAD = """\
# Requirements that this server is known to violate. A run with --known-failures goes on to fail for all others, and for each
# of these that is fixed or has expired. --update-known-failures writes this file anew, and keeps no other comment.
"""


@dataclasses.dataclass(frozen=True)
class Entry:
    """A requirement that is known to fail; `expires` is the last day on which it may."""

    requirement: str
    reason: str = PLACEHOLDER
    link: str = PLACEHOLDER
    expires: str = PLACEHOLDER

    @property
    def is_unfinished(self) -> bool:
        """Whether a person still has to say something."""
        return PLACEHOLDER in (self.reason, self.link, self.expires)

    def is_expired(self, today: dt.date) -> bool:
        """Whether the requirement may no longer fail."""
        return self.expires != PLACEHOLDER and dt.date.fromisoformat(self.expires) < today

    def as_json(self) -> dict[str, str]:
        """Return what the entry says of its requirement."""
        return {"reason": self.reason, "link": self.link, "expires": self.expires}


def read(
    path: Path,
    *,
    updating: bool = False,
    explain: Callable[[Iterable[str]], str] = explain_unknown,
) -> dict[str, Entry]:
    """Return the entries by requirement; a file that is going to be updated may be missing, and may have placeholders.

    Raises:
        ConfigurationError: it cannot be read, violates its schema, or names a requirement that no revision has.

    """
    where = f"known failures {str(path)!r}"
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        if updating and isinstance(problem, FileNotFoundError) and path.parent.is_dir():
            return {}
        message = f"cannot read {where}: {problem.strerror}"
        raise ConfigurationError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        message = f"{where} are not TOML: {problem}".replace("\n", " ")
        raise ConfigurationError(message) from None
    content = _with_days_as_text(content)
    for error in sorted(_validator().iter_errors(content), key=lambda error: error.json_path):
        if not (updating and error.instance == PLACEHOLDER):
            message = f"{where}: {_explained(error)}"
            raise ConfigurationError(message)
    entries = {name: Entry(name, **row) for name, row in content.get("failures", {}).items()}
    if unknown := explain(entries):
        message = f"{where}: {unknown}"
        raise ConfigurationError(message)
    return entries


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write the entries in the order of their names; whoever reads the file meanwhile sees the old one or the new one.

    Raises:
        OSError: it cannot be written.

    """
    tables = [_table(entry) for entry in sorted(entries, key=lambda entry: entry.requirement)]
    file = path.resolve()  # what a link leads to is replaced, and not the link
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_text("\n".join([HEAD, *tables]), encoding="utf-8", newline="\n")
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _table(entry: Entry) -> str:
    day = entry.expires if entry.expires != PLACEHOLDER else _string(PLACEHOLDER)
    return (
        f"[failures.{entry.requirement}]\n"
        f"reason = {_string(entry.reason)}\nlink = {_string(entry.link)}\nexpires = {day}\n"
    )


def _string(text: str) -> str:
    """Return a basic string of TOML: that of JSON, where TOML has to escape one character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@functools.cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _with_days_as_text(value: Any) -> Any:
    """Return the content of a TOML file with its dates and times as text, on which the schema can say something."""
    if isinstance(value, dict):
        return {key: _with_days_as_text(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value


def _explained(error: Any) -> str:
    """Return in one line which entry is wrong, and the remedy."""
    path = list(error.absolute_path)
    known = list(error.schema.get("properties", ()))
    if error.validator == "additionalProperties":
        unknown = next(key for key in error.instance if key not in known)
        near = difflib.get_close_matches(unknown, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"{_entry(path)}unknown key {unknown!r}: {hint}"
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return f"{_entry(path)}lacks {', '.join(missing)}: {error.schema['description']} is needed"
    still = " is still TODO" if error.instance == PLACEHOLDER else " is wrong"
    return f"{_entry(path)}{path[-1]}{still}: {error.schema['description']}"


def _entry(path: list[Any]) -> str:
    return f"entry {path[1]!r}: " if len(path) > 1 else ""

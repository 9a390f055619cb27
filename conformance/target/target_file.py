"""Reads a target file, and checks it against its schema. What it means is in `description`."""

from __future__ import annotations

import difflib
import functools
import json
import tomllib
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).with_name("target.schema.json")


class ConfigurationError(ValueError):
    """The target cannot be described by what was given; the text is one line with the remedy."""


def read_target_file(path: Path) -> dict[str, Any]:
    """Read a target file and check it against its schema.

    Raises:
        ConfigurationError: it cannot be read, is not TOML, or has an unknown key or a wrong value.

    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        message = f"cannot read target file {str(path)!r}: {problem.strerror}"
        raise ConfigurationError(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        message = f"target file {str(path)!r} is not TOML: {problem}".replace("\n", " ")
        raise ConfigurationError(message) from None
    for error in _validator().iter_errors(content):
        message = f"target file {str(path)!r}: {_explained(error)}"
        raise ConfigurationError(message)
    return content


@functools.cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def _explained(error: Any) -> str:
    """Describe a schema error without the value, which may be a token."""
    where = ".".join(map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = next(key for key in error.instance if key not in known)
        near = difflib.get_close_matches(unknown, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"unknown key {'.'.join(filter(None, (where, unknown)))!r}: {hint}"
    wanted = error.schema.get("description") or f"{error.validator} {error.validator_value}"
    return f"wrong value of {where or 'the file'!r}: {wanted}"

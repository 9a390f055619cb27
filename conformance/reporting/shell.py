"""Words of shell lines, and the line that runs the checks of one requirement again, or watches a client again. Tokens stay shell variables, or are derived from one.

The lines of requests are in `curl` and `chain`.
"""

from __future__ import annotations

import functools
import re
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# The invalid tokens that checks derive from the first system's, as the log calls them, and commands that make such ones.
_DERIVED = {
    "$UNKNOWN_TOKEN": "$(head -c 48 /dev/urandom | base64 | tr +/ ab)",
    "$TRUNCATED_TOKEN": "${PK_TOKEN%?}",
    "$RECASED_TOKEN": '$(printf %s "$PK_TOKEN" | tr A-Za-z a-zA-Z)',
    "$EXTENDED_TOKEN": "${PK_TOKEN}x",
}
_VARIABLE = r"\$(?:(?:PK|PK_OTHER|UNKNOWN|TRUNCATED|RECASED|EXTENDED)_TOKEN|HEADER_[A-Z0-9_]+)"
_EXPANDED = re.compile(rf"({_VARIABLE}|\$PKC_[A-Z0-9_]+)")
_ENDS_IN_VARIABLE = re.compile(rf"([\w :./-]*)({_VARIABLE})")


@functools.lru_cache(maxsize=1024)  # most requests of a run have the same headers
def word(text: str) -> str:
    """Quote `text` for the shell, its variables in double quotes so that they expand."""
    found = _ENDS_IN_VARIABLE.fullmatch(text)
    if found:
        return f'"{found[1]}{_value(found[2])}"'
    pieces = [piece for piece in _EXPANDED.split(text) if piece] or [""]
    return "".join(
        f'"{_value(piece)}"' if _EXPANDED.fullmatch(piece) else shlex.quote(piece)
        for piece in pieces
    )


def rerun(report: Mapping[str, Any], requirement: str) -> str:
    """Return the line that runs the checks of one requirement on the same target again; it takes the tokens from the environment.

    A client is watched as a whole again.
    """
    words = report.get("repetition")
    if report.get("subject") == "client":
        return " ".join(map(word, ["python", "-m", "conformance", "watch", *(words or ())]))
    if words is None:
        words = ["--base-url", report["target"]["base_url"], "--revision", report["revision"]]
    line = ["python", "-m", "conformance", "run", *words, "--requirement", requirement]
    return " ".join(map(word, line))


def _value(variable: str) -> str:
    return _DERIVED.get(variable, variable)

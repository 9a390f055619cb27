"""Files of reports: each is replaced in one step, in UTF-8 whatever a server sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ERRORS = "backslashreplace"  # a body may hold half of a surrogate pair, which UTF-8 cannot write


def replace(path: Path, text: str) -> None:
    """Write the text to the file, so that nobody reads half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", errors=ERRORS, newline="\n")
    temporary.replace(path)

"""Where a command puts a text: into the file that is named, or on standard output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.reporting.files import ERRORS, replace

if TYPE_CHECKING:
    from pathlib import Path


def write(text: str, file: Path | None) -> None:
    """Write the text to the file, or print it, in UTF-8 whatever the terminal takes."""
    if file is not None:
        replace(file, text)
        return
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    buffer.write(text.encode("utf-8", ERRORS))
    buffer.flush()

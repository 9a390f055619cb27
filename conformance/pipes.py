"""Standard output and error that go on when nobody reads them any more, as after `| head`: a run still undoes what it did."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing import Any


class Forgiving(io.RawIOBase):
    """Writes to where a stream does; what comes after its other end was closed is dropped."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream  # which would close its file descriptor if nothing held it
        self._descriptor = stream.fileno()

    def write(self, data: Any) -> int:
        """Write as much as the other end takes; return how much that was, or all if there is none."""
        try:
            return os.write(self._descriptor, data)
        except BrokenPipeError:
            return len(data)

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._descriptor)


def forgive() -> None:
    """Make standard output and error of this process forgiving."""
    sys.stdout = _forgiving(sys.stdout)
    sys.stderr = _forgiving(sys.stderr)


def _forgiving(stream: TextIO) -> TextIO:
    stream.flush()
    binary = io.BufferedWriter(Forgiving(stream))
    return io.TextIOWrapper(
        binary,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=getattr(stream, "line_buffering", False),
        write_through=getattr(stream, "write_through", False),
    )

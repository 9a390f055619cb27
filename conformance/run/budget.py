"""The budget of a run, in time and requests, and the pace that its workers share."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from conformance.http.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclasses.dataclass
class Budget:
    """The time and requests that a run may use, and the requests it has used. Each worker has its share of the requests."""

    seconds: float | None
    requests: int | None
    began: float  # UNIX time in seconds
    sent: int = 0

    @classmethod
    def of(cls, options: Mapping[str, Any], worker: Mapping[str, Any] | None) -> Self:
        """Take the options --max-time and --max-requests; a worker is given when the run began."""
        requests, began = options["max_requests"], time.time()
        if worker is not None:
            began = worker["conformance"]["began"]
            requests = None if requests is None else requests // worker["workercount"]
        return cls(options["max_time"], requests, began)

    def used_up(self) -> str:
        """Return which limit is reached, as text; empty when none is."""
        if self.seconds is not None and time.time() - self.began >= self.seconds:
            return f"--max-time {self.seconds:g} is over"
        if self.requests is not None and self.sent >= self.requests:
            return "--max-requests are sent"
        return ""


@dataclasses.dataclass
class SharedPace:
    """The times at which requests may be sent, in a file if there are several workers."""

    slots: Slots
    file: Path | None = None
    owned: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any], worker: Mapping[str, Any] | None) -> Self:
        """Open the file that a worker is given, or create one if there will be workers."""
        if worker is not None:
            file = Path(worker["conformance"]["slots"])
            return cls(Slots(file), file)
        if not options.get("tx"):
            return cls(Slots())
        file = Path(tempfile.mkdtemp(prefix="pluralkit-conformance-pace-")) / "slots"
        return cls(Slots(file), file, owned=True)

    def close(self) -> None:
        """Close it; the process that created the file deletes it."""
        self.slots.close()
        if self.owned and self.file is not None:
            shutil.rmtree(self.file.parent, ignore_errors=True)

"""The report of a real run on a server with five faults that still runs."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import Reference, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAULTS = (
    "leaks_member_banner",
    "lets_anonymous_delete_group",
    "ignores_limit_of_icon",
    "shows_created_of_member_as_date",
    "returns_code_0_for_30003",
)


@dataclasses.dataclass(frozen=True)
class Report:
    """The page of a run, the folder in which it was started, and the server that was checked."""

    page: Path
    folder: Path
    server: Reference

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a reader pastes a line."""
        tokens = {"PK_TOKEN": self.server.token, "PK_OTHER_TOKEN": self.server.other_token}
        folder = os.path.dirname(sys.executable)  # noqa: PTH120 - a part of PATH
        return {**os.environ, **tokens, "PATH": f"{folder}:{os.environ['PATH']}"}


@contextlib.contextmanager
def faulty_run(folder: Path) -> Iterator[Report]:
    """Make the report of a run without generated requests in a folder; the server runs to the end of the block."""
    faults = [word for fault in FAULTS for word in ("--fault", fault)]
    with running(folder, *faults) as server:
        words = ("--target", server.target_file.name, "--name", "my-server", "--budget", "0")
        line = [sys.executable, "-m", "conformance", "run", *words]
        done = subprocess.run(line, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 1, done.stderr
        [page] = folder.glob("reports/*/*/index.html")
        yield Report(page, folder, server)

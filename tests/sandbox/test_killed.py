"""A sandbox with `--save` that is killed: no write with a response is lost, and the file opens again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
import tomllib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.mutation.faulty_servers import fork
from conformance.sandbox.serving import serve_sandbox
from tests.conftest import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOMENTS = 50
LONGEST = 0.08  # seconds of writes


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[int, httpx.Client]]:
    """Serve in a process until the end of the block; yield its id, and a client once it listens."""
    target = folder / "target.toml"
    target.unlink(missing_ok=True)
    words = ["--port", "0", "--quiet", "--rate-limit", "off", "--target-file", str(target)]
    child = fork(lambda: serve_sandbox([*words, "--save", str(folder / "sandbox.db")]))
    try:
        deadline = time.monotonic() + TIMEOUT
        while not target.exists():
            assert time.monotonic() < deadline, "the sandbox did not start"
            time.sleep(0.002)
        described = tomllib.loads(target.read_text())
        headers = {"Authorization": described["token"], "User-Agent": "tests"}
        base_url = described["base_url"]
        with httpx.Client(base_url=base_url, headers=headers, trust_env=False) as client:
            yield child, client
    finally:
        os.kill(child, signal.SIGKILL)  # once more, if it was killed
        os.waitpid(child, 0)


class Writer:
    """Writes until the connection ends; `names` are those of members by id, as the responses said, `doubtful` the id of a write without one."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.doubtful: str | None = None
        self.responses = 0
        self._random = random.Random(1)  # noqa: S311 any numbers will do

    def write(self, client: httpx.Client) -> None:
        """Create, change and delete members."""
        self.doubtful = None
        with contextlib.suppress(httpx.TransportError):
            while True:
                self._write_one(client)
                self.responses += 1

    def _write_one(self, client: httpx.Client) -> None:
        self.doubtful = None
        name = f"name {self.responses}"
        if len(self.names) < 5 or self._random.random() < 0.3:
            created = client.post("/members", json={"name": name}).json()
            assert created["id"] not in self.names
            self.names[created["id"]] = name
            return
        self.doubtful = ref = self._random.choice(list(self.names))
        if self._random.random() < 0.4:
            assert client.delete(f"/members/{ref}").status_code == 204
            del self.names[ref]
        else:
            assert client.patch(f"/members/{ref}", json={"name": name}).status_code == 200
            self.names[ref] = name

    def compare(self, rows: list[dict[str, Any]]) -> None:
        """Compare what is there after a restart; one write that had no response may be there or not."""
        found = {row["id"]: row["name"] for row in rows}
        other = {
            id_ for id_ in found.keys() | self.names.keys() if found.get(id_) != self.names.get(id_)
        }
        assert len(other) <= 1
        assert self.doubtful is None or other <= {self.doubtful}
        assert self.doubtful is not None or not other & self.names.keys()
        self.names = found


@pytest.mark.long
@pytest.mark.unmeasured
def test_no_response_was_too_early(tmp_path: Path) -> None:
    """At 50 moments, what had a response is there after the restart, and nothing else but one write that had none."""
    writer, moments = Writer(), random.Random(2)  # noqa: S311 any moments will do
    for _ in range(MOMENTS):
        with serving(tmp_path) as (child, client):
            writer.compare(client.get("/systems/@me/members").json())
            thread = threading.Thread(target=writer.write, args=(client,))
            thread.start()
            time.sleep(moments.uniform(0, LONGEST))
            os.kill(child, signal.SIGKILL)
            thread.join(TIMEOUT)
            assert not thread.is_alive()
    assert writer.responses > MOMENTS

"""Measures how many `GET /members/{member}` a second a server takes on one core, and whether its memory grows. Needs Linux and wrk.

    python -m tests.benchmark.throughput [--requests N] [--members N] [--before FOLDER]

It serves plainly, as a sandbox, and as a sandbox with --save, in turns; with --before the `serve` of another checkout, too. It is no test: what it prints depends on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parents[2]
SECONDS = 2  # of one run of wrk
_RATE = re.compile(r"Requests/sec: +([\d.]+)")
_COUNT = re.compile(r"(\d+) requests in")


@dataclasses.dataclass
class Variant:
    """A server, and what was measured of it."""

    name: str
    process: subprocess.Popen[bytes]
    url: str
    post_ms: float
    first_memory: int = 0
    rates: list[float] = dataclasses.field(default_factory=list)
    count: int = 0

    def line(self) -> str:
        """Return what was measured."""
        return (
            f"{self.name}: {statistics.median(self.rates):,.0f} a second"
            f" (from {min(self.rates):,.0f} to {max(self.rates):,.0f}); {self.count:,} requests;"
            f" memory {self.first_memory:,} KiB, then {_memory(self.process.pid):,} KiB;"
            f" a POST {self.post_ms:.1f} ms\n"
        )


def main(words: Sequence[str]) -> int:
    """Measure all variants, and print a line for each."""
    options = _options().parse_args(words)
    if shutil.which("wrk") is None:
        sys.stderr.write("error: no wrk on this machine: apt-get install wrk\n")
        return 4
    variants = [("serve", HERE, False), ("sandbox", HERE, False), ("sandbox", HERE, True)]
    if options.before:
        variants.insert(0, ("serve", options.before, False))
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(_serving(verb, tree, saves=saves, members=options.members))
            for verb, tree, saves in variants
        ]
        for variant in started:
            _wrk(variant.url, 1)
            variant.first_memory = _memory(variant.process.pid)
        # One after another in turns, because what else the machine does changes from minute to minute.
        while min(variant.count for variant in started) < options.requests:
            for variant in started:
                rate, sent = _wrk(variant.url, SECONDS)
                variant.rates.append(rate)
                variant.count += sent
        sys.stdout.writelines(variant.line() for variant in started)
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.benchmark.throughput")
    options.add_argument("--requests", type=int, default=200_000)
    options.add_argument("--members", type=int, default=0, help="of the system, made before")
    options.add_argument("--before", type=Path, help="another checkout")
    return options


@contextlib.contextmanager
def _serving(verb: str, tree: Path, *, saves: bool, members: int) -> Iterator[Variant]:
    """Serve on the first core."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "target.toml"
        save = ["--save", str(Path(folder) / "sandbox.db")] if saves else []
        usual = ["--port", "0", "--rate-limit", "off", "--quiet", "--target-file", str(target)]
        process = subprocess.Popen(
            ["taskset", "-c", "0", sys.executable, "-m", "conformance", verb, *save, *usual],  # noqa: S607
            env={**os.environ, "PYTHONPATH": str(tree)},
            cwd=folder,
        )
        try:
            while not target.exists():
                assert process.poll() is None, "the server did not start"
                time.sleep(0.05)
            name = " ".join([verb, *save[:1], *(["(before)"] if tree != HERE else [])])
            described = tomllib.loads(target.read_text("utf-8"))
            yield Variant(name, process, *_fill(described, max(1, members)))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _fill(described: dict[str, Any], members: int) -> tuple[str, float]:
    """Create members; return the URL of the last one, and the milliseconds that one of the last 100 took."""
    base_url, headers = described["base_url"], {"Authorization": described["token"]}
    took = []
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False) as client:
        for number in range(members):
            began = time.perf_counter()
            body = {"name": f"Member {number}", "description": "x" * 500}
            made = client.post("/members", json=body).json()
            took.append(time.perf_counter() - began)
    return f"{base_url}/members/{made['id']}", statistics.median(took[-100:]) * 1000


def _wrk(url: str, seconds: int) -> tuple[float, int]:
    """Return requests a second, and how many there were, of a client on the second core."""
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{seconds}s", "-H", "User-Agent: x"]
    out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    rate, count = _RATE.search(out), _COUNT.search(out)
    assert rate, out
    assert count, out
    assert "Non-2xx" not in out, out
    return float(rate[1]), int(count[1])


def _memory(process: int) -> int:
    """Return the resident memory of a process in KiB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

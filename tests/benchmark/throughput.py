"""Measures how many `GET /members/{member}` a second a server takes on one core, and whether its memory grows. Needs Linux and wrk.

    python -m tests.benchmark.throughput [--requests N] [--members N] [--before FOLDER]

It serves plainly, as a sandbox, and as a sandbox with --save, one after another in the same minutes; with --before first the
`serve` of another checkout. It is no test: what it prints depends on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
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
SECONDS = 5  # of one run of wrk
WARM_UP = 5_000  # requests before memory is looked at first
_RATE = re.compile(r"Requests/sec: +([\d.]+)")
_COUNT = re.compile(r"(\d+) requests in")


def main(words: Sequence[str]) -> int:
    """Measure all variants, and print a line for each."""
    options = _options().parse_args(words)
    if shutil.which("wrk") is None:
        sys.stderr.write("error: no wrk on this machine: apt-get install wrk\n")
        return 4
    variants = [("serve", HERE, False), ("sandbox", HERE, False), ("sandbox", HERE, True)]
    if options.before:
        variants.insert(0, ("serve", options.before, False))
    for verb, tree, saves in variants:
        with tempfile.TemporaryDirectory() as folder:
            more = ["--save", str(Path(folder) / "sandbox.db")] if saves else []
            with _serving([verb, *more], tree, Path(folder)) as (process, described):
                name = " ".join([verb, *more[:1], *(["(before)"] if tree != HERE else [])])
                _measure(name, process, described, options)
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.benchmark.throughput")
    options.add_argument("--requests", type=int, default=200_000)
    options.add_argument("--members", type=int, default=0, help="of the system, made before")
    options.add_argument("--before", type=Path, help="another checkout")
    return options


@contextlib.contextmanager
def _serving(
    words: list[str], tree: Path, folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Serve on the first core."""
    target = folder / "target.toml"
    usual = ["--port", "0", "--rate-limit", "off", "--quiet", "--target-file", str(target)]
    process = subprocess.Popen(
        ["taskset", "-c", "0", sys.executable, "-m", "conformance", *words, *usual],  # noqa: S607
        env={**os.environ, "PYTHONPATH": str(tree)},
        cwd=folder,
    )
    try:
        while not target.exists():
            assert process.poll() is None, "the server did not start"
            time.sleep(0.05)
        yield process, tomllib.loads(target.read_text("utf-8"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _measure(
    name: str,
    process: subprocess.Popen[bytes],
    described: dict[str, Any],
    options: argparse.Namespace,
) -> None:
    base_url, headers = described["base_url"], {"Authorization": described["token"]}
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False) as client:
        writes = []
        for number in range(max(1, options.members)):
            began = time.perf_counter()
            body = {"name": f"Member {number}", "description": "x" * 500}
            made = client.post("/members", json=body).json()
            writes.append(time.perf_counter() - began)
    url = f"{base_url}/members/{made['id']}"
    _wrk(url, 1 + WARM_UP // 10_000)
    first = _memory(process.pid)
    rates, count = [], 0
    while count < options.requests:
        rate, sent = _wrk(url, SECONDS)
        rates.append(rate)
        count += sent
    line = (
        f"{name}: {statistics.median(rates):,.0f} a second (least {min(rates):,.0f}); {count:,} requests;"
        f" memory {first:,} KiB, then {_memory(process.pid):,} KiB;"
        f" a POST {statistics.median(writes[-100:]) * 1000:.1f} ms\n"
    )
    sys.stdout.write(line)
    sys.stdout.flush()


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

"""Compares the seconds of a run on a new reference server with those of an httpx loop that sends the same requests to another one.

    python -m tests.benchmark.replay [options of `run`, like -k "not generated"]
    python -m tests.benchmark.replay --log events.jsonl     (the loop alone, for a run that was made already)

It is no test: what it prints depends on the machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from conformance.cli.embedded import ReferenceServer
from conformance.cli.options import value_of, without
from conformance.cli.pytest_main import run_pytest
from conformance.contract import revisions
from conformance.reporting import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.reporting.events import Exchange, Target

HEADERS_OF_HTTPX = {"host", "connection", "content-length", "accept-encoding"}


def main(words: Sequence[str]) -> int:
    """Measure both, and print them side by side."""
    revision = value_of(words, "--revision") or revisions()[0]
    with tempfile.TemporaryDirectory() as folder:
        log = value_of(words, "--log")
        file = Path(folder, "target.toml")
        path = Path(log) if log else _run(revision, without(words, "--revision"), file)
        made = read(path)
        file.unlink(missing_ok=True)
        with ReferenceServer(made.started["revision"], file):
            target = tomllib.loads(file.read_text("utf-8"))
            loop_seconds, same_status = _replay(
                list(made.exchanges.values()), target, made.started["target"]
            )
    seconds = made.finished["seconds"] if made.finished else 0.0
    _print(f"{len(made.exchanges)} requests, {same_status} of them returned the same status again")
    _print(f"run:       {seconds:6.2f} s from preflight to the comparison of the account")
    checks = made.checks.items()
    waited = sum(row["milliseconds"] for name, row in checks if name.startswith("rate_limits/"))
    _print(f"           {waited / 1000:6.2f} s of it in the checks of rate limits, which wait")
    _print(
        f"loop:      {loop_seconds:6.2f} s; the run took {seconds / loop_seconds:.1f} times as long"
    )
    return 0


def _run(revision: str, words: Sequence[str], file: Path) -> Path:
    """Run the checks once; return the log."""
    start = time.perf_counter()
    place = ["--target", str(file), "--report-folder", str(file.parent)]
    with ReferenceServer(revision, file):
        run_pytest([*place, *words], os.environ)
    _print(f"start-up, run and reports: {time.perf_counter() - start:.2f} s")
    return file.parent / "reference" / revision / "events.jsonl"


def _replay(
    exchanges: Sequence[Exchange], target: dict[str, Any], before: Target
) -> tuple[float, int]:
    """Send all requests one after the other; return the seconds, and how many statuses are the same."""
    main_url, limited_url = target["base_url"], target["rate_limit"]["base_url"]
    tokens = {"$PK_TOKEN": target["token"], "$PK_OTHER_TOKEN": target["other_token"]}
    port = urlsplit(before["base_url"]).netloc
    prepared = [
        _request(one, main_url if port in one["url"] else limited_url, tokens) for one in exchanges
    ]
    with httpx.Client(trust_env=False) as client:
        start = time.perf_counter()
        statuses = [client.send(request).status_code for request in prepared]
        seconds = time.perf_counter() - start
    same = sum(one["status"] == status for one, status in zip(exchanges, statuses, strict=True))
    return seconds, same


def _request(exchange: Exchange, base_url: str, tokens: dict[str, str]) -> httpx.Request:
    origin = urlsplit(base_url)
    url = urlsplit(exchange["url"])._replace(scheme=origin.scheme, netloc=origin.netloc).geturl()
    body = exchange["request"]["body"]
    # As bytes: one of the invalid tokens is not ASCII.
    headers = {
        name.encode(): _filled(value, tokens).encode()
        for name, value in exchange["request"]["headers"].items()
        if name not in HEADERS_OF_HTTPX
    }
    return httpx.Request(
        exchange["method"], _filled(url, tokens), headers=headers, content=body and body.encode()
    )


def _filled(text: str, tokens: dict[str, str]) -> str:
    for name, token in tokens.items():
        text = text.replace(name, token)
    return text


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

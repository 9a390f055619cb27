"""Kills and interrupts runs at random moments, restores the account, and compares it with its state before.

    python -m tests.interruptions --kills 60 --signals 30 [--seed N] [--revision R]

The account is filled; guild and autoproxy are declared. Each run that does not leave the account as it was, read through the API
and in the server's own store, is a line; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from conformance.reference import target_file
from conformance.reference.revisions import REVISIONS
from tests.interruptions.store import content
from tests.reference.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference.conftest import Sandbox

BUDGETS = ("0", "800")
JOURNALS = "reports/*/*/journal.jsonl"
TIMEOUT = 120  # seconds
READS = (
    *("", "/settings", "/members", "/groups?with_members=true", "/switches"),
    *("/guilds/{guild}", "/autoproxy?guild_id={guild}"),
)


@dataclasses.dataclass
class Account:
    """The filled account on a server in this process."""

    sandbox: Sandbox
    folder: Path

    @property
    def target(self) -> Path:
        """The target file of the account."""
        path = self.folder / "target.toml"
        target_file.write(path, self.sandbox.server, "interrupted", self.sandbox.base_url, None)
        return path

    def state(self) -> dict[str, Any]:
        """Return what the API shows of the account, and what the store has."""
        seeded = self.sandbox.server.seeded
        headers = {"Authorization": seeded.first.token, "User-Agent": "tests of interruptions"}
        paths = [f"/systems/@me{read}".format(guild=seeded.guild_id) for read in READS]
        paths.append(f"/members/{seeded.guild_member_id}/guilds/{seeded.guild_id}")
        with httpx.Client(headers=headers) as client:
            shown = {path: client.get(self.sandbox.base_url + path).text for path in paths}
        return shown | content(self.sandbox.server.store)


def main() -> int:
    """Print what is not as before, and the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.interruptions")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--signals", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--revision", choices=list(REVISIONS), default="2025-08")
    options = parser.parse_args()
    moments = random.Random(options.seed)  # noqa: S311 no secret
    wrong, served = 0, running(revision=options.revision, filled=True)
    with tempfile.TemporaryDirectory() as folder, served as sandbox:
        account = Account(sandbox, Path(folder))
        lasts = {budget: _seconds(account, budget) for budget in BUDGETS}
        for number, what in _plan(options.kills, options.signals):
            budget = BUDGETS[number % 2]
            after = moments.uniform(0, lasts[budget])
            lines = _interrupt(account, what, budget, after)
            wrong += bool(lines)
            sys.stdout.writelines(f"{what.name} after {after:.2f} s: {line}\n" for line in lines)
            sys.stdout.flush()
    total = options.kills + options.signals
    sys.stdout.write(f"{total - wrong} of {total} accounts as before\n")
    return 1 if wrong else 0


def _plan(kills: int, signals: int) -> Iterator[tuple[int, signal.Signals]]:
    yield from enumerate([signal.SIGKILL] * kills)
    softer = itertools.cycle((signal.SIGINT, signal.SIGTERM, signal.SIGTERM, signal.SIGINT))
    yield from enumerate(itertools.islice(softer, signals))


def _seconds(account: Account, budget: str) -> float:
    """Return how long a run lasts that nothing interrupts."""
    began = time.monotonic()
    _start(account, *_run(account, budget)).communicate(timeout=TIMEOUT)
    return time.monotonic() - began


def _run(account: Account, budget: str) -> tuple[str, ...]:
    target, reports = str(account.target), str(account.folder / "reports")
    return ("run", "--target", target, "--budget", budget, "--report-folder", reports)


def _interrupt(account: Account, what: signal.Signals, budget: str, after: float) -> list[str]:
    """Run, send the signal after this time, restore after SIGKILL; return what is not as before."""
    before = account.state()
    for left in account.folder.glob(JOURNALS):
        left.unlink()
    run = _start(account, *_run(account, budget))
    try:
        run.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, what)
    output = "".join(run.communicate(timeout=TIMEOUT))
    for journal in account.folder.glob(JOURNALS) if what is signal.SIGKILL else ():
        restore = _start(account, "restore", str(journal), "--target", str(account.target))
        output = "".join(restore.communicate(timeout=TIMEOUT))
    now = account.state()
    lines = [
        f"{key} was {before.get(key)!r}, is {now.get(key)!r}"[:300]
        for key in before.keys() | now.keys()
        if before.get(key) != now.get(key)
    ]
    # What the run, or `restore`, says of the account must be true.
    wrong = {"not as before", "Traceback"} if not lines else {"restored\n", "Traceback"}
    return lines + [f"said: {output[-300:]!r}" for text in wrong if text in output]


def _start(account: Account, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "conformance", *words],
        cwd=account.folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PK_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


if __name__ == "__main__":
    sys.exit(main())

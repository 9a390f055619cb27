"""Runs the suite with many seeds against servers that keep the docs in all ways that they allow, or deviate as production does.

    python -m tests.soundness --seeds 20 [--budget N] [--servers docs upstream earlier-upstream all]

`each` stands for every allowed variation alone. The exit code is 1 unless each run failed exactly what is known of its server:
nothing, but for deviations of production. The rate limits have tests of their own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
from pathlib import Path

from conformance.contract import revisions
from conformance.mutation.forked import Forked
from conformance.reference.variations.registry import VARIATIONS
from tests.conftest import TIMEOUT, running
from tests.run.test_upstream import FAILING

SERVERS = ("docs", "upstream", "earlier-upstream", "all")
EACH = "each"
BAD = ("failed", "error", "inconclusive")


def main() -> int:
    """Print a line for each run that is not as expected, and the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.soundness")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument(
        "--budget", type=int, help="of generated requests; default: as a run has it"
    )
    parser.add_argument(
        "--servers", nargs="+", default=SERVERS, choices=(*SERVERS, EACH, *VARIATIONS)
    )
    options = parser.parse_args()
    servers = [
        name for word in options.servers for name in (VARIATIONS if word == EACH else [word])
    ]
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    wrong = 0
    for server, revision in itertools.product(servers, revisions()):
        expected = FAILING[revision] if server.endswith("upstream") else set()
        with tempfile.TemporaryDirectory() as folder:
            found = [_run(Path(folder), server, revision, seed, options.budget) for seed in seeds]
        alarms = [
            (seed, bad) for seed, bad in zip(seeds, found, strict=True) if set(bad) != expected
        ]
        wrong += len(alarms)
        _print(f"{server} {revision}: {len(found) - len(alarms)} of {len(found)} runs as expected")
        for seed, bad in alarms:
            _print(f"  seed {seed}: {bad}, expected {sorted(expected)}")
    return 1 if wrong else 0


def _run(folder: Path, server: str, revision: str, seed: int, budget: int | None) -> dict[str, str]:
    """Return the requirements of one run that did not pass, with their verdicts."""
    way = ("--like", server) if server in SERVERS[:3] else ("--variation", server)
    place = folder / str(seed)
    place.mkdir()
    with running(place, "--revision", revision, *way) as reference:
        target = ("--target", str(reference.target_file), "--revision", revision)
        limits = ("--budget", str(budget)) if budget is not None else ()
        words = (
            "--report-folder",
            str(place / "reports"),
            "--seed",
            str(seed),
            "-k",
            "not rate_limits",
        )
        run = Forked(["run", *target, *limits, *words], os.environ, place).wait(TIMEOUT)
    reports = list(place.glob("reports/*/*/report.json"))
    if not reports:
        return {run.stdout[-300:] + run.stderr[-300:]: "no report"}
    rows = json.loads(reports[0].read_text("utf-8"))["requirements"]
    return {row["id"]: row["verdict"] for row in rows if row["verdict"] in BAD}


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

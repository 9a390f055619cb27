"""The page of the worst run there can be, made from the log of a real one: every check failed, in many exchanges.

`python -m tests.browser.red_log REPORT_FOLDER` prints how large its log and its page are, and in which time the page is made.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.reporting import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCHANGES = 20_000
LARGEST = 3_000_000  # bytes of a page


def red_log(log: Path, folder: Path) -> Path:
    """Write a log like this one, in which every check failed, with `EXCHANGES` exchanges; return it."""
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    red = folder / "events.jsonl"
    lines = (json.dumps(event) + "\n" for event in _red(events))
    red.write_text("".join(lines), encoding="utf-8")
    return red


def red_page(log: Path) -> tuple[str, float]:
    """Return the page of a log, and the seconds of this process that it took."""
    began = time.process_time()
    page = text_of(log, "html")
    return page, time.process_time() - began


def _red(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    sent = [event for event in events if event["event"] == "exchange"]
    for event in events:
        if event["event"] == "check-finished":
            found = event["evidence"] or next(iter(event["exchanges"][-1:]), None)
            reason = event["reason"] or f"{event['check']}: expected status 200, got status 500"
            event |= {"outcome": "failed", "evidence": found, "reason": reason}
        elif event["event"] == "requirement-judged" and event["checks"]:
            event |= {"verdict": "failed", "reason": event["reason"] or "got status 500"}
        elif event["event"] == "run-finished":
            more = itertools.islice(itertools.cycle(sent), max(EXCHANGES - len(sent), 0))
            yield from ({**one, "id": f"more{number}"} for number, one in enumerate(more))
        yield event


def described(log: Path, page: str, seconds: float) -> str:
    """Return what was measured as one line."""
    size = len(page.encode())
    return f"log of {log.stat().st_size:,} bytes, page of {size:,} bytes, rendered in {seconds:.1f} s of CPU time"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="report folder of a run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = red_log(options.folder / "events.jsonl", Path(folder))
        sys.stdout.write(described(log, *red_page(log)) + "\n")

"""The page of the worst run there can be, made from the log of a real one: every check failed, in many exchanges."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from conformance.reporting import write_reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def red_page(log: Path, folder: Path, *, exchanges: int) -> Path:
    """Return the page of a log in which every check failed, with at least so many exchanges."""
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    red = folder / "events.jsonl"
    lines = (json.dumps(event) + "\n" for event in _red(events, exchanges))
    red.write_text("".join(lines), encoding="utf-8")
    write_reports(red, folder)
    return folder / "index.html"


def _red(events: list[dict[str, Any]], exchanges: int) -> Iterator[dict[str, Any]]:
    sent = [event for event in events if event["event"] == "exchange"]
    for event in events:
        if event["event"] == "check-finished":
            found = event["evidence"] or next(iter(event["exchanges"][-1:]), None)
            reason = event["reason"] or f"{event['check']}: expected status 200, got status 500"
            event |= {"outcome": "failed", "evidence": found, "reason": reason}
        elif event["event"] == "requirement-judged" and event["checks"]:
            event |= {"verdict": "failed", "reason": event["reason"] or "got status 500"}
        elif event["event"] == "run-finished":
            more = itertools.islice(itertools.cycle(sent), max(exchanges - len(sent), 0))
            yield from ({**one, "id": f"more{number}"} for number, one in enumerate(more))
        yield event

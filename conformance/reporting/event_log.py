"""The event log as a file: a writer and a reader.

A log without run-finished is the log of a run that stopped early. The kinds of lines are in `events`, what they add up to is in
`document`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from conformance.reporting.events import FORMAT, KINDS, OUTCOMES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.reporting.events import (
        ChainFound,
        CheckFinished,
        Event,
        Exchange,
        Matrix,
        OperationReached,
        RequirementJudged,
        RunFinished,
        RunStarted,
    )


FILE = "events.jsonl"


class LogError(Exception):
    """The file is not an event log; the message is one line that says why."""


@dataclass(frozen=True)
class Run:
    """A log that was read: exchanges by id, checks by name, judgements by requirement id."""

    started: RunStarted
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    checks: dict[str, CheckFinished] = field(default_factory=dict)
    judged: dict[str, RequirementJudged] = field(default_factory=dict)
    chains: dict[str, ChainFound] = field(default_factory=dict)
    reached: dict[str, OperationReached] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    finished: RunFinished | None = None


class EventLog:
    """Writes events to a new file, one line each, on disk as soon as `append` returns."""

    def __init__(self, path: Path) -> None:
        """Create `path`, and the folders above it; an existing log is overwritten."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self._lock = Lock()

    def append(self, event: Event) -> None:
        """Write one event. Safe to call from several threads."""
        line = json.dumps(event, separators=(",", ":")) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the log itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()


def log_at(path: Path) -> Path:
    """Return the log that a path means: the file itself, or the one in a report folder."""
    return path / FILE if path.is_dir() else path


def read(path: Path) -> Run:
    """Read an event log, also one whose last line was cut off.

    Kinds of events and keys that format 2 does not have are ignored.

    Raises:
        LogError: the file cannot be read or is no event log of format 2.

    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise LogError(message) from error
    try:
        return _run(_events(text.split("\n")))
    except ValueError as error:
        message = f"{path}: not an event log: {error}"
        raise LogError(message) from error


def _events(lines: list[str]) -> Iterator[Any]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            if number == len(lines) > 1:
                return
            message = f"line {number} is not JSON"
            raise ValueError(message) from error
        yield _event(event, number)


def _event(event: object, number: int) -> dict[str, Any]:
    """Return the event with exactly the keys of its kind, or raise ValueError."""
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        message = f"line {number} has no event name"
        raise ValueError(message)  # noqa: TRY004 - one error type for every malformed line
    if event["event"] not in KINDS:
        return {"event": event["event"]}
    kind = KINDS[event["event"]]
    missing = sorted(kind.__required_keys__ - event.keys())
    if missing:
        message = f"line {number} ({event['event']}) lacks {', '.join(missing)}"
        raise ValueError(message)
    outcome, verdict = event.get("outcome", "passed"), event.get("verdict", "passed")
    if outcome not in OUTCOMES or verdict not in VERDICTS:
        message = f"line {number} has an unknown outcome or verdict"
        raise ValueError(message)
    return {key: value for key, value in event.items() if key in kind.__annotations__}


def _run(events: Iterator[Any]) -> Run:
    started = next(events, None)
    if started is None or started["event"] != "run-started":
        message = "it does not begin with run-started"
        raise ValueError(message)
    if started["format"] != FORMAT:
        message = f"format {started['format']}, this version reads format {FORMAT}"
        raise ValueError(message)
    run, finished = Run(started), None
    kinds: dict[str, tuple[dict[str, Any], str]] = {
        "exchange": (run.exchanges, "id"),
        "check-finished": (run.checks, "check"),
        "chain-found": (run.chains, "check"),
        "operation-reached": (run.reached, "operation"),
        "matrix": (run.matrices, "name"),
        "requirement-judged": (run.judged, "requirement"),
    }
    for event in events:
        if event["event"] == "run-finished":
            finished = event
        elif event["event"] in kinds:
            found, name = kinds[event["event"]]
            found[event[name]] = event
    return replace(run, finished=finished)

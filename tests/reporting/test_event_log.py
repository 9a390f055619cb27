"""The event log: written, read, truncated, and distinguished from other files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import EventLog, LogError, read

from .conftest import every_verdict, exchange, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """What the writer appends, the reader returns, hostile text included."""
    path = tmp_path / "deep" / "events.jsonl"
    events: list[Any] = every_verdict()
    with EventLog(path) as log:
        for event in events:
            log.append(event)
    run = read(path)
    parts = [*run.exchanges.values(), *run.checks.values(), *run.judged.values(), run.finished]
    assert [run.started, *parts] == events


def test_an_event_is_on_disk_once_appended(tmp_path: Path) -> None:
    """A reader sees a line while the log is still open."""
    path = tmp_path / "events.jsonl"
    header: Any = started([])
    with EventLog(path) as log:
        log.append(header)
        assert read(path).started == header


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    """Exchanges appended from several threads all arrive whole."""
    path = tmp_path / "events.jsonl"
    events: list[Any] = [exchange(f"e{number}") for number in range(400)]
    header: Any = started([])
    with EventLog(path) as log, ThreadPoolExecutor(8) as pool:
        log.append(header)
        list(pool.map(log.append, events))
    assert len(read(path).exchanges) == len(events)


def test_a_log_without_footer_is_read(write: Write) -> None:
    """A run that stopped has no footer; the rest of it is there."""
    run = read(write([started(["a"]), finished_check("m::c", "passed", ["a"])]))
    assert run.finished is None
    assert list(run.checks) == ["m::c"]


@pytest.mark.parametrize("kept", [1, 20, -2])
def test_a_truncated_last_line_is_left_out(write: Write, kept: int) -> None:
    """A last line that was truncated while it was written is ignored."""
    path = write([started(["a"]), exchange("e1"), finished()])
    *whole, last = path.read_text().splitlines()
    path.write_text("\n".join([*whole, last[:kept]]))
    run = read(path)
    assert list(run.exchanges) == ["e1"]
    assert run.finished is None


def test_unknown_kinds_and_keys_are_ignored(write: Write) -> None:
    """A log may have events and keys that format 2 does not have."""
    run = read(write([started([]), {"event": "weather"}, finished() | {"mood": "fine"}]))
    assert run.finished == finished()


def _without(event: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != key}


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([], "does not begin with run-started"),
        ([finished()], "does not begin with run-started"),
        ([started([], format=3)], "format 3"),
        ([{"hello": 1}], "line 1 has no event name"),
        ([["event"]], "line 1 has no event name"),
        ([started([]), _without(finished(), "exit_code")], r"line 2 \(run-finished\) lacks exit_c"),
        ([started([]), finished_check("c", "fine", [])], "line 2 has an unknown outcome"),
        ([started([]), judged("a", "fine", [])], "line 2 has an unknown outcome or verdict"),
    ],
)
def test_other_files_are_rejected(write: Write, events: list[Any], message: str) -> None:
    """A file that is no event log gives one line that says why."""
    with pytest.raises(LogError, match=message) as caught:
        read(write(events))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x89PNG\n\n", b"<html>", b"{}\nnot json\n{}\n"])
def test_files_that_are_not_json_are_rejected(tmp_path: Path, content: bytes) -> None:
    """Binary files, HTML and invalid lines are rejected."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    with pytest.raises(LogError, match="not an event log"):
        read(path)


def test_an_invalid_line_in_the_middle_is_rejected(write: Write) -> None:
    """Only the last line may be truncated."""
    path = write([started([]), finished()])
    path.write_text(path.read_text().replace('{"event": "run-finished"', "{oops", 1) + "{}\n")
    with pytest.raises(LogError, match="line 2 is not JSON"):
        read(path)


def test_a_missing_file_is_a_log_error(tmp_path: Path) -> None:
    """A path that does not exist is a LogError, too."""
    with pytest.raises(LogError, match="No such file"):
        read(tmp_path / "events.jsonl")

"""Every format is a replay of the log: the same from the same log, and of equal runs the same but for times and names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from conformance.reporting import text_of, write_reports
from conformance.reporting.formats import FORMATS

from .conftest import every_verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Checks, Run, StartReference

    from .conftest import Event

# Times, durations, and addresses of the two servers.
VARYING = re.compile(
    r"\d{4}-\d\d-\d\d(T|, )[\d:.]+(Z|[+-][\d:]+)?|\d+ [A-Z][a-z]+ \d{4}, [\d:]+|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT"
    r'|<figure class="traffic">.*?</figure>|(?s:"traffic": \[.*)'
    r"|(?<=127\.0\.0\.1:)\d+|(?<=127\.0\.0\.1&#58;)\d+|\b\d+\.\d+( ms| s)?\b|/[\w./-]*target\.toml"
)
CUTS = [0, 1, 7, 400]  # bytes that are missing at the end


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_from_the_same_log(
    write: Callable[[list[Event]], Path], tmp_path: Path, name: str
) -> None:
    """Made twice, printed or written, a format is the same byte for byte."""
    log = write(every_verdict())
    text = text_of(log, name)
    assert text == text_of(log, name)
    write_reports(log, tmp_path / "into", [name])
    [file] = (tmp_path / "into").iterdir()
    assert file.name == FORMATS[name].file
    assert file.read_bytes() == text.encode("utf-8", "backslashreplace")


def test_equal_runs_differ_in_times_and_names(
    run_suite: Run, start_reference: StartReference, checks: Checks, tmp_path: Path
) -> None:
    """Two runs against two servers with the same fault give the same reports but for times and addresses, in every format."""
    logs = []
    for name in ("one", "two"):
        with start_reference("--fault", "delete_switch_returns_200") as server:
            words = ("--target", str(server.target_file), "--name", name)
            run = run_suite(*words, checks("switches/deletion"), checks("user_agent/user_agent"))
        assert run.returncode == 1, run.stdout + run.stderr
        logs.append(tmp_path / "reports" / name / "2025-08" / "events.jsonl")
    for name in FORMATS:
        texts = [text_of(log, name) for log in logs]
        assert texts[0] != texts[1] or name == "badge"
        one, two = (VARYING.sub("T", text).replace("two", "one").splitlines() for text in texts)
        assert one == two, name


@pytest.mark.parametrize("missing", CUTS)
def test_a_truncated_log_is_incomplete(write: Callable[[list[Event]], Path], missing: int) -> None:
    """A log without its end, also one that ends within a line, is called incomplete in every format."""
    log = write(every_verdict()[:-1])
    log.write_bytes(log.read_bytes()[: -missing or None])
    for name in FORMATS:
        assert "incomplete" in text_of(log, name), name
    document = json.loads(text_of(log, "json"))
    assert document["status"] == "incomplete"

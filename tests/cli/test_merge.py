"""`merge`: parts of a run as one report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.__main__ import main
from conformance.reporting import LogError, read
from conformance.reporting.events import VERDICTS
from conformance.reporting.merging import SHOWN, described, merge, names
from tests.reporting.conftest import exchange, finished, finished_check, judged, started
from tests.run.test_runs import schema_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.reporting import Run
    from tests.conftest import Checks, StartReference
    from tests.conftest import Run as RunSuite

    Event = dict[str, Any]

FAULT = "delete_switch_returns_200"


def document(folder: Path) -> dict[str, Any]:
    """Return the content of report.json in a folder."""
    content: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return content


def test_parts_of_a_real_run(
    run_suite: RunSuite,
    start_reference: StartReference,
    checks: Checks,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two modules that ran apart, one of them twice, give the report of both together, with gaps and overlaps named."""
    modules = ("switches/deletion", "user_agent/user_agent")
    folders = {}
    with start_reference("--fault", FAULT) as server:
        chosen = {"one": modules[:1], "two": modules, "three": modules[1:]}
        for name, some in chosen.items():
            run_suite("--target", str(server.target_file), *map(checks, some))
            made = tmp_path / "reports" / "reference" / "2025-08"
            folders[name] = made.rename(tmp_path / name)
    capsys.readouterr()
    into = tmp_path / "merged"
    parts = [str(folders["one"]), str(folders["three"])]
    assert main(["merge", *parts, "--into", str(into)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("2 parts\ngaps: no part judged ")
    assert "overlaps" not in printed
    merged, whole = document(into), document(folders["two"])
    assert schema_errors(merged) == []
    for key in ("status", "counts", "checks", "headline", "exit_code"):
        assert merged[key] == whole[key]
    assert merged["selection"].startswith("judged by none of 2 parts: ")
    assert main(["merge", *parts, str(folders["two"]), "--into", str(into)]) == 1
    assert "overlaps: more than one part carried out " in capsys.readouterr().out
    assert document(into)["counts"] == whole["counts"]
    for bad in (folders["one"], into):
        assert main(["merge", str(bad), "--into", str(bad)]) == 4
        assert "would be replaced" in capsys.readouterr().err


@pytest.fixture
def part(tmp_path: Path) -> Callable[..., Run]:
    """Return a function that reads the log of a part whose checks, named like their requirements, had these outcomes."""

    def make(outcomes: dict[str, str], *others: Event, **header: object) -> Run:
        checks = [
            finished_check(f"m::{name}", outcome, [name], exchanges=["e1"], evidence="e1")
            for name, outcome in outcomes.items()
        ]
        rows = [judged(name, outcome, [f"m::{name}"]) for name, outcome in outcomes.items()]
        events = [started(["a", "b", "c"], **header), exchange("e1"), *checks, *rows]
        file = tmp_path / "events.jsonl"
        lines = [json.dumps(event) for event in [*events, *others, finished(1)]]
        file.write_text("\n".join(lines))
        return read(file)

    return make


EXPECTED = {f"m::{name}": [name] for name in "abc"}


def events_of(found: list[Event], kind: str) -> dict[str, Event]:
    """Return the events of one kind by the name that comes first in them."""
    return {
        str(row.get("check") or row.get("requirement")): row
        for row in found
        if row["event"] == kind
    }


def test_the_worst_wins(part: Callable[..., Run]) -> None:
    """Of outcomes that contradict each other the worst one counts, and that is said."""
    parts = {
        "x": part({"a": "passed", "b": "not-applicable"}),
        "y": part({"a": "failed", "b": "passed"}),
    }
    merged = merge(parts, EXPECTED, lambda counts: int(bool(counts.get("failed"))))
    verdicts = {
        name: row["verdict"] for name, row in events_of(merged.events, "requirement-judged").items()
    }
    assert verdicts == {"a": "failed", "b": "passed"}
    assert (merged.gaps, merged.partly) == (["c"], [])
    assert merged.overlaps == merged.contradictions == ["m::a", "m::b"]
    checks = events_of(merged.events, "check-finished")
    assert checks["m::a"]["evidence"] == "p2-e1"
    footer = merged.events[-1]
    assert (footer["partial"], footer["exit_code"]) == (True, 1)
    assert footer["requests"] == 2 * 812
    lines = list(described(merged, 2))
    assert lines[1] == "gaps: no part judged c"
    assert lines[-1] == "contradictions, of which the worst outcome counts: m::a, m::b"


def test_what_another_part_reached(part: Callable[..., Run]) -> None:
    """What one part did not reach is settled by one that did, and stays untested otherwise."""
    unreached = [
        judged(name, "untested", [f"m::{name}"], reason="not reached: --max-time is over")
        for name in "bc"
    ]
    parts = {"x": part({"a": "passed"}, *unreached), "y": part({"b": "passed"})}
    merged = merge(parts, EXPECTED, lambda _: 0)
    rows = events_of(merged.events, "requirement-judged")
    assert (rows["b"]["verdict"], rows["c"]["verdict"]) == ("passed", "untested")
    assert (merged.gaps, merged.partly) == ([], ["c"])
    assert "gaps: no part carried out some checks of c" in described(merged, 2)


def test_generated_requests_are_added_up(part: Callable[..., Run]) -> None:
    """What generated requests reached is added up, and a chain stays with the check that it is of."""
    reach = {
        "event": "operation-reached",
        "operation": "getMember",
        "statuses": {"2xx": 2},
        "keys": 3,
        "keys_sent": ["name"],
        "at_bounds": [],
    }
    chain = {"event": "chain-found", "check": "m::a", "exchanges": ["e1"], "test": "True"}
    parts = {
        "x": part({"a": "passed"}, reach),
        "y": part({"a": "failed"}, chain, {**reach, "keys_sent": ["name", "color"]}),
    }
    merged = merge(parts, {}, lambda _: 1)
    [reached] = [row for row in merged.events if row["event"] == "operation-reached"]
    assert (reached["statuses"], reached["keys_sent"]) == ({"2xx": 4}, ["name", "color"])
    assert events_of(merged.events, "chain-found")["m::a"]["exchanges"] == ["p2-e1"]
    assert merged.events[-1]["partial"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": {"name": "other", "base_url": "http://x/v2"}}, "its target is other at http"),
        ({"revision": "2021-11"}, "its revision is 2021-11"),
        ({"suite": {"name": "s", "version": "9"}}, "its version of the suite is 9"),
        ({"profile": "read-only"}, "its profile is read-only"),
    ],
)
def test_parts_of_other_runs(
    part: Callable[..., Run], change: dict[str, Any], message: str
) -> None:
    """Parts of another target, revision, version or profile are rejected in one line."""
    parts = {"x": part({"a": "passed"}), "y": part({"a": "passed"}, **change)}
    with pytest.raises(LogError, match="y is no part of the same run") as problem:
        merge(parts, {}, lambda _: 0)
    assert message in str(problem.value)


def test_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No log, one without an end, an unknown revision and a folder that cannot be written are one line each."""
    log = tmp_path / "events.jsonl"
    into = str(tmp_path / "into")
    events = [started([]), finished(0)]

    def error_of(lines: list[Event], folder: str = into) -> str:
        log.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert main(["merge", str(log), "--into", folder]) == 4
        [line] = capsys.readouterr().err.splitlines()
        return line

    assert main(["merge", str(tmp_path / "none"), "--into", into]) == 4
    assert capsys.readouterr().err.startswith("error: ")
    assert "it has no end" in error_of(events[:1])
    assert "1999-01" in error_of([started([], revision="1999-01"), finished(0)])
    assert error_of(events, str(log / "below")).startswith("error: cannot write ")


def test_many_names_are_counted() -> None:
    """A text names some, and counts the others."""
    assert names(VERDICTS[:2]) == "error, failed"
    assert names(["x"] * (SHOWN + 3)).endswith("x and 3 more")

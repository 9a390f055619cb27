"""What a run found as lines for a terminal."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import read
from conformance.reporting.document import report
from conformance.reporting.terminal import ROOM, WIDTH, findings, named, ranked
from conformance.reporting.weight import HARMS

from .conftest import HOSTILE, every_verdict, exchange, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def lines(path: Path, *, full: bool = False) -> list[str]:
    """Return what is printed for a log."""
    return [line.text for line in findings(report(read(path)), full=full)]


def failures(harms: list[str], reason: str = "it failed", **header: object) -> list[dict[str, Any]]:
    """Return a run in which one requirement for each of these harms failed, each for a cause of its own."""
    ids = [f"r{number}" for number in range(len(harms))]
    first = started(ids, **header)
    for row, harm in zip(first["requirements"], harms, strict=True):
        row["harm"] = harm
    return [
        first,
        *(exchange(f"e{name}") for name in ids),
        *(
            finished_check(f"m::{name}", "failed", [name], evidence=f"e{name}", reason=reason)
            for name in ids
        ),
        *(judged(name, "failed", [f"m::{name}"], reason=reason) for name in ids),
        finished(1),
    ]


def test_the_worst_comes_last(write: Write) -> None:
    """What does most harm stands next to the prompt, and then the line that runs it again."""
    found = lines(write(failures(["status", "access", "form", "loss"])))
    heads = [line.split()[1] for line in found if line.startswith("FAILED ")]
    assert heads == ["r2", "r0", "r3", "r1"]
    assert found[-3] == "to run the last one again, with the tokens in PK_TOKEN and PK_OTHER_TOKEN:"
    assert found[-1].endswith("--requirement r1")


def test_a_long_line_is_continued(write: Write) -> None:
    """The line to run again is what the run was given, over several lines of a shell where it is long."""
    words = [
        "--target",
        f"{'a b/' * 20}t.toml",
        "--name",
        "mine",
        "--proxy",
        "http://p/" + "x" * 70,
    ]
    found = lines(write(failures(["loss"], repetition=words)))
    start = found.index("to run it again:")
    command = "\n".join(found[start + 1 :])
    assert "\\\n" in command
    assert shlex.split(command.replace("\\\n", " "))[4:] == [*words, "--requirement", "r0"]


@pytest.mark.parametrize("number", [1, 30, 41, 344])
@pytest.mark.parametrize("reason", ["short", "word " * 200, HOSTILE * 20, "x" * 5000])
def test_there_is_room_for_any_number(write: Write, number: int, reason: str) -> None:
    """However much failed, and whatever a server sent: few lines that are not long, and a count of those left out."""
    found = lines(write(failures([HARMS[n % 4] for n in range(number)], reason)))
    assert len(found) <= ROOM + 4
    assert max(map(len, found)) <= WIDTH
    assert all(line.isprintable() for line in found)
    shown = sum(line.startswith("FAILED ") for line in found)
    left = [line for line in found if "further requirement" in line]
    assert shown == min(number, 40)
    counted = {344: "304 further requirements", 41: "1 further requirement"}.get(number)
    assert left == ([f"{counted} violated: see the report"] if counted else [])


def test_every_verdict(write: Write) -> None:
    """What passed is not there; all else is, violations last, what is open before."""
    found = lines(write(every_verdict()))
    heads = [line.split()[0] for line in found if line.partition(" ")[0].isupper()]
    assert heads == ["WARNED", "UNTESTED", "INCONCLUSIVE", "KNOWN", "FAILED", "ERROR"]
    assert "KNOWN known: Soon <b> (https://example.org/7, until 2027-03-01)" in found


def test_in_full(write: Write) -> None:
    """In full the checks stand with their names, and the request as a curl line; a long body is cut, and nothing is obeyed."""
    events = failures(["loss"], "x" * 5000)
    events[1]["request"]["body"] = '"' + "y" * 5000 + '"'
    found = lines(write(events), full=True)
    [reason] = [line for line in found if line.startswith("    m::r0: xxx")]
    [sent] = [line for line in found if line.startswith("    sent as owner: curl ")]
    assert len(reason) < 600
    assert len(sent) < 600
    assert all(line.isprintable() for line in lines(write(every_verdict()), full=True))


def test_checks_are_counted(write: Write) -> None:
    """Several checks of one requirement are counted, in the plural where there are some."""
    names = [f"m::c{n}" for n in range(4)]
    checks = [finished_check(name, "failed", ["a"]) for name in names]
    path = write([started(["a"]), *checks, judged("a", "failed", names), finished(1)])
    assert "  because it failed (4 checks)" in lines(path)
    assert "    and 1 more check" in lines(path, full=True)


def test_many_of_one_verdict(write: Write) -> None:
    """What could not be judged is listed by name once it is more than a few."""
    ids = [f"u{n}" for n in range(30)]
    checks = [finished_check(f"m::{one}", "untested", [one]) for one in ids]
    rows = [judged(one, "untested", [f"m::{one}"]) for one in ids]
    [line] = lines(write([started(ids), *checks, *rows, finished(5)]))
    assert line.startswith("30 requirements are untested: u0, u1, ")
    assert line.endswith(" ...")
    known = {"reason": "r", "link": "https://example.org", "expires": "2027-01-01"}
    rows = [judged(one, "known", [f"m::{one}"], known_failure=known) for one in ids]
    checks = [finished_check(f"m::{one}", "failed", [one]) for one in ids]
    found = lines(write([started(ids), *checks, *rows, finished(0)]))
    assert len(found) == 4
    assert found[-1].startswith("27 requirements are known: ")


def test_same_cause_is_said(write: Write) -> None:
    """A requirement that failed for the same cause as another says so in one line."""
    checks = [finished_check(f"m::{one}", "failed", [one], evidence="e1") for one in "ab"]
    rows = [judged(one, "failed", [f"m::{one}"]) for one in "ab"]
    found = lines(write([started(["a", "b"]), exchange("e1"), *checks, *rows, finished(1)]))
    assert "FAILED b: same cause as a" in found


def test_one_line() -> None:
    """A finding in one line fits into it, and shows what a terminal would obey."""
    assert named("failed", "a", "b\x1b[2J") == "FAILED a: b\\x1b[2J"
    assert len(named("error", "a", "b" * 500)) == WIDTH - 2
    assert ranked({"passed": 3, "failed": 1}) == "1 failed, 3 passed"

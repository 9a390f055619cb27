"""junit.xml: elements, totals, and text that XML can hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from xmlschema import XMLSchema10

from conformance.reporting import read
from conformance.reporting.document import report
from conformance.reporting.junit import junit

from .conftest import ENTRY, every_verdict, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[list[dict[str, Any]]], Path]

SCHEMA = XMLSchema10(Path(__file__).with_name("junit-10.xsd"))


def _parse(path: Path) -> ET.Element:
    return ET.fromstring(junit(read(path), "a headline"))  # noqa: S314 - our own document


def test_elements_and_totals(write: Write) -> None:
    """One testcase a check, each outcome in its element, and totals that agree."""
    root = _parse(write(every_verdict()))
    elements = Counter(child.tag for case in root.iter("testcase") for child in case)
    assert elements == {"failure": 1, "error": 1, "skipped": 5, "system-out": 1}
    assert root[0].get("skipped") == "5"
    for element in (root, root[0]):
        totals = {key: element.get(key) for key in ("tests", "failures", "errors")}
        assert totals == {"tests": "9", "failures": "1", "errors": "1"}
        assert element.get("time") == "13.500"
    assert {case.get("time") for case in root.iter("testcase")} == {"1.500"}


@pytest.mark.parametrize("events", [every_verdict(), every_verdict()[:-1], [started([])]])
def test_follows_the_published_schema(write: Write, events: list[dict[str, Any]]) -> None:
    """The document is valid by the schema of Jenkins' xUnit plugin, whatever a server sent and wherever the log ends."""
    run = read(write(events))
    made = report(run)
    SCHEMA.validate(junit(run, made["headline"], made["stopped"]))


def test_incomplete_log_is_an_error(write: Write) -> None:
    """A log without an end is an error beside what its checks found, and a whole one is not."""
    path = write([started(["a"]), finished_check("m::c", "passed", ["a"])])
    run = read(path)
    made = report(run)
    root = ET.fromstring(junit(run, made["headline"], made["stopped"]))  # noqa: S314 - our own document
    [error] = root.iter("error")
    assert (error.get("message") or "").startswith("incomplete: the run stopped before its end")
    assert (root.get("tests"), root.get("errors")) == ("2", "1")


def test_names(write: Write) -> None:
    """The module is the classname, the rest the name; a check without module has one anyway."""
    names = ["patch::check_color[a::b]", "lonely"]
    path = write([started([]), *(finished_check(name, "passed", []) for name in names)])
    cases = [(case.get("classname"), case.get("name")) for case in _parse(path).iter("testcase")]
    assert cases == [("patch", "check_color[a::b]"), ("checks", "lonely")]


def test_failure_says_what_is_needed(write: Write) -> None:
    """A failure carries requirement, expected, actual and the curl line, without forbidden text."""
    failure = _parse(write(every_verdict())).find(".//failure")
    assert failure is not None
    assert failure.text is not None
    for shown in ("requirement: failed", "expected: null", "actual: <script>", "curl -X PATCH"):
        assert shown in failure.text
    assert "<script>" in (failure.get("message") or "")


def test_known_failures_are_skipped(write: Write) -> None:
    """A failure of nothing but known failures is skipped, with what the file says; one beside another violation is not."""
    rows = [
        judged("a", "known", ["m::c"], known_failure=ENTRY),
        judged("b", "warned", ["m::c"]),
    ]
    check = finished_check("m::c", "failed", ["a", "b"])
    [skipped] = _parse(write([started(["a", "b"]), check, *rows])).iter("skipped")
    assert skipped.get("message") == (
        "known failure: Soon <b> (https://example.org/7, until 2027-03-01): it failed"
    )
    rows[1] = judged("b", "failed", ["m::c"])
    assert _parse(write([started(["a", "b"]), check, *rows])).get("failures") == "1"


def test_failures_of_incomplete_logs(write: Write) -> None:
    """A failure counts although its requirement was not judged."""
    path = write([started(["a"]), finished_check("m::c", "failed", ["a"])])
    assert _parse(path).get("failures") == "1"

"""The content of report.json: schema, headline, what is kept and what is derived."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from conformance.reporting import read
from conformance.reporting.document import report
from conformance.reporting.events import OUTCOMES, VERDICTS

from .conftest import ENTRY, every_verdict, exchange, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]
    Make = Callable[[list[dict[str, Any]]], dict[str, Any]]

SCHEMA = json.loads(files("conformance.reporting").joinpath("report.schema.json").read_text())
OUTDATED = {"requirement": "a", "problem": "passed", "message": "a is passed: remove its entry"}
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def valid_report(write: Write) -> Make:
    """Return a function from events to a report that was checked against the schema."""

    def make(events: list[dict[str, Any]]) -> dict[str, Any]:
        document = report(read(write(events)))
        VALIDATOR.validate(document)
        return document

    return make


def test_the_schema_is_a_schema() -> None:
    """report.schema.json is itself valid, and names every verdict and outcome."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["verdict"]["enum"] == list(VERDICTS)
    assert SCHEMA["$defs"]["outcome"]["enum"] == list(OUTCOMES)


@pytest.mark.parametrize("path", [[], ["target"], ["requirements", 0], ["exchanges", "e8"]])
def test_the_schema_is_strict(valid_report: Make, path: list[Any]) -> None:
    """A key too many or too few is rejected at every level."""
    document = place = valid_report(every_verdict())
    for step in path:
        place = place[step]
    place["extra"] = 1
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)
    del place["extra"]
    place.popitem()
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict(valid_report: Make, verdict: str) -> None:
    """Each verdict reaches the requirement and the counts."""
    document = valid_report([started(["a"]), judged("a", verdict, []), finished()])
    assert document["requirements"][0]["verdict"] == verdict
    assert document["counts"] == dict.fromkeys(VERDICTS, 0) | {verdict: 1}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome(valid_report: Make, outcome: str) -> None:
    """Each outcome reaches the requirement's check and the totals."""
    check = finished_check("m::c", outcome, ["a"])
    document = valid_report([started(["a"]), check, judged("a", "passed", ["m::c"]), finished()])
    assert document["requirements"][0]["checks"][0]["outcome"] == outcome
    assert document["checks"][outcome] == 1


@pytest.mark.parametrize(
    ("verdicts", "footer", "headline"),
    [
        (["passed"] * 3, finished(), "conformant: 3 of 3 requirements passed"),
        (
            ["passed", "warned", "not-applicable"],
            finished(),
            "conformant: 1 of 3 requirements passed, 1 warned, 1 not applicable",
        ),
        (["failed"], finished(1), "not conformant: 1 requirement violated"),
        (
            ["passed", "known", "warned"],
            finished(),
            "conformant: 1 of 3 requirements passed, 1 known failure, 1 warned",
        ),
        (
            ["failed", "known", "known"],
            finished(1),
            "not conformant: 1 requirement violated, 2 known failures",
        ),
        (
            ["known"],
            finished(1),
            "not conformant: a check failed, no requirement is violated, 1 known failure",
        ),
        (
            ["passed"],
            finished(1, outdated=[OUTDATED]),
            "not conformant: 1 entry of the known failures is out of date",
        ),
        (
            ["failed", "passed"],
            finished(1, outdated=[OUTDATED, OUTDATED | {"problem": "expired"}]),
            "not conformant: 1 requirement violated, 2 entries of the known failures are out of date",
        ),
        (["failed", "failed"], finished(0), "not conformant: 2 requirements violated"),
        (
            ["passed"],
            finished(1),
            "not conformant: a check failed, no requirement is violated",
        ),
        (
            ["error", "failed"],
            finished(3),
            "suite error: 1 requirement could not be judged, 1 requirement violated",
        ),
        (["passed"], finished(3), "suite error: an error outside the checks"),
        (
            ["passed", "failed"],
            finished(2, interrupted=True),
            "interrupted: 1 of 2 requirements passed, 1 requirement violated before the stop",
        ),
        (["untested"], finished(4), "incomplete: the run ended before its first check"),
        (
            ["passed", "untested"],
            finished(5),
            "incomplete: 1 of 2 requirements passed, 1 untested",
        ),
    ],
)
def test_headline(
    valid_report: Make, verdicts: list[str], footer: dict[str, Any], headline: str
) -> None:
    """The headline says how the run ended, and never calls a target conformant that violates a requirement."""
    ids = [f"r{number}" for number in range(len(verdicts))]
    judgements = [judged(i, v, ["m::c"]) for i, v in zip(ids, verdicts, strict=True)]
    events = [finished_check("m::c", "passed", ids), *judgements, footer]
    assert valid_report([started(ids), *events])["headline"] == headline
    footer.update(partial=True, selection="-k x")
    narrowed = valid_report([started(ids), *events])
    assert narrowed["headline"] == f"partial: {headline}"


def test_known_failures(valid_report: Make) -> None:
    """The entry of a known failure stands at its requirement, an outdated one in a list; older logs have neither."""
    check = finished_check("m::c", "failed", ["a"])
    row = judged("a", "known", ["m::c"], known_failure=ENTRY)
    document = valid_report([started(["a"]), check, row, finished(1, outdated=[OUTDATED])])
    [requirement] = document["requirements"]
    assert (requirement["verdict"], requirement["known_failure"]) == ("known", ENTRY)
    assert document["outdated"] == [OUTDATED]
    older = valid_report([started(["a"]), check, judged("a", "failed", ["m::c"]), finished(1)])
    assert (older["requirements"][0]["known_failure"], older["outdated"]) == (None, [])


def test_a_run_without_checks_is_incomplete(valid_report: Make) -> None:
    """A run in which nothing ran says so."""
    document = valid_report([started(["a"]), judged("a", "untested", []), finished(5)])
    assert document["headline"] == "incomplete: nothing ran"


def test_an_incomplete_log(valid_report: Make) -> None:
    """Without footer nothing is passed, and what failed until then is shown."""
    checks = [finished_check(f"m::{o}", o, [o]) for o in ("passed", "failed", "error", "warned")]
    document = valid_report(
        [started(["passed", "failed", "error", "warned", "unseen"]), exchange("e1"), *checks]
    )
    assert document["headline"] == "incomplete: the run stopped before its end"
    assert (document["complete"], document["exit_code"]) == (False, None)
    assert document["requests"]["total"] == 1
    verdicts = [requirement["verdict"] for requirement in document["requirements"]]
    assert verdicts == ["untested", "failed", "error", "untested", "untested"]


def test_kept_exchanges(valid_report: Make) -> None:
    """Only the evidence and what led to it are kept: of ten PATCHes of a member those before the judged one."""
    document = valid_report(every_verdict())
    assert list(document["exchanges"]) == [f"e{number}" for number in range(9)]
    check = next(r for r in document["requirements"] if r["id"] == "failed")["checks"][0]
    assert (len(check["before"]), check["evidence"]) == (8, "e8")


def test_passed_checks_keep_no_exchanges(valid_report: Make) -> None:
    """A passed check may name evidence; the report does not carry it."""
    check = finished_check("m::c", "passed", ["a"], exchanges=["e1"], evidence="e1")
    events = [started(["a"]), exchange("e1"), check, judged("a", "passed", ["m::c"]), finished()]
    assert valid_report(events)["exchanges"] == {}


def test_a_connection_that_failed(valid_report: Make) -> None:
    """An exchange without response is valid and keeps its error."""
    lost = exchange("e1", status=None, response=None, error="connection reset")
    check = finished_check("m::c", "inconclusive", ["a"], exchanges=["e1"], evidence="e1")
    events = [started(["a"]), lost, check, judged("a", "inconclusive", ["m::c"]), finished(5)]
    assert valid_report(events)["exchanges"]["e1"]["error"] == "connection reset"


def test_a_judged_check_that_did_not_run(valid_report: Make) -> None:
    """A check that a judgement names but the log lacks is untested."""
    document = valid_report([started(["a"]), judged("a", "untested", ["m::gone"]), finished(5)])
    check = document["requirements"][0]["checks"][0]
    assert (check["outcome"], check["reason"]) == ("untested", "did not run")

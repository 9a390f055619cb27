"""Events to build a log from, and a log of a small run that has every outcome."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting.events import OUTCOMES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Event = dict[str, Any]
DOCS = "https://pluralkit.me/api/reference#api-reference"
ENTRY = {"reason": "Soon <b>", "link": "https://example.org/7", "expires": "2027-03-01"}
HOSTILE = "<script>alert('x')</script> it's \"quoted\"\nsecond line \x00\x0b\ud800 \u2028"


def started(requirements: list[str], **changes: object) -> Event:
    """Return a header whose requirements have these ids."""
    return {
        "event": "run-started",
        "format": 2,
        "profile": "full",
        "effort": "standard",
        "undeclared": [],
        "suite": {"name": "pluralkit-conformance", "version": "0.1.0"},
        "target": {"name": "reference", "base_url": "http://127.0.0.1:8000/v2"},
        "revision": "2025-08",
        "seed": 7,
        "started": "2026-11-23T12:00:00Z",
        "requirements": [
            {
                "id": identifier,
                "text": f"The requirement of <{identifier}>.",
                "level": "must",
                "page": "reference",
                "section": "api-reference",
                "url": DOCS,
                "area": "Null, PATCH, POST",
                "observed": ["The value goes."],
            }
            for identifier in requirements
        ],
    } | changes


def exchange(identifier: str, **changes: object) -> Event:
    """Return a PATCH that returned 200."""
    return {
        "event": "exchange",
        "id": identifier,
        "check": "patch::check_color",
        "caller": "owner",
        "operation": "updateMember",
        "method": "PATCH",
        "url": "http://127.0.0.1:8000/v2/members/abcde",
        "request": {
            "headers": {
                "Host": "127.0.0.1",
                "Authorization": "$PK_TOKEN",
                "Content-Type": "application/json",
            },
            "body": '{"color": null}',
        },
        "status": 200,
        "response": {"headers": {"Content-Type": "application/json"}, "body": '{"color":"ff0000"}'},
        "milliseconds": 1.4,
        "error": None,
    } | changes


def finished_check(name: str, outcome: str, requirements: list[str], **changes: object) -> Event:
    """Return the end of a check without exchanges."""
    return {
        "event": "check-finished",
        "check": name,
        "description": "A null clears the key.",
        "requirements": requirements,
        "outcome": outcome,
        "reason": "" if outcome == "passed" else f"it {outcome}",
        "expected": None,
        "actual": None,
        "exchanges": [],
        "evidence": None,
        "milliseconds": 1500,
    } | changes


def judged(identifier: str, verdict: str, checks: list[str], **changes: object) -> Event:
    """Return the judgement of one requirement."""
    return {
        "event": "requirement-judged",
        "requirement": identifier,
        "verdict": verdict,
        "reason": "" if verdict == "passed" else f"because it {verdict}",
        "checks": checks,
    } | changes


def finished(exit_code: int = 0, **changes: object) -> Event:
    """Return the footer."""
    return {
        "event": "run-finished",
        "partial": False,
        "selection": "",
        "finished": "2026-11-23T12:00:12Z",
        "seconds": 12.3,
        "requests": 812,
        "by_scope": {"generic_get": 500, "generic_update": 312},
        "interrupted": False,
        "exit_code": exit_code,
        "left_over": [],
    } | changes


def every_verdict() -> list[Event]:
    """Return a finished run with one requirement a verdict and one check an outcome, and another that is known to fail.

    The failed check has ten exchanges with hostile bodies; the last but one is the evidence.
    """
    ids = [f"e{number}" for number in range(10)]
    checks = [
        finished_check(f"patch::check_{o}[member.color]", o, [o]) for o in OUTCOMES if o != "failed"
    ]
    checks.append(
        finished_check(
            "patch::check_failed[member.color]",
            "failed",
            ["failed"],
            reason=HOSTILE,
            expected="null",
            actual=HOSTILE,
            exchanges=ids,
            evidence="e8",
        )
    )
    checks.append(finished_check("patch::check_known[member.name]", "failed", ["known"]))
    names = {check["requirements"][0]: check["check"] for check in checks}
    body = {"headers": {"X-Note": HOSTILE}, "body": HOSTILE}
    return [
        started(list(VERDICTS)),
        *(exchange(identifier, response=body) for identifier in ids),
        *checks,
        *(
            judged(v, v, [names[v]], known_failure=ENTRY if v == "known" else None)
            for v in VERDICTS
        ),
        finished(1),
    ]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[list[Event]], Path]:
    """Return a function that writes events to a log and returns its path."""

    def write_log(events: list[Event]) -> Path:
        path = tmp_path / "events.jsonl"
        path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        return path

    return write_log

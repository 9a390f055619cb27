"""What the recorders of a run leave to the checks that look at all of its responses."""

from __future__ import annotations

import itertools
import json
from typing import Any

from conformance.contract import load
from conformance.http.exchange import Exchange
from conformance.scenarios.rejections import Rejections
from conformance.scenarios.responses import Responses
from conformance.scenarios.server_errors import ServerErrors

CONTRACT = load("2025-08")
NUMBERS = itertools.count()


def exchange(
    operation: str,
    status: int,
    body: object = None,
    sent: dict[str, Any] | None = None,
    media_type: str = "application/json",
    **refs: str,
) -> Exchange:
    """Return an exchange of an operation, with what was sent and received."""
    found = CONTRACT.operations[operation]
    return Exchange(
        id=f"e{next(NUMBERS)}",
        caller="owner",
        operation=found,
        method=found.method,
        url=f"http://127.0.0.1/v2{found.path.format(**refs)}"
        if refs
        else f"http://127.0.0.1/v2{found.path}",
        request_headers={"user-agent": "tests"},
        request_body=None if sent is None else json.dumps(sent),
        status=status,
        headers={"content-type": media_type},
        text=json.dumps(body),
        milliseconds=1.0,
    )


def test_another_container_of_a_failed_check_is_passed_over() -> None:
    """A success that a check failed with says nothing about the container of the operation; the next one does."""
    responses = Responses()
    rejected, odd = (exchange("getSystemMembers", 200, {}) for _ in range(2))
    responses.see(rejected)
    responses.failed.add(rejected.id)
    assert responses.first_odd("getSystemMembers") is None
    responses.see(odd)
    assert responses.first_odd("getSystemMembers") is odd


def test_server_errors_with_a_reported_value_are_reported() -> None:
    """Of an operation that failed at a value, what sent that value too is no news; what sent others is."""
    errors = ServerErrors()
    first = exchange("updateMember", 500, sent={"color": "x"})
    again = exchange("updateMember", 500, sent={"color": "x", "name": "a"})
    other = exchange("updateMember", 500, sent={"color": "y"})
    elsewhere = exchange("updateGroup", 500, sent={"color": "x"})
    for one in (first, again, other, elsewhere):
        errors.see(one)
    errors.report(first)
    assert errors.unreported("updateMember") == [other]
    assert errors.unreported("updateGroup") == [elsewhere]
    assert not errors.is_new(again)


def test_a_ref_that_names_nothing_is_kept_beside_a_malformed_one() -> None:
    """Both got a problem document with the same status; one may come from a framework, the other from a handler."""
    rejections, problem = Rejections(), "application/problem+json"
    malformed, again, unknown = (
        exchange("getSystem", 404, media_type=problem, systemId=ref)
        for ref in ("no~id", "no~id", "abcdef")
    )
    for one in (malformed, again, unknown):
        rejections.see(one)
    assert list(rejections.by_operation["getSystem"].values()) == [malformed, unknown]

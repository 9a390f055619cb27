"""A chain of requests as curl lines and as a test, with variables for the ids that the target chose."""

from __future__ import annotations

import ast
import json
from typing import Any

from conformance.reporting.chain import Chain

BASE = "http://127.0.0.1:1/v2"


def exchange(operation: str, method: str, path: str, body: Any, response: Any) -> dict[str, Any]:
    """Return an exchange as report.json has it."""
    return {
        "caller": "owner",
        "operation": operation,
        "method": method,
        "url": BASE + path,
        "request": {
            "headers": {"authorization": "$PK_TOKEN"},
            "body": None if body is None else json.dumps(body),
        },
        "status": 200,
        "response": {"headers": {}, "body": json.dumps(response)},
    }


CHAIN = Chain(
    [
        exchange("createMember", "POST", "/members", {"name": "a"}, {"id": "abcde", "uuid": "u-1"}),
        exchange("createGroup", "POST", "/groups", {"name": "b"}, {"id": "fghij"}),
        exchange("addGroupMembers", "POST", "/groups/fghij/members/add", ["abcde"], None),
        exchange("getGroupMembers", "GET", "/groups/fghij/members", None, []),
    ],
    BASE,
    "'abcde' in [row['id'] for row in response.json()]",
)


def test_curl_lines_take_ids_from_earlier_responses() -> None:
    """Each id that is used again is a shell variable."""
    lines = CHAIN.curl()
    assert lines[0].startswith("member1=$(curl -X POST")
    assert lines[1] == 'PKC_MEMBER1_ID=$(jq -r .id <<<"$member1")'
    assert '/groups/"$PKC_GROUP1_ID"/members' in lines[-1]
    assert not any("abcde" in line or "fghij" in line for line in lines)


def test_snippet_is_python_and_asserts() -> None:
    """The test parses, has no id of the target, and ends in the assertion."""
    text = CHAIN.pytest()
    ast.parse(text)
    assert "abcde" not in text
    assert text.rstrip().endswith(
        "assert member1[\"id\"] in [row['id'] for row in response.json()]"
    )

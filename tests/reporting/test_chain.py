"""A chain of requests as curl lines and as a test, with variables for the ids that the target chose."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

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
    assert lines[0].startswith("member1=$(curl -sS -X POST")
    assert lines[1] == 'PKC_MEMBER1_ID=$(jq -r .id <<<"$member1")'
    assert '/groups/"$PKC_GROUP1_ID"/members' in lines[-1]
    assert not any("abcde" in line or "fghij" in line for line in lines)


@pytest.mark.parametrize(
    ("written", "variable", "jq"),
    [
        ("ABCDEF", "PKC_MEMBER1_ID_UPPER", ".id | ascii_upcase"),
        ("abc-def", "PKC_MEMBER1_ID_DASHED", '.id | .[:3] + "-" + .[3:]'),
        ("ABC-DEF", "PKC_MEMBER1_ID_UPPER_DASHED", '.id | ascii_upcase | .[:3] + "-" + .[3:]'),
        ("A-1", "PKC_MEMBER1_UUID_UPPER", ".uuid | ascii_upcase"),
        ("a1", "PKC_MEMBER1_UUID_UNDASHED", '.uuid | gsub("-"; "")'),
    ],
)
def test_every_form_of_an_id_is_a_variable(written: str, variable: str, jq: str) -> None:
    """An id that is written in another form than it was returned is put into this form again, in the shell and in Python."""
    post = exchange("createMember", "POST", "/members", {}, {"id": "abcdef", "uuid": "a-1"})
    read = exchange("getMember", "GET", f"/members/{written}", None, {})
    chain = Chain([post, read], BASE, "response.status_code == 200")
    assert chain.curl()[1] == f"{variable}=$(jq -r '{jq}' <<<\"$member1\")"
    assert f'/members/"${variable}"' in chain.curl()[2]
    [path] = re.findall('BASE \\+ (f".*"), headers', chain.pytest())
    assert eval(path, {"member1": {"id": "abcdef", "uuid": "a-1"}}) == f"/members/{written}"  # noqa: S307 our own


def test_id_that_a_request_chose_itself() -> None:
    """What is sent before a response returned it is no variable."""
    post = exchange("createMember", "POST", "/members", {"id": "abcde"}, {"id": "abcde"})
    assert '"abcde"' in Chain([post], BASE).curl()[0]


def test_invalid_tokens_are_made_from_the_own_one() -> None:
    """A line itself says how a token is made that reports show by its placeholder."""
    read = exchange("getSystem", "GET", "/systems/@me", None, {})
    read["request"]["headers"]["authorization"] = "$TRUNCATED_TOKEN"
    [line] = Chain([read], BASE).curl()
    assert '-H "authorization: ${PK_TOKEN%?}"' in line


def test_snippet_is_python_and_asserts() -> None:
    """The test parses, has no id of the target, and ends in the assertion."""
    text = CHAIN.pytest()
    ast.parse(text)
    assert "abcde" not in text
    assert text.rstrip().endswith(
        "assert member1[\"id\"] in [row['id'] for row in response.json()]"
    )

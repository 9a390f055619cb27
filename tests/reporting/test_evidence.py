"""Evidence: which of all requests led to a failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.reporting.evidence import Evidence
from tests.reporting.conftest import exchange, finished_check

BASE = "http://127.0.0.1:8000/v2"


def sent(name: str, line: str, body: Any = None, response: Any = None, status: int = 200) -> Any:
    """Return an exchange from a line like `GET /members/abcde`."""
    method, _, path = line.partition(" ")
    text = None if body is None else json.dumps(body)
    return exchange(
        name,
        method=method,
        url=BASE + path,
        request={"headers": {}, "body": text},
        status=status,
        response={"headers": {}, "body": json.dumps(response)},
    )


def created(name: str, kind: str, ref: str) -> Any:
    """Return a POST that creates an entity with this id."""
    return sent(name, f"POST /{kind}s", {"name": ref}, {"id": ref, "uuid": f"{ref}-0-uuid"})


def steps(*exchanges: Any, judged: str = "judged", **check: Any) -> list[str]:
    """Return what leads to a check that failed with the judged exchange."""
    failed = finished_check("patch/keys::check_it", "failed", ["a"], evidence=judged, **check)
    return Evidence(exchanges).steps(failed)  # type: ignore[arg-type] # events that a test makes


HISTORY = (
    created("post", "member", "abcdef"),
    created("another", "member", "ghijkl"),
    sent("before", "GET /members/abcdef", response={"id": "abcdef"}),
    sent("write", "PATCH /members/abcdef", {"color": None}),
    sent("elsewhere", "PATCH /members/ghijkl", {"color": None}),
    sent("judged", "GET /members/abcdef", response={"id": "abcdef"}),
)


def test_creation_read_and_write_of_the_same_entity() -> None:
    """What led to a read is how the entity was created, how it was before, and the last write to it; not what others had."""
    assert steps(*HISTORY) == ["post", "before", "write", "judged"]


@pytest.mark.parametrize("ref", ["ABCDEF", "abc-def", "ABC-DEF", "abcdef-0-uuid"])
def test_every_id_format_names_the_entity(ref: str) -> None:
    """An entity is the same in each of its id formats."""
    judged = sent("judged", f"GET /members/{ref}")
    assert steps(*HISTORY[:-1], judged) == ["post", "before", "write", "judged"]


def test_a_judged_write_has_what_was_before() -> None:
    """When the response to a write is judged, the read before it shows the state."""
    assert steps(*HISTORY[:4], judged="write") == ["post", "before", "write"]


def test_a_later_rejected_write_is_shown_too() -> None:
    """A write that was rejected must have no effect, so that it may be the cause as well."""
    rejected = sent("rejected", "PATCH /members/abcdef", {"color": 1}, status=400)
    found = steps(*HISTORY[:-1], rejected, HISTORY[-1])
    assert found == ["post", "before", "write", "rejected", "judged"]


def test_the_wrong_entry_of_a_list() -> None:
    """Of a list that names nobody the entry with the wrong value counts."""
    rows = [{"id": "abcdef", "color": None}, {"id": "ghijkl", "color": "ff0000"}]
    judged = sent("judged", "GET /systems/@me/members", response=rows)
    found = steps(*HISTORY[:-1], judged, actual='"ff0000"')
    assert found == ["another", "elsewhere", "judged"]


def test_what_the_failure_mentions() -> None:
    """An id in the reason says which entity a list is wrong about."""
    judged = sent("judged", "GET /systems/@me/members", response=[])
    found = steps(*HISTORY[:-1], judged, reason="member abcdef is not listed")
    assert found == ["post", "before", "write", "judged"]


def test_the_system_itself() -> None:
    """Where nothing that was created is concerned, the last write to the same path counts."""
    path = "/systems/@me/settings"
    history = [sent("first", f"GET {path}"), sent("write", f"PATCH {path}", {"a": 1})]
    assert steps(*history, sent("judged", f"GET {path}")) == ["first", "write", "judged"]
    hide = sent("hide", "PATCH /systems/@me", {"privacy": {}})
    judged = sent("judged", "GET /systems/abcdef/members", status=403)
    assert steps(*history, hide, judged) == ["hide", "judged"]


def test_what_a_body_lists_was_created_first() -> None:
    """What a request lists in its body is created before, too."""
    group = created("group", "group", "mnopqr")
    add = sent("add", "POST /groups/mnopqr/members/add", ["abcdef"], status=204)
    judged = sent("judged", "GET /groups/mnopqr/members", response=[])
    assert steps(HISTORY[0], group, add, judged) == ["post", "group", "add", "judged"]


def test_without_evidence_there_are_no_steps() -> None:
    """A check that failed without an exchange has none, and an unknown exchange stands alone."""
    failed = finished_check("a::b", "error", ["a"])
    assert Evidence([]).steps(failed) == []  # type: ignore[arg-type] # an event that a test makes
    assert steps(judged="lost") == ["lost"]


def test_what_an_entity_shows_no_list_changes() -> None:
    """A switch or a group that lists a member changes nothing of the member itself, but what lies below it."""
    switch = sent("switch", "POST /systems/@me/switches", {"members": ["abcdef", "ghijkl"]})
    assert steps(*HISTORY[:-1], switch, HISTORY[-1]) == ["post", "before", "write", "judged"]
    below = sent("judged", "GET /members/abcdef/groups", response=[])
    assert steps(*HISTORY[:-1], switch, below)[-2:] == ["switch", "judged"]

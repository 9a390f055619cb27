"""Evidence: which of all requests led to a failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.reporting.evidence import Evidence
from tests.reporting.conftest import exchange, finished_check

BASE = "http://127.0.0.1:8000/v2"


def sent(
    name: str,
    line: str,
    body: Any = None,
    response: Any = None,
    status: int = 200,
    check: str | None = None,
) -> Any:
    """Return an exchange from a line like `GET /members/abcde`; each is of another check unless one is given."""
    method, _, path = line.partition(" ")
    text = None if body is None else json.dumps(body)
    return exchange(
        name,
        check=check or name,
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


def test_rejected_writes_before_a_judged_write() -> None:
    """Of those that were rejected before a judged write, only the same request may have had an effect on it."""
    another = sent("another", "POST /systems/@me/switches", {"members": 1}, status=400)
    same = sent("same", "POST /systems/@me/switches", {"members": []}, status=401)
    judged = sent("judged", "POST /systems/@me/switches", {"members": []}, status=400)
    assert steps(another, same, judged) == ["same", "judged"]


def test_a_list_shows_all_that_there_is() -> None:
    """A list depends on everything that was created and not deleted, and on what it shows although it was deleted."""
    deleted = created("deleted", "member", "stuvwx"), sent("delete", "DELETE /members/stuvwx")
    judged = sent("judged", "GET /systems/@me/members", response=[])
    existing = ["post", "another", "write", "elsewhere"]
    assert steps(*HISTORY[:-1], *deleted, judged) == [*existing, "judged"]
    judged = sent("judged", "GET /systems/@me/members", response=[{"id": "stuvwx"}])
    assert steps(*HISTORY[:-1], *deleted, judged) == [*existing, "deleted", "delete", "judged"]
    other = sent("judged", "GET /systems/@me/members") | {"caller": "other"}
    assert steps(*HISTORY[:-1], other) == ["judged"]


def test_what_the_failure_mentions() -> None:
    """An id in the reason says which entity a response is wrong about."""
    judged = sent("judged", "GET /groups/mnopqr/members", response=[])
    found = steps(*HISTORY[:-1], judged, reason="member abcdef is not listed")
    assert found == ["post", "before", "write", "judged"]


def test_the_system_itself() -> None:
    """What a path of the system shows depends on the writes to that path, and to the system: it may hide it."""
    path = "/systems/@me/settings"
    history = [sent("first", f"GET {path}"), sent("write", f"PATCH {path}", {"a": 1})]
    assert steps(*history, sent("judged", f"GET {path}")) == ["first", "write", "judged"]
    hide = sent("hide", "PATCH /systems/@me", {"privacy": {}})
    judged = sent("judged", "GET /systems/abcdef/fronters", status=403)
    assert steps(*history, hide, judged) == ["hide", "judged"]


def test_an_overwritten_patch() -> None:
    """A PATCH is left out when a later one sets all its keys, and returned them so; not when it returned another value."""
    old = sent("old", "PATCH /members/abcdef", {"color": "000000"}, {"color": "000000"})
    new = sent("new", "PATCH /members/abcdef", {"color": "ff0000"}, {"color": "ff0000"})
    lost = sent("lost", "PATCH /members/abcdef", {"color": "ff0000"}, {"color": "000000"})
    assert steps(HISTORY[0], old, new, HISTORY[-1]) == ["post", "new", "judged"]
    assert steps(HISTORY[0], old, lost, HISTORY[-1]) == ["post", "old", "lost", "judged"]


def test_setting_before_a_creation_is_kept() -> None:
    """A setting may decide what a new entity is like, so that it counts although it was changed again."""
    path = "/systems/@me/settings"
    on = sent("on", f"PATCH {path}", {"a": 1}, {"a": 1}, check="settings")
    post = sent("post", "POST /members", {"name": "a"}, {"id": "abcdef"}, check="settings")
    off = sent("off", f"PATCH {path}", {"a": 0}, {"a": 0}, check="settings")
    judged = sent("judged", "GET /members/abcdef", check="settings")
    assert steps(on, post, off, judged) == ["on", "post", "off", "judged"]


def test_a_write_to_something_else_of_the_same_check() -> None:
    """What the check itself wrote since the last read may have changed more than it should."""
    elsewhere = HISTORY[4] | {"check": "judged"}
    assert steps(*HISTORY[:4], elsewhere, HISTORY[-1])[-2:] == ["elsewhere", "judged"]


def test_what_is_written_to_those_that_a_list_names() -> None:
    """A list below an entity depends on those that it names, and on what was written to them: it may hide them."""
    group = created("group", "group", "mnopqr")
    add = sent("add", "POST /groups/mnopqr/members/add", ["abcdef"], status=204)
    judged = sent("judged", "GET /groups/mnopqr/members", response=[])
    found = steps(*HISTORY[:-1], group, add, judged)
    assert found == ["post", "write", "group", "add", "judged"]


def test_what_a_body_lists_was_created_first() -> None:
    """What a request lists in its body is created before, too."""
    group = created("group", "group", "mnopqr")
    add = sent("add", "POST /groups/mnopqr/members/add", ["abcdef"], status=204)
    judged = sent("judged", "GET /groups/mnopqr/members", response=[])
    assert steps(HISTORY[0], group, add, judged) == ["post", "group", "add", "judged"]


def test_a_switch_that_was_deleted() -> None:
    """A switch that listed a member and was deleted since is deleted in the chain, too."""
    path = "/systems/@me/switches"
    switch = sent("switch", f"POST {path}", {"members": ["abcdef"]}, {"id": "s-1"})
    delete = sent("delete", f"DELETE {path}/s-1", status=204)
    judged = sent("judged", f"PATCH {path}/none/members", ["abcdef"], status=404)
    assert steps(HISTORY[0], switch, delete, judged) == ["post", "switch", "delete", "judged"]


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


def test_settings_of_another_member_in_the_same_guild() -> None:
    """Settings of a member in a guild rest on those that were set for others there, not in another guild."""
    found = steps(
        created("post", "member", "abcdef"),
        created("another", "member", "ghijkl"),
        sent("mixed", "PATCH /members/ghijkl/guilds/1", {"display_name": "a"}),
        sent("elsewhere", "PATCH /members/ghijkl/guilds/2", {"display_name": "b"}),
        sent("judged", "GET /members/abcdef/guilds/1", response={"display_name": "a"}),
    )
    assert found == ["post", "another", "mixed", "judged"]

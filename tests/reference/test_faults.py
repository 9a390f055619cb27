"""The registry of faults, and a few of them at work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import load
from conformance.reference.application import Server
from conformance.reference.entities import Message, Row, Switch
from conformance.reference.faults import FAULTS
from conformance.reference.faults.registry import add
from conformance.reference.revisions import NEWEST, REVISIONS
from conformance.reference.steps import DuplicateName
from tests.faults.comparison import (
    REQUEST_SERIES,
    baseline,
    changes_responses,
    likely_first,
    recorder_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]


DATA = (Row, Switch, Message)  # which have no steps


# Those of cells are too many for series of requests; the checks of their cells show them in `nox -s faults`.
@pytest.mark.parametrize("name", sorted(name for name in FAULTS if not FAULTS[name].of_cell))
def test_fault_is_described_and_shows(name: str) -> None:
    """Every fault has a description and requirements that it violates, changes a response, and replaces something at the other revision."""
    fault = FAULTS[name]
    assert fault.description.endswith(".")
    assert fault.violates
    where = fault.only or NEWEST.name
    for other in REVISIONS.keys() - {where}:
        server = Server(limited=False, revision=REVISIONS[other])
        fault.inject(server)
        assert replaced(server)
    shows = changes_responses(fault.inject, where, likely_first(fault.violates, where))
    assert shows, "no series of requests in tests/faults shows it: add a request to one"


OF_CELLS = [fault for fault in FAULTS.values() if fault.of_cell]


@pytest.mark.parametrize("first", range(20))
def test_faults_of_cells_show_together(first: int) -> None:
    """Of the faults of cells many at once, from all over the table, change responses of several series."""
    chosen = OF_CELLS[first::20]
    where = NEWEST.name
    changed = 0
    for series in REQUEST_SERIES:
        recorder, responses = recorder_for(series, where), baseline(series, where).responses
        for fault in chosen:
            fault.inject(recorder.server)
        changed += recorder.record(series) != responses
    assert changed > len(REQUEST_SERIES) / 10


@pytest.mark.parametrize("revision", REVISIONS)
def test_nothing_shows_without_a_fault(revision: str) -> None:
    """The same series gets the same responses, so that differences are due to the fault."""
    assert not changes_responses(lambda _: None, revision)


def test_series_are_about_areas_of_the_catalogue() -> None:
    """Each area of a series exists."""
    known = {requirement.area for requirement in load().requirements.values()}
    assert set().union(*REQUEST_SERIES.values()) <= known


def replaced(server: Server) -> list[str]:
    """Return the names of the methods, of any part of the server, that are replaced."""
    found: list[str] = []
    waiting: list[Any] = [server]
    seen: set[int] = set()
    while waiting:
        part: Any = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
        elif type(part).__module__.startswith("conformance.reference"):
            steps = {} if isinstance(part, DATA) else getattr(part, "__dict__", {})
            found += [name for name, step in steps.items() if isinstance(step, partial)]
            waiting += steps.values()
    return found


def test_names_are_unique() -> None:
    """A second fault of the same name is a mistake."""
    with pytest.raises(DuplicateName):
        add("never_limits", "Again.", ["x"], lambda _: None)


def test_leak_shows_one_value(start: Start) -> None:
    """A leak opens its own key and leaves the others hidden."""
    with start("leaks_member_webhook_avatar_url") as sandbox:
        url = "https://images.example.com/a"
        images = {"avatar_url": url, "webhook_avatar_url": url}
        member = sandbox.member(**images, privacy={"avatar_privacy": "private"})
        shown = sandbox.other.get(f"/members/{member['id']}").json()
        assert (shown["avatar_url"], shown["webhook_avatar_url"]) == (None, url)


def test_rejected_body_is_applied(start: Start) -> None:
    """A fault of the second look: the rejection is right, the state is not."""
    with start("applies_body_of_rejected_content_type") as sandbox:
        headers = {"Content-Type": "text/plain"}
        rejected = sandbox.owner.patch("/systems/@me", headers=headers, content='{"tag":"x"}')
        assert rejected.status_code == 415
        assert sandbox.owner.get("/systems/@me").json()["tag"] == "x"


def test_write_without_token_is_applied(start: Start) -> None:
    """The same for a missing token."""
    with start("applies_write_without_token") as sandbox:
        assert sandbox.anonymous.post("/groups", json={"name": "A"}).status_code == 401
        assert len(sandbox.owner.get("/systems/@me/groups").json()) == 1


def test_patch_is_forgotten(start: Start) -> None:
    """The response has the new value, the next read the old one."""
    with start("patch_is_not_stored") as sandbox:
        member = sandbox.member()
        path = f"/members/{member['id']}"
        body = {"name": "New", "privacy": {"visibility": "private"}}
        assert sandbox.owner.patch(path, json=body).json()["name"] == "New"
        assert sandbox.owner.get(path).json() == member


def test_read_only_key_is_taken(start: Start) -> None:
    """The wrong id is shown from then on, the row is still found by its own."""
    with start("patch_sets_member_id") as sandbox:
        path = f"/members/{sandbox.member()['id']}"
        sandbox.owner.patch(path, json={"id": "aaaaaa", "tts": True})
        assert sandbox.owner.get(path).json()["id"] == "aaaaaa"
        assert sandbox.owner.delete(path).status_code == 204

"""Freedoms: a server that does otherwise whatever the docs leave open is conformant all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.cli.embedded import ReferenceServer
from conformance.contract import revisions
from conformance.reference.revisions import REVISIONS
from conformance.reference.variations import take
from conformance.reference.variations.registry import FREEDOMS
from tests.faults.story import CHAPTERS, begin, shows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run, StartReference


@pytest.mark.long
@pytest.mark.parametrize("revision", revisions())
def test_all_freedoms_together_are_conformant(
    revision: str, run_suite: Run, tmp_path: Path
) -> None:
    """No check finds anything wrong with a server that takes every freedom."""
    target = tmp_path / "free.toml"
    with ReferenceServer(revision, target, "--freedom", "all"):
        run = run_suite("--target", str(target), "--revision", revision, "-k", "not rate_limits")
    assert run.returncode == 0, run.stdout
    assert "conformant: " in run.stdout


@pytest.mark.parametrize("name", FREEDOMS)
def test_freedom_is_described_and_shows(name: str) -> None:
    """Every freedom has a sentence, and changes an answer at one revision at least."""
    freedom = FREEDOMS[name]
    assert freedom.sentence.endswith(".")
    assert any(shows(freedom.inject, revision) for revision in REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_freedoms_together_fail_at_nothing(
    revision: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every freedom taken no request of the story fails for an error in the server, which would be logged."""
    for chapter in CHAPTERS:
        story = begin(chapter, revision)
        take(story.server, "all")
        assert story.tell(chapter)
    assert not caplog.messages


def test_clients_read_all_freedoms_together(start_reference: StartReference) -> None:
    """What is compressed, in pieces and with more keys arrives at a client over a real connection."""
    with start_reference("--freedom", "all") as server:
        headers = {"Authorization": f"Bearer {server.token}", "User-Agent": "tests"}
        answer = httpx.get(f"{server.base_url}/systems/@me", headers=headers, trust_env=False)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.headers["connection"] == "close"
    assert answer.json().keys() >= {"id", "privacy", "x_more"}


def test_unknown_freedom_is_one_line(suite: Run) -> None:
    """A name that no freedom has is refused, and the list of them is named."""
    refused = suite("serve", "--freedom", "sings", "--port", "0")
    assert refused.returncode == 4
    assert refused.stderr == "error: unknown freedom 'sings'; see --list-freedoms\n"


def test_freedoms_are_listed(suite: Run) -> None:
    """Each freedom is listed with its sentence."""
    lines = suite("serve", "--list-freedoms").stdout.splitlines()
    assert lines == sorted(lines)
    assert "answers_201_to_post: What creates something is answered 201." in lines

"""Allowed variations: a server that does otherwise whatever the docs leave open is conformant all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.cli.embedded import ReferenceServer
from conformance.contract import revisions
from conformance.reference.revisions import REVISIONS
from conformance.reference.variations import vary
from conformance.reference.variations.registry import VARIATIONS
from tests.faults.story import CHAPTERS, begin, shows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run, StartReference


@pytest.mark.long
@pytest.mark.parametrize("revision", revisions())
def test_all_variations_together_are_conformant(
    revision: str, run_suite: Run, tmp_path: Path
) -> None:
    """No check finds anything wrong with a server that takes every allowed variation."""
    target = tmp_path / "free.toml"
    with ReferenceServer(revision, target, "--variation", "all"):
        run = run_suite("--target", str(target), "--revision", revision, "-k", "not rate_limits")
    assert run.returncode == 0, run.stdout
    assert "conformant: " in run.stdout


@pytest.mark.parametrize("name", VARIATIONS)
def test_variation_is_described_and_shows(name: str) -> None:
    """Every allowed variation has a requirement, and changes a response at one revision at least."""
    variation = VARIATIONS[name]
    assert variation.description.endswith(".")
    assert any(shows(variation.inject, revision) for revision in REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_variations_together_fail_at_nothing(
    revision: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every allowed variation taken no request of the story fails for an error in the server, which would be logged."""
    for chapter in CHAPTERS:
        story = begin(chapter, revision)
        vary(story.server, "all")
        assert story.report(chapter)
    assert not caplog.messages


def test_clients_read_all_variations_together(start_reference: StartReference) -> None:
    """What is compressed, in pieces and with more keys arrives at a client over a real connection."""
    with start_reference("--variation", "all") as server:
        headers = {"Authorization": f"Bearer {server.token}", "User-Agent": "tests"}
        response = httpx.get(f"{server.base_url}/systems/@me", headers=headers, trust_env=False)
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["transfer-encoding"] == "chunked"
    assert response.headers["connection"] == "close"
    assert response.json().keys() >= {"id", "privacy", "x_more"}


def test_unknown_variation_is_one_line(suite: Run) -> None:
    """A name that no allowed variation has is rejected, and the list of them is named."""
    rejected = suite("serve", "--variation", "sings", "--port", "0")
    assert rejected.returncode == 4
    assert rejected.stderr == "error: unknown variation 'sings'; see --list-variations\n"


def test_variations_are_listed(suite: Run) -> None:
    """Each allowed variation is listed with its description."""
    lines = suite("serve", "--list-variations").stdout.splitlines()
    assert lines == sorted(lines)
    assert "returns_201_to_post: A POST that creates something returns 201." in lines

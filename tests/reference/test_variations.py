"""Allowed variations: a server with other choices wherever the docs leave one is conformant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.cli.embedded import ReferenceServer
from conformance.contract import revisions
from conformance.reference.revisions import REVISIONS
from conformance.reference.variations import vary
from conformance.reference.variations.registry import VARIATIONS
from tests.faults.comparison import REQUEST_SERIES, changes_responses, recorder_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run, StartReference


@pytest.mark.long
@pytest.mark.parametrize("revision", revisions())
def test_all_variations_together_are_conformant(
    revision: str, run_suite: Run, tmp_path: Path
) -> None:
    """No check finds a violation on a server with every allowed variation."""
    target = tmp_path / "varied.toml"
    with ReferenceServer(revision, target, "--variation", "all"):
        run = run_suite("--target", str(target), "--revision", revision, "-k", "not rate_limits")
    assert run.returncode == 0, run.stdout
    assert "conformant: " in run.stdout


@pytest.mark.parametrize("name", VARIATIONS)
def test_variation_is_described_and_shows(name: str) -> None:
    """Every allowed variation has a description, and changes a response at one revision at least."""
    variation = VARIATIONS[name]
    assert variation.description.endswith(".")
    assert any(changes_responses(variation.inject, revision) for revision in REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_variations_together_fail_at_nothing(
    revision: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With every allowed variation no request fails for an error in the server, which would be logged."""
    for series in REQUEST_SERIES:
        recorder = recorder_for(series, revision)
        vary(recorder.server, "all")
        assert recorder.record(series)
    assert not caplog.messages


def test_clients_read_all_variations_together(start_reference: StartReference) -> None:
    """A client reads a response that is compressed, chunked and has more keys, over a real connection."""
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

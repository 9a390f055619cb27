"""Reports of runs, and a server that breaks some rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import revisions
from tests.conftest import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Reference

    ReadReport = Callable[..., dict[str, Any]]

FAULTS = ("patch_clears_unsent_member_keys", "lists_invisible_members", "accepts_empty_user_agent")


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """A server that breaks one MUST, one SHOULD, and one rule as PluralKit's own server does."""
    options = [word for fault in FAULTS for word in ("--fault", fault)]
    with running(tmp_path_factory.mktemp("faulty"), *options) as server:
        yield server


@pytest.fixture
def report(tmp_path: Path) -> ReadReport:
    """Return the way to read the report of a run, by the name of its target."""

    def read(name: str = "reference", revision: str = revisions()[0]) -> dict[str, Any]:
        path = tmp_path / "reports" / name / revision / "report.json"
        made: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return made

    return read


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    """Return the verdict on each requirement that was judged."""
    return {row["id"]: row["verdict"] for row in report["requirements"] if row["verdict"]}

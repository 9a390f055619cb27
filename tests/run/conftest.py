"""A server with some faults, and the verdicts of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Reference

FAULTS = (
    "patch_clears_unsent_member_keys",
    "switch_members_are_sorted",
    "accepts_empty_user_agent",
)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """A server that violates one MUST, one SHOULD, and one MUST as PluralKit production does."""
    options = [word for fault in FAULTS for word in ("--fault", fault)]
    with running(tmp_path_factory.mktemp("faulty"), *options) as server:
        yield server


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    """Return the verdict on each requirement that was judged."""
    return {row["id"]: row["verdict"] for row in report["requirements"] if row["verdict"]}

"""Servers that are no API: nothing passes, the run ends, and says what was wrong."""

from __future__ import annotations

import pytest

from conformance.power import nulls

ALL = sorted(nulls.NULLS)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("skip", [False, True], ids=["preflight", "past-preflight"])
def test_nothing_passes(name: str, skip: bool) -> None:  # noqa: FBT001 pytest gives it by name
    """No requirement is passed, the exit code is 1, 4 or 5, and there is a message."""
    found = nulls.check(name, skip_preflight=skip)
    assert found.passed == []
    assert found.code in nulls.CODES
    assert found.said

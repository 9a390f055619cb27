"""Servers that are no API: nothing passes, and the run ends with a message."""

from __future__ import annotations

import pytest

from conformance.mutation import trivial_servers

ALWAYS = ("empty-object", "wrong-model", "hang-up")  # the others without preflight take long in all
CASES = [
    pytest.param(name, skip, id=f"{way}-{name}", marks=pytest.mark.long if is_long else ())
    for name, server in sorted(trivial_servers.SERVERS.items())
    for skip, way in ((False, "preflight"), (True, "without-preflight"))
    for is_long in [server.delay > 0 or (skip and name not in ALWAYS)]
]


@pytest.mark.parametrize(("name", "skip"), CASES)
def test_nothing_passes(name: str, skip: bool) -> None:  # noqa: FBT001 pytest gives it by name
    """No requirement passes, the exit code is 1, 4 or 5, and there is a message."""
    result = trivial_servers.check(name, skip_preflight=skip)
    assert result.passed == []
    assert result.code in trivial_servers.EXIT_CODES
    assert result.message

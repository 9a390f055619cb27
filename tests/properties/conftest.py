"""Properties use the accounts that the tests of `conformance.account` open, on servers with a fault where a test names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.account.conftest import account, open_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Reference, StartReference

__all__ = ["account", "open_account", "reference"]


@pytest.fixture
def reference(
    request: pytest.FixtureRequest, start_reference: StartReference
) -> Iterator[Reference]:
    """A server of the test's own, with the fault that is its parameter."""
    fault = getattr(request, "param", None)
    with start_reference("--rate-limit", "off", *(["--fault", fault] if fault else [])) as server:
        yield server

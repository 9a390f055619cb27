"""Fixtures of pytest for tests of clients; a conftest names this module: `pytest_plugins = ["conformance.sandbox.pytest_plugin"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.sandbox.box import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.sandbox.box import Box


@pytest.fixture(scope="session")
def pluralkit_options() -> Mapping[str, Any]:
    """The options of the sandbox; a conftest that has a fixture of this name chooses others, like `{"like": "upstream"}`."""
    return {}


@pytest.fixture(scope="session")
def pluralkit_sandbox(pluralkit_options: Mapping[str, Any]) -> Iterator[Box]:
    """A sandbox for all tests, as they leave it."""
    with sandbox(**pluralkit_options) as box:
        yield box


@pytest.fixture
def pluralkit(pluralkit_sandbox: Box) -> Box:
    """The sandbox in the state of its start, with no failures armed and an empty log of requests."""
    pluralkit_sandbox.control.reset()
    pluralkit_sandbox.control.clear_requests()
    return pluralkit_sandbox

"""Fixtures: a watch in a process of its own, in front of a server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.watch.watches import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    StartWatch = Callable[..., AbstractContextManager[Watch]]


@pytest.fixture
def start_watch(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> StartWatch:
    """Return a function that starts a watch in front of a base URL, with options of `watch`."""

    @contextlib.contextmanager
    def start(base_url: str, *words: str, **variables: str) -> Iterator[Watch]:
        folder = tmp_path_factory.mktemp("watch")
        watch = Watch(base_url, folder, list(words), environment | variables)
        try:
            yield watch
        finally:
            watch.end()

    return start

"""The checks of a revision, collected once: every trial runs some of them, in a process that is forked after that.

What pytest does before the first check and after the last one takes longer than the checks of one requirement.
"""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance import signals
from conformance.cli.pytest_main import PLUGIN, configuration
from conformance.mutation import faulty_servers
from conformance.run.fixtures import SESSION
from conformance.run.plugin import play_beside
from conformance.run.recording import record_of
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USUAL = (
    *("-c", str(configuration()), "-p", PLUGIN, "--disable-plugin-autoload", "--collect-only"),
    *("-qq", "--capture=no", "--tb=no"),  # nobody reads what a trial prints
    # What the docs only announce is a rule to those who require it.
    *("--strict-docs", "--require-rate-limit"),
)
DONE = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
OVER = (
    "conformance-log",
    "terminalreporter",
    "capturemanager",
)  # plugins that have ended with pytest


class CollectionError(RuntimeError):
    """The checks could not be collected; the text is what pytest said."""


class Collected:
    """Checks that pytest collected before it ended, with all that they need to be run."""

    def __init__(self, revision: str, words: Sequence[str]) -> None:
        """Collect what the words choose: options of `run`, and paths.

        Raises:
            CollectionError: the words are of no use, or a check cannot be read.

        """
        started = time.perf_counter()
        keeper = _Keeper()
        with tempfile.TemporaryDirectory(prefix="pluralkit-power-") as folder:
            target, output = Path(folder, "target.toml"), Path(folder, "output")
            command = [*USUAL, "--target", str(target), "--report-folder", folder, *words]
            with faulty_servers.serving(revision, (), target), _as_before(), _silent(output):
                code = pytest.main(command, [keeper])
            if keeper.session is None or code not in DONE:
                message = f"exit {int(code)}: {output.read_text('utf-8')[-2000:]}"
                raise CollectionError(message)
        self.revision, self.session = revision, keeper.session
        self.config = self.session.config
        for name in OVER:
            self.config.pluginmanager.unregister(name=name)
        # By requirement, so that a trial need not look at all checks: what it looks at is copied for it.
        self._naming: dict[str, set[int]] = collections.defaultdict(set)
        for place, item in enumerate(self.session.items):
            for requirement in record_of(item).requirements:
                self._naming[requirement].add(place)
        self.seconds = time.perf_counter() - started

    def run(self, target: Path, plugin: object, **options: Any) -> None:
        """Run what the options choose against the target, until the plugin stops it. What was done there is not undone.

        It changes what was collected, so that it is for a forked process, once.

        Raises:
            ConfigurationError, PreflightError: the target is not fit for a run.

        """
        option = self.config.option
        vars(option).update(options, target=str(target), report_folder=str(target.parent))
        option.collectonly = False
        session = self.config.stash[SESSION] = Session.open(vars(option), os.environ, None)
        session.take_exchanges()  # those of preflight belong to no check
        self.config.pluginmanager.register(plugin)
        play_beside(self.config)
        items = self._chosen(option.requirement)
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.session.shouldstop or self.session.shouldfail:
                return

    def _chosen(self, requirements: Sequence[str]) -> list[pytest.Item]:
        """Return the checks as pytest would have chosen and ordered them by the options as they are now."""
        places = set().union(*(self._naming.get(name, ()) for name in requirements))
        every = self.session.items
        items = [every[place] for place in sorted(places)] if requirements else every.copy()
        self.config.hook.pytest_collection_modifyitems(
            session=self.session, config=self.config, items=items
        )
        return items


class _Keeper:
    """A pytest plugin that keeps what was collected."""

    session: pytest.Session | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.session = session


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Let signals be taken as they were before."""
    before = [(number, signal.getsignal(number)) for number in signals.SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextlib.contextmanager
def _silent(output: Path) -> Iterator[None]:
    """Send what is printed to a file: it is only of interest when the suite itself fails."""
    kept = [os.dup(number) for number in (1, 2)]
    with output.open("w", encoding="utf-8") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
                yield
        finally:
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)

"""The checks of a revision, collected once: every trial runs some of them, in a process that is forked afterwards.

To start and end pytest for each trial would take longer than the checks of one requirement.
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
from conformance.run.check_record import record_of
from conformance.run.fixtures import SESSION
from conformance.run.plugin import start_bursts
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OPTIONS = (
    *("-c", str(configuration()), "-p", PLUGIN, "--disable-plugin-autoload", "--collect-only"),
    *("-qq", "--capture=no", "--tb=no"),  # the output of a trial is not shown
    # Requirements that the docs only announce, too, have faults.
    *("--strict-docs", "--require-rate-limit"),
)
SUCCESS = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
ENDED_PLUGINS = (
    "conformance-log",
    "terminalreporter",
    "capturemanager",
)  # which cannot be used after pytest ended


class CollectionError(RuntimeError):
    """The checks could not be collected; the text is the output of pytest."""


class Collected:
    """Checks that pytest collected before it ended, and that can still be run."""

    def __init__(self, revision: str, words: Sequence[str]) -> None:
        """Collect what the words select: options of `run`, and paths.

        Raises:
            CollectionError: a word is wrong, or a module cannot be imported.

        """
        started = time.perf_counter()
        collection = _Collection()
        with tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as folder:
            target, output = Path(folder, "target.toml"), Path(folder, "output")
            command = [*OPTIONS, "--target", str(target), "--report-folder", folder, *words]
            with (
                faulty_servers.serving(revision, (), target),
                _signal_handlers_restored(),
                _output_redirected(output),
            ):
                code = pytest.main(command, [collection])
            if collection.session is None or code not in SUCCESS:
                message = f"exit {int(code)}: {output.read_text('utf-8')[-2000:]}"
                raise CollectionError(message)
        self.revision, self.session = revision, collection.session
        self.config = self.session.config
        for name in ENDED_PLUGINS:
            self.config.pluginmanager.unregister(name=name)
        # By requirement, so that a trial reads few of the checks: the memory that a forked process uses is copied.
        self._by_requirement: dict[str, set[int]] = collections.defaultdict(set)
        for place, item in enumerate(self.session.items):
            for requirement in record_of(item).requirements:
                self._by_requirement[requirement].add(place)
        self.seconds = time.perf_counter() - started

    def run(self, target: Path, plugin: object, **options: Any) -> None:
        """Run what the options select against the target, until the plugin stops it. Nothing is undone there.

        This changes the collected checks: call it once, in a forked process.

        Raises:
            ConfigurationError, PreflightError: the target cannot be tested.

        """
        option = self.config.option
        vars(option).update(options, target=str(target), report_folder=str(target.parent))
        option.collectonly = False
        session = self.config.stash[SESSION] = Session.open(vars(option), os.environ)
        session.take_exchanges()  # those of preflight belong to no check
        self.config.pluginmanager.register(plugin)
        start_bursts(self.config)
        items = self._selected(option.requirement)
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.session.shouldstop or self.session.shouldfail:
                return

    def _selected(self, requirements: Sequence[str]) -> list[pytest.Item]:
        """Return the checks as pytest selects and sorts them by the present options."""
        places = set().union(*(self._by_requirement.get(name, ()) for name in requirements))
        every = self.session.items
        items = [every[place] for place in sorted(places)] if requirements else every.copy()
        self.config.hook.pytest_collection_modifyitems(
            session=self.session, config=self.config, items=items
        )
        return items


class _Collection:
    """A pytest plugin that keeps the session after the collection."""

    session: pytest.Session | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.session = session


@contextlib.contextmanager
def _signal_handlers_restored() -> Iterator[None]:
    """Restore the signal handlers after this block."""
    before = [(number, signal.getsignal(number)) for number in signals.SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextlib.contextmanager
def _output_redirected(output: Path) -> Iterator[None]:
    """Write what is printed to a file, which is read only when the collection fails."""
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

"""What is printed when a run is interrupted before its own progress is shown. Signals are handled in `conformance.signals`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MESSAGE = "interrupted\n"


class BriefInterruption:
    """A pytest plugin for the time before the first check: one line instead of what pytest prints of an interruption."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the configuration whose terminal reporter is silenced."""
        self._plugins = config.pluginmanager

    def pytest_keyboard_interrupt(self) -> None:
        """Silence the terminal reporter, and print one line."""
        self._plugins.unregister(name="terminalreporter")
        sys.stderr.write(MESSAGE)

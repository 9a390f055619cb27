"""What is said when a run is stopped before it shows its own progress. How signals are taken is in `conformance.signals`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ONE_LINE = "interrupted\n"


class Early:
    """Until a run shows its own progress: one line instead of what pytest says of an interruption."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the configuration that knows pytest's reporter."""
        self._plugins = config.pluginmanager

    def pytest_keyboard_interrupt(self) -> None:
        """Silence the reporter."""
        self._plugins.unregister(name="terminalreporter")
        sys.stderr.write(ONE_LINE)

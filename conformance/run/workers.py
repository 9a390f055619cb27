"""What a run with workers of pytest-xdist needs beside the plugin: who runs what, and what each is reported and leaves behind.

The plugin loads it where there are workers, so that no other run imports pytest-xdist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import (  # type: ignore[import-untyped] # annotated, but it does not say so
    LoadScopeScheduling,
)

from conformance.run.checks_by_requirement import that_change_the_system
from conformance.run.fixtures import SESSION
from conformance.run.plugin import LOG

if TYPE_CHECKING:
    import pytest

TOGETHER = "system"


class Scheduler(LoadScopeScheduling):  # type: ignore[misc] # of an untyped package
    """Gives the checks that change the system to one worker, in their order, and each other one to whoever is free.

    `--dist loadgroup` would do the same by a suffix of node ids, which pytest 9.2 does not let pytest-xdist 3.8 set.
    """

    def _split_scope(self, nodeid: str) -> str:
        # By the function alone: the node ids of modules that were named one by one do not tell the module.
        function = nodeid.partition("::")[2].partition("[")[0]
        return TOGETHER if function in that_change_the_system() else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Distribute the checks in the only way in which they do not disturb each other."""
    return Scheduler(config, log)


def pytest_configure_node(node: Any) -> None:
    """Give a worker what preflight found."""
    node.workerinput["conformance"] = node.config.stash[SESSION].for_workers()


def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what a worker left behind."""
    del error
    output = getattr(node, "workeroutput", {}).get("conformance")
    if output is not None:
        node.config.stash[LOG].worker_finished(output)

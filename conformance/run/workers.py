"""The part of the plugin for workers of pytest-xdist: which worker runs which check, and what is passed to workers and back.

The plugin loads it if there are workers, so that no other run imports pytest-xdist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import (  # type: ignore[import-untyped] # annotated, but it does not say so
    LoadScopeScheduling,
)

from conformance.run.checks_by_requirement import functions_that_change_the_system
from conformance.run.fixtures import SESSION
from conformance.run.plugin import LOG

if TYPE_CHECKING:
    import pytest

CHANGE_THE_SYSTEM = "system"


class Scheduler(LoadScopeScheduling):  # type: ignore[misc] # of an untyped package
    """Runs the checks that change the system in one worker, in their order, and each other one in the first free worker.

    `--dist loadgroup` would do the same by a suffix of node ids, which pytest-xdist 3.8 cannot set with pytest 9.2.
    """

    # Checks of one scope run in one worker. pytest-xdist has no public method for this; its own schedulers override this one.
    def _split_scope(self, nodeid: str) -> str:
        # By the function alone: the node ids of modules that were named as paths do not have the module.
        function = nodeid.partition("::")[2].partition("[")[0]
        return CHANGE_THE_SYSTEM if function in functions_that_change_the_system() else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Distribute the checks so that they do not disturb each other."""
    return Scheduler(config, log)


def pytest_configure_node(node: Any) -> None:
    """Pass the results of preflight to a worker."""
    node.workerinput["conformance"] = node.config.stash[SESSION].for_workers()


def pytest_testnodedown(node: Any, error: object) -> None:
    """Take the results of a worker that ended."""
    del error
    output = getattr(node, "workeroutput", {}).get("conformance")
    if output is not None:
        node.config.stash[LOG].add_results(output)

"""Generated requests, states of privacy and sequences find nothing wrong with the reference server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract import revisions
from conformance.run import GENERATED
from tests.conftest import running

if TYPE_CHECKING:
    import pathlib

    from tests.conftest import ReadReport, Run

BUDGETS = {
    ("valid_requests", "unauthorized", "mistakes"): 500,
    ("invalid_requests",): 400,
    ("privacy_states",): 900,
    ("sequences",): 400,
}


@pytest.mark.parametrize(("modules", "requests"), BUDGETS.items(), ids=map(" ".join, BUDGETS))
@pytest.mark.parametrize("revision", revisions())
def test_properties_pass(
    run_suite: Run,
    report: ReadReport,
    tmp_path_factory: pytest.TempPathFactory,
    modules: tuple[str, ...],
    requests: int,
    revision: str,
) -> None:
    """No requirement is violated, and nothing is left on the target."""
    folder: pathlib.Path = tmp_path_factory.mktemp("server")
    with running(folder, "--revision", revision) as server:
        words = ("--target", str(server.target_file), "--revision", revision)
        budget = ("--budget", str(requests), "--allow-untested")
        run = run_suite(*words, *budget, *(str(GENERATED / f"{name}.py") for name in modules))
    assert run.returncode == 0, run.stdout + run.stderr
    made = report(revision=revision)
    assert made["checks"]["passed"] > 10
    assert made["left_over"] == []

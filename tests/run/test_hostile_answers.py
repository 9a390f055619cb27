"""Some cells of the table of hostile responses, and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.run.hostile_answers import TABLE, main, run_cell
from tests.run.hostile_front import REQUESTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartReference

CELLS = [("escapes", "read"), ("token-in-body", "write"), ("gzip-bomb", "first")]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("kind", "request_of_run"), CELLS)
def test_cell(
    start_reference: StartReference, tmp_path: Path, kind: str, request_of_run: str
) -> None:
    """The run ends by itself, judges honestly, and shows neither a token nor what a terminal obeys."""
    with start_reference() as reference:
        cell = run_cell(kind, request_of_run, reference, tmp_path / "reports")
    assert list(cell.problems()) == []


@pytest.mark.long
@pytest.mark.unmeasured
@pytest.mark.parametrize("kind", TABLE)
def test_all_cells(kind: str) -> None:
    """The same for each kind, in place of each request."""
    words = [word for request in REQUESTS for word in ("--request", request)]
    assert main(["--kind", kind, *words]) == 0

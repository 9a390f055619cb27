"""Some cells of the table of hostile responses; `python -m tests.run.hostile_answers` tries all of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.run.hostile_answers import TABLE, main, run_cell
from tests.run.hostile_front import REQUESTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartReference

SPACING = 6  # kinds from one that is tried to the next
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
@pytest.mark.parametrize(
    ("kind", "request_of_run"),
    list(zip(list(TABLE)[::SPACING], itertools.cycle(REQUESTS), strict=False)),
)
def test_more_cells(kind: str, request_of_run: str) -> None:
    """The same for more kinds, in place of another request each."""
    assert main(["--kind", kind, "--request", request_of_run]) == 0

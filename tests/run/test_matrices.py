"""What the log says of the matrices names real checks, and leaves no cell without checks or reason."""

from __future__ import annotations

import pytest

from conformance.contract import load, revisions
from conformance.run.checks_by_requirement import case, named_rows
from conformance.run.matrices import matrices


@pytest.mark.parametrize("revision", revisions())
def test_matrices(revision: str) -> None:
    """Each cell of keys has checks or a reason; all checks are cases of the tables."""
    contract = load(revision)
    found = {matrix["name"]: matrix for matrix in matrices(contract)}
    assert {"keys", "inputs-body", "inputs-key", "inputs-path"} <= found.keys()
    names = {case(check, row) for check, row, _ in named_rows(contract)}
    for matrix in found.values():
        for row in matrix["rows"]:
            assert len(row["cells"]) == len(matrix["columns"])
            assert all(set(cell["checks"]) <= names for cell in row["cells"])
    cells = [cell for row in found["keys"]["rows"] for cell in row["cells"]]
    assert all(bool(cell["checks"]) != bool(cell["reason"]) for cell in cells)

"""The table of classes of input."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import inputs, value_cases
from conformance.contract.document import data_folder, read_yaml
from conformance.mutation import cell_faults
from conformance.reference.faults import FAULTS

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.contract import Contract

FOLDER = data_folder() / "inputs"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_files_fit_their_schema(file: Path) -> None:
    """Every file of classes fits the schema beside it, and is read."""
    schema = json.loads((FOLDER / "input-class.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(read_yaml(file))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    assert file.name in inputs.FILES.values()


@pytest.mark.parametrize("place", inputs.PLACES)
def test_names_of_cells_differ(place: str, contract: Contract) -> None:
    """No two classes of one place share an id."""
    names = [cell.name for cell in inputs.cells(contract, place)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("place", inputs.PLACES)
def test_every_class_has_a_place(place: str, contract: Contract) -> None:
    """Every class belongs into some place of some operation."""
    used = {cell.input_class for cell in inputs.cells(contract, place)}
    assert used == set(inputs.classes(place))


@pytest.mark.parametrize("place", inputs.PLACES)
def test_rejections_name_what_the_docs_say(place: str) -> None:
    """A class that is rejected has the status of the response."""
    assert all(one.status for one in inputs.classes(place) if one.answer == "rejected")


@pytest.mark.parametrize("place", inputs.PLACES)
def test_every_cell_has_its_faults(place: str, contract: Contract) -> None:
    """For every cell the reference server has faults that treat its class in its place wrongly."""
    cell_faults.register()
    of_cells = " ".join(FAULTS)
    known = [cell for cell in inputs.cells(contract, place) if not cell.because]
    silent = value_cases.silent(contract)
    missing = [c.name for c in known if c not in silent and f"_{named(c)} " not in f"{of_cells} "]
    assert missing == []


def named(cell: inputs.Cell) -> str:
    """Return how the names of the faults of a cell end, like `null_body_of_update_member`."""
    class_, where = cell.input_class.id, cell.where or cell.input_class.place
    return re.sub("[-.]", "_", f"{class_}_{snake(where)}_of_{snake(cell.operation.id)}")


def snake(name: str) -> str:
    """Return a name with its words in lower case."""
    return re.sub("(?=[A-Z])", "_", name).lower()

"""What holds of every file: names, lengths, where things lie, and that requirement ids are literals."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import conformance
from conformance.contract import inputs
from conformance.contract.requirements import Requirement, areas, read_catalogue
from conformance.mutation.reasons import reason_of_gap

PACKAGE = Path(conformance.__file__).parent
TESTS = Path(__file__).parent
MODULES = [path for folder in (PACKAGE, TESTS) for path in sorted(folder.rglob("*.py"))]
LONGEST = 300  # lines
VAGUE = {"helpers", "utils", "base", "manager", "common", "misc"}


def text_of(*folders: str) -> str:
    """Return all modules in these folders of the package as one text."""
    paths = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))]
    return "\n".join(path.read_text("utf-8") for path in paths)


def stands_in(literal: str, text: str) -> bool:
    """Whether a text has the literal, and not only as part of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(literal)}(?![\w-])", text) is not None


def checked() -> list[Requirement]:
    """Return the requirements that have checks."""
    return [row for row in read_catalogue() if not (row.excluded or row.same_as)]


def test_modules_are_short() -> None:
    """No module is longer than can be read at once."""
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert [str(path) for path, length in lengths.items() if length > LONGEST] == []


def test_names_say_what_they_hold() -> None:
    """No module has a name that says nothing, and no function is called `_`."""
    assert [str(path) for path in MODULES if path.stem in VAGUE] == []
    functions = [
        f"{path}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "_"
    ]
    assert functions == []


@pytest.mark.parametrize("folder", ["checks", "reference/faults"])
def test_checks_and_faults_lie_by_area(folder: str) -> None:
    """Each folder is called like an area of the catalogue, and no area lacks one."""
    here = PACKAGE / folder
    assert {path.parent.name for path in here.glob("*/__init__.py")} == set(areas())
    assert len(list(here.glob("*.py"))) <= 3


def test_a_check_or_its_data_names_each_requirement() -> None:
    """The id of a requirement stands in a check or a class of input, or its kind does, by which checks ask the catalogue for it."""
    text = text_of("checks", "properties", "scenarios", "account", "contract")
    of_classes = {
        name
        for place in inputs.PLACES
        for one in inputs.classes(place)
        for name in one.requirements
    }
    lost = [
        row.id
        for row in checked()
        if not {row.id, row.kind} & of_classes
        and not stands_in(row.id, text)
        and not (row.kind and stands_in(f'"{row.kind}"', text))
    ]
    assert lost == []


def test_a_fault_names_each_requirement() -> None:
    """The id of a requirement stands in a fault, or the reasons file says why there is none."""
    text = text_of("reference/faults")
    assert [
        row.id for row in checked() if not stands_in(row.id, text) and row.id not in reason_of_gap()
    ] == []


def is_somewhere(name: str, module: Path) -> bool:
    """Whether a dotted name is a module of the package, or what one holds, seen from the module or from the top."""
    parts = name.removeprefix("conformance.").split(".")
    for folder in (PACKAGE, PACKAGE / "checks", *module.parents[: len(module.parents) - 1]):
        for end in (len(parts), len(parts) - 1):
            path = folder.joinpath(*parts[:end])
            if end and (path.is_dir() or path.with_suffix(".py").is_file()):
                return True
    return False


def test_modules_that_docstrings_name_exist() -> None:
    """A docstring of a module that names another one names one that is there."""
    missing = [
        f"{path}: {name}"
        for path in MODULES
        for name in re.findall(
            r"`([a-z_]+(?:\.(?!yaml|json|toml)[a-z_]+)+)`",
            ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "",
        )
        if not (is_somewhere(name, path) or name.endswith((".yaml", ".json", ".toml")))
    ]
    assert missing == []

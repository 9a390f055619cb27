"""Which checks name which requirements, found by importing the modules of checks."""

from __future__ import annotations

import collections
import functools
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import conformance
from conformance import checks, properties
from conformance.run import module_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conformance.contract import Contract
    from conformance.contract.rows import Row


@functools.cache
def checks_by_requirement(contract: Contract) -> Mapping[str, list[str]]:
    """Return the names of the checks (`module::function`) of each requirement of the contract's revision."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for name, function in _functions():
        for requirement in dict.fromkeys(_requirements(function, contract)):
            if requirement in contract.requirements:
                found[requirement].append(name)
    return found


def named_rows(contract: Contract) -> Iterator[tuple[str, Row | None, tuple[str, ...]]]:
    """Yield the name of each check with each row of its table, and the requirements that it can refute; the row of a check without a table is None."""
    for name, function in _functions():
        marks = getattr(function, "pytestmark", [])
        own = tuple(name for mark in marks if mark.name == "requirement" for name in mark.args)
        tables = [mark.args[1] for mark in marks if mark.name == "each"]
        for table in tables:
            for row in table(contract):
                yield name, row, (*own, *row.requirements)
        if not tables:
            yield name, None, own


def case(check: str, row: Row | None) -> str:
    """Return the name in reports of a check with a row of its table."""
    return check if row is None else f"{check}[{row.id}]"


def modules_of(contract: Contract, requirements: Iterable[str]) -> set[str]:
    """Return the modules with a check of one of these requirements."""
    checks_of = checks_by_requirement(contract)
    named = (name for requirement in requirements for name in checks_of.get(requirement, ()))
    return {name.partition("::")[0] for name in named}


@functools.cache
def places() -> Mapping[str, str]:
    """Return where each check is written, like `conformance/checks/patch/keys.py:80`, by its name."""
    return {name: place_of(function) for name, function in _functions()}


def place_of(function: Callable[..., Any]) -> str:
    """Return file and line of a function: below the folder of the package where it is part of it."""
    code = inspect.unwrap(function).__code__
    file = Path(code.co_filename)
    root = Path(conformance.__file__).parent.parent
    return f"{file.relative_to(root) if file.is_relative_to(root) else file}:{code.co_firstlineno}"


def _functions() -> Iterator[tuple[str, Any]]:
    for package in (checks, properties):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            loaded = importlib.import_module(module.name)
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                if name.startswith("check_") and function.__module__ == loaded.__name__:
                    yield f"{module_of(Path(str(loaded.__file__)))}::{name}", function


def _requirements(function: Any, contract: Contract) -> Iterator[str]:
    marks = getattr(function, "pytestmark", [])
    rows = [row for mark in marks if mark.name == "each" for row in mark.args[1](contract)]
    if rows or not any(mark.name == "each" for mark in marks):
        for mark in marks:
            yield from mark.args if mark.name == "requirement" else ()
    for row in rows:
        yield from row.requirements

"""Which checks run, and in which order: options of our own beside pytest's `-k` and paths.

They are checked before anything is sent: pytest itself checks them after preflight.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.mark.expression import Expression  # no public function parses the expression of -k

from conformance import checks
from conformance.contract.requirements import explain_unknown
from conformance.run import folders, is_of_checks, module_of
from conformance.run.check_record import record_of
from conformance.run.checks_by_requirement import modules_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract


def add_options(add: Callable[..., object]) -> None:
    """Add what selects and orders checks, by a function like `ArgumentParser.add_argument`."""
    add(
        "--requirement",
        metavar="ID",
        action="append",
        default=[],
        help="run only the checks that can refute this requirement (repeatable; default: all)",
    )
    add(
        "--shuffle",
        metavar="SEED",
        type=int,
        help="shuffle the checks of each area with this seed (default: no shuffling)",
    )


def choose_paths(config: pytest.Config) -> None:
    """Collect the folders of checks, unless modules are named; raise UsageError for another folder, whose every file would run."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args[:] = [str(folder) for folder in folders(config.option.budget)]
    for path in config.args:
        file = Path(path.partition("::")[0])
        if not file.exists():
            message = f"no such file or folder: {path}"
            raise pytest.UsageError(message)
        if not file.is_file() and not is_of_checks(file.resolve()):
            message = f"{path} is no module of checks, but a folder: name a module"
            raise pytest.UsageError(message)


def check_words(config: pytest.Config) -> None:
    """Raise UsageError, with one line, for an invalid `-k` or `-m`."""
    for option in ("keyword", "markexpr"):
        _parse(getattr(config.option, option))


def _parse(expression: str) -> None:
    try:
        if expression:
            Expression.compile(expression)
    except SyntaxError as problem:
        message = f"cannot read the expression {expression!r}: {problem.msg}"
        raise pytest.UsageError(message) from None


def check_requirements(wanted: list[str]) -> None:
    """Raise UsageError for a requirement that the catalogue does not have at any revision."""
    if unknown := explain_unknown(wanted):
        raise pytest.UsageError(unknown)


def names_none(path: Path, contract: Contract, wanted: list[str]) -> bool:
    """Whether the file is a module of checks, none of which names a wanted requirement, so that it need not be collected."""
    if not wanted or path.suffix != ".py" or not is_of_checks(path):
        return False
    return module_of(path) not in modules_of(contract, wanted)


def select(items: list[pytest.Item], wanted: list[str]) -> list[pytest.Item]:
    """Return the checks that name a wanted requirement; all checks if none is wanted."""
    return [
        item
        for item in items
        if not wanted or not {*wanted}.isdisjoint(record_of(item).requirements)
    ]


def arrange(items: list[pytest.Item], seed: int | None) -> None:
    """Sort the checks by area, and shuffle those of each area if there is a seed.

    Areas keep their order: the checks of one may depend on what an earlier one left, such as the newest switch.
    """
    if seed is not None:
        random.Random(seed).shuffle(items)  # noqa: S311 not for secrets
    items.sort(key=lambda item: checks.position(module_of(item.path)))

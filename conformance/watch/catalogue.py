"""The catalogue of habits, from `habits.yaml`."""

from __future__ import annotations

import dataclasses
import difflib
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.document import read_yaml
from conformance.contract.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = Path(__file__).with_name("habits.yaml")
_OF_REQUIREMENT = ("id", "text", "level", "area", "page", "section", "since", "until")


@dataclasses.dataclass(frozen=True)
class Habit:
    """What a client must or should do, as a requirement; `unseen` is why nothing can be said where no request could show it."""

    requirement: Requirement
    harm: str
    unseen: str
    settings: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self.requirement.id


@functools.cache
def read_habits() -> tuple[Habit, ...]:
    """Return all habits, in the order of the file."""
    return tuple(map(_habit, read_yaml(FILE)["habits"]))


def habits_at(revision: str) -> tuple[Habit, ...]:
    """Return the habits that the docs of a revision give reason for."""
    return tuple(habit for habit in read_habits() if habit.requirement.holds_at(revision))


def settings_of(name: str) -> Mapping[str, Any]:
    """Return what the judge of a habit needs to know."""
    return next(habit.settings for habit in read_habits() if habit.id == name)


def explain_unknown(names: Iterable[str]) -> str:
    """Return in one line which name is none of a habit, and which may be meant; empty if all are."""
    known = [habit.id for habit in read_habits()]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "docs/watch.md lists them"
            return f"unknown habit {name!r}: {hint}"
    return ""


def _habit(row: dict[str, Any]) -> Habit:
    facts = {name: row[name] for name in _OF_REQUIREMENT if name in row}
    return Habit(Requirement(**facts), row["harm"], row["unseen"], row.get("settings", {}))

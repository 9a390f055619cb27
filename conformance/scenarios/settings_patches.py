"""PATCHes of one settings object: few requests that set every key, each together with others and with others left out.

A key is in some of the PATCHes and not in others, and no two keys are in the same ones; so a key that is lost, mixed up
with another or cleared unasked shows. When a PATCH is rejected, its keys are sent once more alone, so that the right key is
reported. The values, and what must be stored of them, are in the checks of settings and of guilds.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract.equivalence import same
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, expect, need_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.http import Exchange

OPPOSITE = object()
"""Stands for a boolean: the opposite of the current value, and false where there is none."""


@dataclasses.dataclass
class SettingsPatch:
    """What one PATCH did: the settings before it, its body, its response, and the GET after it.

    It decides nothing about its keys when it was rejected and they were sent once more alone.
    """

    before: dict[str, Any]
    body: dict[str, Any]
    patch: Exchange
    after: Exchange
    decides: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether a value that the PATCH set is there afterwards."""
        after = self.after.json if isinstance(self.after.json, dict) else {}
        return any(key in after and same(after[key], value) for key, value in self.body.items())


def patch_combinations(count: int) -> list[tuple[int, ...]]:
    """Return combinations of `count` PATCHes for a key to be in: each leaves out one PATCH after the first that has the key."""
    sizes = (3, 2, 1)  # larger first: they give a key more values
    every = (numbers for size in sizes for numbers in itertools.combinations(range(count), size))
    return [numbers for numbers in every if set(range(numbers[0], count)) - set(numbers)]


def keys_by_patch(keys: Sequence[str], count: int) -> list[list[str]]:
    """Return the keys of each of `count` PATCHes; an empty one is left out."""
    chosen = dict(zip(keys, itertools.cycle(patch_combinations(count)), strict=False))
    found = [[key for key in keys if number in chosen[key]] for number in range(count)]
    return [names for names in found if names]


class SettingsPatches:
    """The PATCHes of one object, sent once, and the effect on each key."""

    def __init__(
        self,
        read: Callable[[], Exchange],
        patch: Callable[[dict[str, Any]], Exchange],
        values: Mapping[str, Sequence[Any]],
        count: int,
    ) -> None:
        """Take how to read and change the object, and the values of each key; nothing is sent yet."""
        self.read, self.patch = read, patch
        self._values = {key: itertools.cycle(listed) for key, listed in values.items()}
        self._count = count
        self._first: Exchange | None = None
        self._last: Exchange | None = None
        self._steps: list[SettingsPatch] = []
        self._problem: Outcome | None = None

    @property
    def first(self) -> Exchange:
        """The object before it is changed."""
        if self._first is None:
            self._first = self.read()
        return self._first

    @property
    def has_run(self) -> bool:
        """Whether anything was changed."""
        return bool(self._steps)

    def all_steps(self) -> list[SettingsPatch]:
        """Return every PATCH; raises the outcome that prevented them."""
        if not self._steps and self._problem is None:
            self._send_all()
        if self._problem is not None:
            raise self._problem
        return self._steps

    def steps(self, key: str) -> list[SettingsPatch]:
        """Return the PATCHes that decide on a key."""
        return [step for step in self.all_steps() if key in step.body and step.decides]

    def without_key(self, key: str) -> list[SettingsPatch]:
        """Return the PATCHes that were accepted and do not name a key; raises PreconditionFailed when there is none."""
        found = [step for step in self.all_steps() if key not in step.body and step.patch.ok]
        if not found:
            reason = f"no PATCH of other keys than {key} was accepted"
            raise PreconditionFailed(reason, self.first)
        return found

    def keep_values(self) -> bool:
        """Whether any value is there after the PATCH that set it: else no PATCH is stored, whatever the value."""
        return any(step.is_kept for step in self.all_steps())

    def last(self) -> dict[str, Any]:
        """Return the object as it was read last."""
        body = (self._last or self.first).json
        return body if isinstance(body, dict) else {}

    def _send_all(self) -> None:
        try:
            before = need_object(self.first)
            for names in keys_by_patch(list(self._values), self._count):
                before = self._send_together(names, before)
        except Outcome as problem:
            self._problem = problem

    def _send_together(self, names: list[str], before: dict[str, Any]) -> dict[str, Any]:
        body = {key: self._value(key, before) for key in names}
        now = together = self.step(body, before)
        alone: list[SettingsPatch] = []
        for key, value in body.items() if not together.patch.ok and len(body) > 1 else ():
            now = self.step({key: value}, need_object(now.after))
            alone.append(now)
        self._steps += [together, *alone]
        # Rejected although each key alone is accepted: then the combination is what is rejected.
        together.decides = all(step.patch.ok for step in alone)
        return need_object(now.after)

    def _value(self, key: str, before: dict[str, Any]) -> Any:
        value = next(self._values[key])
        return before.get(key) is False if value is OPPOSITE else value

    def look(self) -> Exchange:
        """Read the object once more."""
        self._last = self.read()
        return self._last

    def step(self, body: dict[str, Any], before: dict[str, Any]) -> SettingsPatch:
        """Send one more PATCH and read the object after it; `all_steps` does not return it."""
        patch = self.patch(body)
        return SettingsPatch(before, body, patch, self.look())


def expect_kept(key: str, steps: list[SettingsPatch]) -> None:
    """None of the PATCHes, which do not name the key, changed it."""
    for step in steps:
        if key not in step.before:
            continue
        actual = need_object(step.after).get(key, ABSENT)
        expect(
            f"{key} after a PATCH of {', '.join(step.body)}",
            holds=same(actual, step.before[key]),
            expected=step.before[key],
            actual=actual,
            exchange=step.after,
        )

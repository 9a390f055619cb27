"""Finds fewer steps that lead to the same failure: they are repeated without some of them as long as it fails again.

Hypothesis shortens what it chose, at the price of a whole sequence for each try; here a try costs no more than the steps
that are left, and it does not matter who chose them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.http import Outcome, Refuted
from conformance.properties import initial_state
from conformance.properties.account_state import EntityState, Switch
from conformance.properties.budget import Budget
from conformance.properties.replay import LostError, Replay
from conformance.properties.sender import SpentError
from conformance.properties.write_requests import WriteRequests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.properties.sender import Sender
    from conformance.properties.steps import Step

Part = TypeVar("Part")
Key = tuple[str, str | None]  # of a body, and of an object in it

WITH_KEYS = (
    "create",
    "patch",
    "patch_settings",
)  # requests with a body of which keys can be left out
CLEARING = 3  # requests before the steps of a try


class Shortener:
    """Tries fewer steps on one account: each failure gets up to half of what is left of a budget."""

    def __init__(
        self, sender: Sender, callers: tuple[str, ...], budget: Budget, linked: str | None = None
    ) -> None:
        """Take what sends, the callers of reads, the budget, and the Discord account that names the system."""
        self.sender, self.callers, self.budget, self.linked = sender, callers, budget, linked
        self._known: list[list[Step]] = []

    def shortest(self, problem: Refuted, steps: Sequence[Step]) -> Refuted:
        """Return the same problem with the shortest chain that was found; the problem itself where it does not repeat.

        The steps that led to an earlier failure are tried first: they may lead to this one too.
        """
        self.sender.budget = part = Budget(self.budget.left // 2)
        try:
            return self._shortest(problem, steps)
        finally:
            self.budget.take(part.sent)

    def _shortest(self, problem: Refuted, steps: Sequence[Step]) -> Refuted:
        *before, last = steps
        writes = [one for one in before if one.request != "read"]
        created = {one.created for one in writes if one.created is not None}
        related = _about(writes, {entity for entity in created if entity.id in problem.reason})
        # A read, too, may be what it takes.
        for fewer in (*self._known, related, writes, before):
            found = self._repeats([*fewer, last], problem)
            if found is not None:
                return self._shortened([*fewer, last], found)
        return problem

    def _shortened(self, steps: list[Step], problem: Refuted) -> Refuted:
        def repeats(tried: list[Step]) -> bool:
            nonlocal problem
            found = self._repeats(tried, problem)
            problem = found or problem
            return found is not None

        *before, last = steps
        steps = [*_fewest(before, lambda tried: repeats([*tried, last])), last]
        for place in range(len(steps)):
            steps = _with_fewer_keys(steps, place, repeats)
        self._known.append(steps[:-1])
        return problem

    def _repeats(self, steps: Sequence[Step], problem: Refuted) -> Refuted | None:
        """Repeat the steps on a cleared account; return the problem if the last step fails in the same way."""
        if self.sender.budget.left < 2 * len(steps) + CLEARING:  # what is created is deleted again
            return None
        try:
            initial_state.clear(self.sender)
            state = initial_state.read(self.sender, self.linked)
            replay = Replay(WriteRequests(self.sender, state), self.callers)
            for one in steps[:-1]:
                replay.repeat(one)
            replay.repeat_last(steps[-1])
        except Refuted as found:
            return found if _alike(found, problem) else None
        except (Outcome, SpentError, LostError):
            return None
        finally:
            self.sender.clear()
        return None


def _alike(one: Refuted, other: Refuted) -> bool:
    assert one.exchange is not None
    assert other.exchange is not None
    same = one.exchange.operation.id == other.exchange.operation.id and type(one) is type(other)
    return same and not set(one.violates).isdisjoint(other.violates)


def _about(steps: list[Step], entities: set[EntityState | Switch]) -> list[Step]:
    """Return the steps about some entities, with those that created what these steps name besides."""
    related = [step for step in steps if entities & _entities_of(step)]
    touched = set[Any]().union(*map(_entities_of, related))
    return [step for step in steps if step in related or step.created in touched]


def _entities_of(step: Step) -> set[Any]:
    listed = [one for argument in step.arguments if isinstance(argument, list) for one in argument]
    return {
        one
        for one in (step.created, *step.arguments, *listed)
        if isinstance(one, EntityState | Switch)
    }


def _fewest(parts: list[Part], holds: Callable[[list[Part]], bool]) -> list[Part]:
    """Return the fewest parts for which `holds` is true, as far as leaving out some at a time finds them."""
    size = len(parts)
    while size:
        end, fewer = len(parts), False
        while end > 0:
            start = max(0, end - size)
            if holds(tried := parts[:start] + parts[end:]):
                parts, fewer = tried, True
            end = start
        # Parts that need each other go one after the other.
        size = 1 if fewer and size == 1 else size // 2
    return parts


def _with_fewer_keys(
    steps: list[Step], place: int, holds: Callable[[list[Step]], bool]
) -> list[Step]:
    """Return the steps with the fewest keys in the body of one of them."""
    before, step, after = steps[:place], steps[place], steps[place + 1 :]
    needs_one = step.request != "create"

    def holds_with(keys: list[Key]) -> bool:
        if needs_one and not keys:
            return False
        return holds([*before, _with_keys(step, keys), *after])

    keys = _keys_of(step)
    return [*before, _with_keys(step, _fewest(keys, holds_with)), *after] if keys else steps


def _keys_of(step: Step) -> list[Key]:
    """Return the keys of the body of a step, and of the objects in it."""
    if step.request not in WITH_KEYS:
        return []
    body = next(argument for argument in step.arguments if isinstance(argument, dict))
    return [
        (key, inner)
        for key, value in body.items()
        for inner in (value if isinstance(value, dict) and value else (None,))
    ]


def _with_keys(step: Step, keys: list[Key]) -> Step:
    """Return the step with only these keys in its body."""
    body = next(argument for argument in step.arguments if isinstance(argument, dict))
    left: dict[str, Any] = {}
    for key, inner in keys:
        if inner is None:
            left[key] = body[key]
        else:
            left.setdefault(key, {})[inner] = body[key][inner]
    arguments = tuple(left if argument is body else argument for argument in step.arguments)
    return dataclasses.replace(step, arguments=arguments)

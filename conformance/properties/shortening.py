"""Makes what led to a finding shorter: the steps of its trail are done again without some of them, as long as the same is refuted.

Hypothesis shortens what it chose, at the price of a whole sequence for each try; here a try costs no more than the steps
that are left, and the trail may be anybody's.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.account.refs import ID_FORMATS, Address
from conformance.http import Outcome, Refuted
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.comparison import SpentError
from conformance.properties.expected_views import ExpectedViews, View
from conformance.properties.model import Switch, Thing
from conformance.properties.steps import is_determined
from conformance.properties.write_requests import Moves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.properties.comparison import Arena
    from conformance.properties.steps import Step

Part = TypeVar("Part")
Key = tuple[str, str | None]  # of a body, and of an object in it

CHANGED = ("create", "patch", "settle")  # the moves with a body of which keys can be left out
AROUND = 3  # requests before the steps of a try


class Shortener:
    """Tries shorter trails on one account: each finding gets up to half of what is left of a budget."""

    def __init__(
        self, arena: Arena, callers: tuple[str, ...], budget: Budget, linked: str | None = None
    ) -> None:
        """Take what sends, who may look, how much may be sent, and the account that names the system as well."""
        self.arena, self.callers, self.budget, self.linked = arena, callers, budget, linked
        self._known: list[list[Step]] = []

    def shortest(self, problem: Refuted, trail: Sequence[Step]) -> Refuted:
        """Return the same problem with the shortest chain that was found; the problem itself where it does not repeat.

        What led to an earlier one is tried first, for it may be the same.
        """
        self.arena.budget = part = Budget(self.budget.left // 2)
        try:
            return self._shortest(problem, trail)
        finally:
            self.budget.take(part.sent)

    def _shortest(self, problem: Refuted, trail: Sequence[Step]) -> Refuted:
        *before, telling = trail
        writes = [one for one in before if one.move != "look"]
        made = {one.made for one in writes if one.made is not None}
        close = _about(writes, {thing for thing in made if thing.id in problem.reason})
        # A read, too, may be what it takes.
        for steps in (*self._known, close, writes, before):
            found = self._repeats([*steps, telling], problem)
            if found is not None:
                return self._shortened([*steps, telling], found)
        return problem

    def _shortened(self, steps: list[Step], problem: Refuted) -> Refuted:
        def repeats(tried: list[Step]) -> bool:
            nonlocal problem
            found = self._repeats(tried, problem)
            problem = found or problem
            return found is not None

        *before, telling = steps
        steps = [*_fewest(before, lambda tried: repeats([*tried, telling])), telling]
        for place in range(len(steps)):
            steps = _with_fewer_keys(steps, place, repeats)
        self._known.append(steps[:-1])
        return problem

    def _repeats(self, steps: Sequence[Step], problem: Refuted) -> Refuted | None:
        """Do the steps again on an account that is cleared; return the same problem if the last one meets it."""
        if self.arena.budget.left < 2 * len(steps) + AROUND:  # what is made is deleted again
            return None
        try:
            initial_state.clear(self.arena)
            replay = _Replay(
                Moves(self.arena, initial_state.read(self.arena, self.linked)), self.callers
            )
            for one in steps[:-1]:
                replay.take(one)
            replay.take_last(steps[-1])
        except Refuted as found:
            return found if _alike(found, problem) else None
        except (Outcome, SpentError, LostError):
            return None
        finally:
            self.arena.clear()
        return None


class LostError(Exception):
    """A step cannot be done again without one that is left out."""


class _Replay:
    """Does steps again: with the things that are made now in the place of those that were made then."""

    def __init__(self, moves: Moves, callers: tuple[str, ...]) -> None:
        self.moves, self.callers = moves, callers
        self._now: dict[Thing | Switch, Thing | Switch] = {}
        self._names: dict[str, str] = {}

    def take(self, step: Step) -> None:
        """Do a step before the last; what only it refutes does not matter, if the account holds what it must."""
        try:
            self.take_last(step)
        except LostError:
            return
        except Refuted as problem:
            if not self.moves.is_harmless(problem):
                raise

    def take_last(self, step: Step) -> None:
        """Do a step.

        Raises:
            LostError: what it is about was not made.
            Refuted: its response is not as the docs say.

        """
        words = tuple(self._now_of(word, step) for word in step.words)
        if is_determined(self.moves.account_state, step.move, words) != step.determined:
            raise LostError(step.move)
        made = getattr(self.moves, step.move)(*words, **step.named)
        if step.made is not None and made is not None:
            self._learn(step.made, made)

    def _now_of(self, word: Any, step: Step) -> Any:
        if isinstance(word, Thing) and word.model == "System":
            return self.moves.account_state.system
        if isinstance(word, Thing | Switch):
            if word not in self._now:
                raise LostError(step.move)
            return self._now[word]
        if isinstance(word, list):
            left = [self._now[one] for one in word if one in self._now]
            if word and not left:
                raise LostError(step.move)
            return left
        return self._view(word) if isinstance(word, View) else word

    def _learn(self, then: Thing | Switch, now: Thing | Switch) -> None:
        self._now[then] = now
        self._names[then.id] = now.id
        if isinstance(then, Thing) and isinstance(now, Thing) and then.uuid and now.uuid:
            was, is_now = (Address(one.model, one.id, one.uuid) for one in (then, now))
            for id_format in ID_FORMATS:
                if id_format != "dashed" or len(then.id) == len(now.id) == len("abcdef"):
                    self._names[was.in_format(id_format)] = is_now.in_format(id_format)

    def _view(self, view: View) -> View:
        """Return the same view of the account as it is now."""
        refs = {name: self._names.get(ref, ref) for name, ref in view.refs.items()}
        for found in self._views():
            same = (found.operation, found.caller, dict(found.refs)) == (
                view.operation,
                view.caller,
                refs,
            )
            if same and _asked(found) == _asked(view):
                return found
        raise LostError(view.operation)

    def _views(self) -> Iterator[View]:
        expected_views = ExpectedViews(self.moves.oracle, self.callers)
        plain = [*expected_views.views(), *expected_views.pages()]
        yield from plain
        for view in plain:
            yield from expected_views.in_format(view)


def _asked(view: View) -> dict[str, str]:
    """Return what a view asks for, but for the time, which is that of the newest switch."""
    return {name: value for name, value in (view.query or {}).items() if name != "before"}


def _alike(one: Refuted, other: Refuted) -> bool:
    assert one.exchange is not None
    assert other.exchange is not None
    same = one.exchange.operation.id == other.exchange.operation.id and type(one) is type(other)
    return same and not set(one.violates).isdisjoint(other.violates)


def _about(steps: list[Step], things: set[Thing | Switch]) -> list[Step]:
    """Return the steps that touch some things, with those that made what they touch besides."""
    close = [step for step in steps if things & _touched(step)]
    touched = set[Any]().union(*map(_touched, close))
    return [step for step in steps if step in close or step.made in touched]


def _touched(step: Step) -> set[Any]:
    listed = [one for word in step.words if isinstance(word, list) for one in word]
    return {one for one in (step.made, *step.words, *listed) if isinstance(one, Thing | Switch)}


def _fewest(parts: list[Part], holds: Callable[[list[Part]], bool]) -> list[Part]:
    """Return the fewest parts of which something holds, as far as leaving out some at a time finds them."""
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
    needs_one = step.move != "create"

    def holds_with(keys: list[Key]) -> bool:
        if needs_one and not keys:
            return False
        return holds([*before, _with_keys(step, keys), *after])

    keys = _keys_of(step)
    return [*before, _with_keys(step, _fewest(keys, holds_with)), *after] if keys else steps


def _keys_of(step: Step) -> list[Key]:
    """Return the keys of the body of a step, each key within another for itself."""
    if step.move not in CHANGED:
        return []
    body = next(word for word in step.words if isinstance(word, dict))
    return [
        (key, inner)
        for key, value in body.items()
        for inner in (value if isinstance(value, dict) and value else (None,))
    ]


def _with_keys(step: Step, keys: list[Key]) -> Step:
    """Return the step with these keys in its body alone."""
    body = next(word for word in step.words if isinstance(word, dict))
    left: dict[str, Any] = {}
    for key, inner in keys:
        if inner is None:
            left[key] = body[key]
        else:
            left.setdefault(key, {})[inner] = body[key][inner]
    words = tuple(left if word is body else word for word in step.words)
    return dataclasses.replace(step, words=words)

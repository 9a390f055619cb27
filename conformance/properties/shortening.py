"""Makes what led to a finding shorter: the steps of its trail are done again without some of them, as long as the same is refuted.

Hypothesis shortens what it chose, at the price of a whole sequence for each try; here a try costs no more than the steps
that are left, and the trail may be anybody's.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.checks.spellings import SPELLINGS, Address
from conformance.properties import slate
from conformance.properties.arena import SpentError
from conformance.properties.model import Switch, Thing
from conformance.properties.moves import Moves
from conformance.properties.panorama import Panorama, View
from conformance.properties.trail import is_determined
from conformance.wire import Outcome, Refuted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.properties.arena import Arena
    from conformance.properties.trail import Step

CHANGED = ("create", "patch", "settle")  # the moves with a body of which keys can be left out
AROUND = 3  # requests before the steps of a try


class Shortener:
    """Tries shorter trails on one account, within the budget of its arena."""

    def __init__(self, arena: Arena, callers: tuple[str, ...], linked: str | None = None) -> None:
        """Take what sends, who may look, and the account that names the system as well."""
        self.arena, self.callers, self.linked = arena, callers, linked

    def shortest(self, problem: Refuted, trail: Sequence[Step]) -> Refuted:
        """Return the same problem with the shortest chain that was found; the problem itself where it does not repeat."""
        *before, telling = trail
        writes = [one for one in before if one.move != "look"]
        for steps in ([*writes, telling], list(trail)):  # a read, too, may be what it takes
            found = self._repeats(steps, problem)
            if found is not None:
                return self._with_fewer_keys(*self._with_fewer_steps(steps, found))
        return problem

    def _with_fewer_steps(self, steps: list[Step], problem: Refuted) -> tuple[list[Step], Refuted]:
        size = len(steps) // 2
        while size:
            start, shorter = len(steps) - 1, False
            while start > 0:
                end, start = start, max(0, start - size)
                found = self._repeats(tried := steps[:start] + steps[end:], problem)
                if found is not None:
                    steps, problem, shorter = tried, found, True
            # Steps that need each other go one after the other.
            size = size if shorter and size == 1 else size // 2
        return steps, problem

    def _with_fewer_keys(self, steps: list[Step], problem: Refuted) -> Refuted:
        for place in range(len(steps)):
            left = True
            while left:
                left = False
                for one in _with_a_key_less(steps[place]):
                    found = self._repeats(
                        tried := [*steps[:place], one, *steps[place + 1 :]], problem
                    )
                    if found is not None:
                        steps, problem, left = tried, found, True
                        break
        return problem

    def _repeats(self, steps: Sequence[Step], problem: Refuted) -> Refuted | None:
        """Do the steps again on an account that is cleared; return the same problem if the last one meets it."""
        if self.arena.budget.left < 2 * len(steps) + AROUND:  # what is made is deleted again
            return None
        try:
            slate.clear(self.arena)
            replay = _Replay(Moves(self.arena, slate.read(self.arena, self.linked)), self.callers)
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
            Refuted: its answer is not as the docs say.

        """
        words = tuple(self._now_of(word, step) for word in step.words)
        if is_determined(self.moves.account, step.move, words) != step.determined:
            raise LostError(step.move)
        made = getattr(self.moves, step.move)(*words, **step.named)
        if step.made is not None and made is not None:
            self._learn(step.made, made)

    def _now_of(self, word: Any, step: Step) -> Any:
        if isinstance(word, Thing) and word.model == "System":
            return self.moves.account.system
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
            for spelling in SPELLINGS:
                if spelling != "dashed" or len(then.id) == len(now.id) == len("abcdef"):
                    self._names[was.spelled(spelling)] = is_now.spelled(spelling)

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
        panorama = Panorama(self.moves.forecaster, self.callers)
        plain = [*panorama.views(), *panorama.pages()]
        yield from plain
        for view in plain:
            yield from panorama.spelled(view)


def _asked(view: View) -> dict[str, str]:
    """Return what a view asks for, but for the time, which is that of the newest switch."""
    return {name: value for name, value in (view.query or {}).items() if name != "before"}


def _alike(one: Refuted, other: Refuted) -> bool:
    assert one.exchange is not None
    assert other.exchange is not None
    same = one.exchange.operation.id == other.exchange.operation.id and type(one) is type(other)
    return same and not set(one.breaks).isdisjoint(other.breaks)


def _with_a_key_less(step: Step) -> Iterator[Step]:
    """Yield the step without each key of its body, and without each key within one."""
    if step.move not in CHANGED:
        return
    place = next(n for n, word in enumerate(step.words) if isinstance(word, dict))
    body = step.words[place]
    for key in body if len(body) > 1 or step.move == "create" else ():
        yield _with_body(step, place, {k: v for k, v in body.items() if k != key})
    for key, value in body.items():
        for inner in value if isinstance(value, dict) and len(value) > 1 else ():
            left = {k: v for k, v in value.items() if k != inner}
            yield _with_body(step, place, {**body, key: left})


def _with_body(step: Step, place: int, body: dict[str, Any]) -> Step:
    words = (*step.words[:place], body, *step.words[place + 1 :])
    return dataclasses.replace(step, words=words)

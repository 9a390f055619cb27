"""Sends the values of `value_cases` to one entity of each model, as many as possible in one PATCH.

A value counts as sent together with others only when the answer says what became of it: the whole PATCH was accepted, or
`errors` names the key. Otherwise it is sent alone, so that the right key is blamed.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.checks.value_cases import REFUSED, Case, cases, rounds
from conformance.wire import ME, Outcome, Unmet
from conformance.wire.expectation import ABSENT, described, expect, expect_status, need_object, same

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.world import World

FoundT = TypeVar("FoundT")
BAD_REQUEST = 400


@dataclasses.dataclass
class Trial:
    """What became of one value: the entity before, the answer to the PATCH, and the entity after it."""

    before: dict[str, Any]
    patch: Exchange
    after: Exchange


class Trials:
    """Makes one entity of each model, and tries all cases of that model on it, once."""

    def __init__(self, world: World, contract: Contract) -> None:
        """Take the world; nothing is sent yet."""
        self.world, self.contract = world, contract
        self._trials: dict[Case, Trial | Outcome] = {}
        self._shown: dict[str, list[Exchange] | Outcome] = {}

    def trial(self, case: Case) -> Trial:
        """Return what became of a case; raises Unmet when it could not be tried."""
        if case not in self._trials:
            self._run(case.model)
        return _unless_outcome(self._trials[case])

    def shown(self, model: str) -> list[Exchange]:
        """Return answers that show the entity to its owner, before anything was tried on it."""
        if model not in self._shown:
            self._run(model)
        return _unless_outcome(self._shown[model])

    def _run(self, model: str) -> None:
        tried = [case for case in cases(self.contract) if case.model == model]
        try:
            at = self._subject(model)
            for together in rounds(tried):
                self._try(model, at, together)
        except Outcome as problem:
            self._shown.setdefault(model, problem)
            self._trials |= {case: problem for case in tried if case not in self._trials}

    def _subject(self, model: str) -> dict[str, str]:
        world, created = self.world, []
        if model == "System":
            world.will_change("updateSystem")
            at = ME
        else:
            entity = world.member() if model == "Member" else world.group()
            created, at = [entity.created], entity.refs
        # That a PATCH works at all: what refuses this one says nothing of a value.
        plain = world.owner.send(f"update{model}", at, json={"description": "plain text"})
        need_object(plain)
        self._last = world.owner.send(f"get{model}", at)
        need_object(self._last)
        self._shown[model] = [*created, plain, self._last]
        return at

    def _try(self, model: str, at: dict[str, str], together: list[Case]) -> None:
        owner, before = self.world.owner, need_object(self._last)
        body = {case.key: case.value for case in together}
        patch = owner.send(f"update{model}", at, json=body)
        alone = {
            case: owner.send(f"update{model}", at, json={case.key: case.value})
            for case in together
            if len(together) > 1 and not _settled(case, patch)
        }
        self._last = owner.send(f"get{model}", at)
        for case in together:
            self._trials[case] = Trial(before, alone.get(case, patch), self._last)


def _unless_outcome(found: FoundT | Outcome) -> FoundT:
    if isinstance(found, Outcome):
        raise found
    return found


def _settled(case: Case, patch: Exchange) -> bool:
    if case.stage == REFUSED:
        return patch.status == BAD_REQUEST and case.key in errors_of(patch)
    return patch.ok


def errors_of(exchange: Exchange) -> dict[str, Any]:
    """Return the map of an error answer that says what is wrong with which key; empty when there is none."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    errors = body.get("errors")
    return errors if isinstance(errors, dict) else {}


def expect_taken(case: Case, trial: Trial) -> None:
    """The PATCH was accepted, and a GET after it shows the value."""
    expect(
        f"{case.key} ({case.label}) in {trial.patch.label}",
        holds=trial.patch.ok,
        expected="accepted",
        actual=described(trial.patch),
        exchange=trial.patch,
    )
    actual = need_object(trial.after).get(case.key, ABSENT)
    if case.key == "proxy_tags" and not is_tag_list(actual):
        reason = f"{trial.after.label} does not show proxy tags as a list of objects"
        raise Unmet(reason, trial.after)
    expect(
        f"{case.key} ({case.label}) as stored",
        holds=same(_meaning(case.key, actual), _meaning(case.key, case.value)),
        expected=case.value,
        actual=actual,
        exchange=trial.after,
    )


def _meaning(key: str, value: Any) -> Any:
    """Leave out what does not matter: the case of a colour, and whether a proxy tag lacks a side or has null there."""
    if key == "color" and isinstance(value, str):
        return value.lower()
    if key == "proxy_tags" and is_tag_list(value):
        return [{side: tag.get(side) for side in ("prefix", "suffix")} for tag in value]
    return value


def is_tag_list(value: object) -> bool:
    """Whether a value is a list of objects, as proxy tags are."""
    return isinstance(value, list) and all(isinstance(tag, dict) for tag in value)


def expect_not_taken(case: Case, trial: Trial) -> None:
    """The PATCH was answered 400, and a GET after it shows the old value."""
    expect_status(trial.patch, BAD_REQUEST)
    old = trial.before.get(case.key, ABSENT)
    actual = need_object(trial.after).get(case.key, ABSENT)
    expect(
        f"{case.key} after {case.label} was refused",
        holds=same(actual, old),
        expected=old,
        actual=actual,
        exchange=trial.after,
    )

"""Sends the values of `value_cases` to the subject of each model, as many as possible in one PATCH.

A value counts as sent together with others only when the response says what became of it: the whole PATCH was accepted, or
`errors` names the key. Otherwise it is sent alone, so that the right key is blamed; so is one that was accepted and is not
there.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from conformance.contract.equivalence import is_tag_list, means, same
from conformance.contract.value_cases import REJECTED, Case, cases, rounds
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect, expect_status, need_object
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.http import Exchange
    from conformance.scenarios.patched_entities import Subjects

FoundT = TypeVar("FoundT")
BAD_REQUEST = 400
INVALID, CODE = "err-40001", 40001
KEY_BESIDE = "description"
BESIDE = {KEY_BESIDE: "beside what is rejected"}
PRIVACY_BESIDE = {
    model: {"privacy": {key: "private"}}
    for model, key in (
        ("System", "description_privacy"),
        ("Member", "visibility"),
        ("Group", "visibility"),
    )
}
PLAIN = "plain text"


@dataclasses.dataclass
class Trial:
    """What became of one value: the entity before, the response to the PATCH, and the entity after it."""

    before: dict[str, Any]
    patch: Exchange
    after: Exchange


class Trials:
    """Tries all cases of a model on its subject, once."""

    def __init__(self, subjects: Subjects) -> None:
        """Take the subjects; nothing is sent yet."""
        self.subjects = subjects
        self.owner, self.contract = subjects.account.owner, subjects.contract
        self._trials: dict[Case, Trial | Outcome] = {}
        self.beside: dict[str, list[Trial]] = {}  # rejections of bodies with a valid key, by model
        self._shown: dict[str, list[Exchange] | Outcome] = {}

    def trial(self, case: Case) -> Trial:
        """Return what became of a case; raises PreconditionFailed when it could not be tried."""
        if case not in self._trials:
            self._run(case.model)
        return _unless_outcome(self._trials[case])

    def shown(self, model: str) -> list[Exchange]:
        """Return responses that show the subject to its owner, before anything was tried on it."""
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
        """Return the path parameters of a subject of which a PATCH with valid values was accepted."""
        owner, created = self.owner, self.subjects.created(model)
        filling = self.subjects.filled(model)
        at, plain = filling.at, filling.patch
        tried = plain.ok and model != "System"
        shown = need_object(self._read(model, at)).get("description") if tried else None
        # A member or group had none at first: some PATCH of it was stored.
        if not isinstance(shown, str):
            plain = owner.send(f"update{model}", at, json={"description": PLAIN})
            need_object(plain)
            if need_object(self._read(model, at)).get("description") != PLAIN:
                # That a PATCH works at all: what is not kept here says nothing of a value.
                reason = f"what {plain.label} sets is not there afterwards"
                raise PreconditionFailed(reason, self._last)
        self._shown[model] = [*created, plain, self._last]
        return at

    def _try(self, model: str, at: dict[str, str], together: list[Case]) -> None:
        before = need_object(self._last)
        # A valid key beside those that are rejected: it must not be carried out, either.
        beside = self._beside(model, together)
        patch = self._patch(model, at, together, beside)
        open_cases = [case for case in together if not _settled(case, patch)]
        alone = {
            case: self._patch(model, at, [case], beside) for case in open_cases if len(together) > 1
        }
        self._read(model, at)
        if beside and patch.status == BAD_REQUEST:
            self.beside.setdefault(model, []).append(Trial(before, patch, self._last))
        for case in together:
            self._trials[case] = Trial(before, alone.get(case, patch), self._last)
        for case in [case for case in together if len(together) > 1 and self._is_missing(case)]:
            # Maybe for being one of many: that is for `patch`, and no matter of its value.
            patch = self._patch(model, at, [case])
            self._trials[case] = Trial(before, patch, self._read(model, at))

    @staticmethod
    def _beside(model: str, together: list[Case]) -> dict[str, Any]:
        """Return what a PATCH holds beside cases that are all to be rejected."""
        if any(case.schedule != REJECTED for case in together):
            return {}
        free = all(case.key != KEY_BESIDE for case in together)
        return {**PRIVACY_BESIDE[model], **(BESIDE if free else {})}

    def _patch(
        self,
        model: str,
        at: dict[str, str],
        sent: list[Case],
        beside: dict[str, Any] | None = None,
    ) -> Exchange:
        body = {case.key: case.value for case in sent} | (beside or {})
        return self.owner.send(f"update{model}", at, json=body)

    def _read(self, model: str, at: dict[str, str]) -> Exchange:
        self._last = self.owner.send(f"get{model}", at)
        return self._last

    def _is_missing(self, case: Case) -> bool:
        """Whether a value is not there that was accepted."""
        trial = _unless_outcome(self._trials[case])
        shown = trial.after.json if isinstance(trial.after.json, dict) else {}
        if case.schedule == REJECTED or not trial.patch.ok:
            return False
        return not means(case.key, shown.get(case.key, ABSENT), case.value)


def _unless_outcome(found: FoundT | Outcome) -> FoundT:
    if isinstance(found, Outcome):
        raise found
    return found


def _settled(case: Case, patch: Exchange) -> bool:
    if case.schedule == REJECTED:
        return patch.status == BAD_REQUEST and case.key in errors_of(patch)
    return patch.ok


def errors_of(exchange: Exchange) -> dict[str, Any]:
    """Return the map of an error response that says what is wrong with which key; empty when there is none."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    errors = body.get("errors")
    return errors if isinstance(errors, dict) else {}


def expect_blamed(exchange: Exchange, *keys: str) -> None:
    """A rejection has the code of values that cannot be read, and names one of the keys under `errors`.

    Source: docs, errors#json-error-codes.
    """
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        f"code and errors of {exchange.label}",
        holds=body.get("code") == CODE and bool(errors_of(exchange).keys() & set(keys)),
        expected=Wording(f"code {CODE}, and a map with the key {' or '.join(keys)}"),
        actual={key: body.get(key, ABSENT) for key in ("code", "errors")},
        exchange=exchange,
        violates=(INVALID,),
    )


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
        raise PreconditionFailed(reason, trial.after)
    expect(
        f"{case.key} ({case.label}) as stored",
        holds=means(case.key, actual, case.value),
        expected=case.value,
        actual=actual,
        exchange=trial.after,
    )


def expect_not_taken(case: Case, trial: Trial) -> None:
    """The PATCH returned 400, and a GET after it shows the old value."""
    expect_status(trial.patch, BAD_REQUEST)
    old = trial.before.get(case.key, ABSENT)
    actual = need_object(trial.after).get(case.key, ABSENT)
    expect(
        f"{case.key} after {case.label} was rejected",
        holds=same(actual, old),
        expected=old,
        actual=actual,
        exchange=trial.after,
    )


@pytest.fixture(scope="session")
def trials(subjects: Subjects) -> Trials:
    """The values that `limits`, `formats` and `error_details` try; nothing is sent before they ask."""
    return Trials(subjects)

"""Sends the values of `contract.value_cases` to an entity of each model, as many as possible in one PATCH.

A value counts as sent together with others only when the response decides about it: the whole PATCH was accepted, or
`errors` names the key. Otherwise it is sent alone, so that the right key is reported; so is one that was accepted and is not
stored.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from conformance.contract.equivalence import is_tag_list, means, same
from conformance.contract.value_cases import REJECTED, Case, cases, rounds
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect, expect_status, need_object
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.http import Exchange
    from conformance.scenarios.patched_entities import PatchedEntities

FoundT = TypeVar("FoundT")
BAD_REQUEST = 400
INVALID, CODE = "err-40001", 40001
VALID_KEY = "description"
VALID_TEXT = {VALID_KEY: "beside what is rejected"}
VALID_PRIVACY = {
    model: {"privacy": {key: "private"}}
    for model, key in (
        ("System", "description_privacy"),
        ("Member", "visibility"),
        ("Group", "visibility"),
    )
}
PROBE_TEXT = "plain text"


@dataclasses.dataclass
class SentValue:
    """One value as it was sent: the entity before, the response to the PATCH, and the entity after it."""

    before: dict[str, Any]
    patch: Exchange
    after: Exchange


class SentValues:
    """Sends all cases of a model to its entity, once."""

    def __init__(self, patched_entities: PatchedEntities) -> None:
        """Take the entities; nothing is sent yet."""
        self.patched_entities = patched_entities
        self.owner, self.contract = patched_entities.account.owner, patched_entities.contract
        self._sent_values: dict[Case, SentValue | Outcome] = {}
        # By model.
        self.rejected_with_valid_key: dict[str, list[SentValue]] = {}
        self._shown: dict[str, list[Exchange] | Outcome] = {}

    def sent_value(self, case: Case) -> SentValue:
        """Return a case as it was sent; raises PreconditionFailed when it could not be sent."""
        if case not in self._sent_values:
            self._send_all(case.model)
        return _value_or_raise(self._sent_values[case])

    def shown(self, model: str) -> list[Exchange]:
        """Return responses that show the entity to its owner before the cases are sent."""
        if model not in self._shown:
            self._send_all(model)
        return _value_or_raise(self._shown[model])

    def _send_all(self, model: str) -> None:
        sent_cases = [case for case in cases(self.contract) if case.model == model]
        try:
            refs = self._prepare(model)
            for together in rounds(sent_cases):
                self._send_together(model, refs, together)
        except Outcome as problem:
            self._shown.setdefault(model, problem)
            self._sent_values |= {
                case: problem for case in sent_cases if case not in self._sent_values
            }

    def _prepare(self, model: str) -> dict[str, str]:
        """Return the path parameters of an entity that a PATCH with valid values has changed."""
        owner, created = self.owner, self.patched_entities.created(model)
        full_patch = self.patched_entities.full_patch(model)
        refs, probe = full_patch.refs, full_patch.patch
        is_stored = probe.ok and model != "System"
        shown = need_object(self._read(model, refs)).get("description") if is_stored else None
        # A member or group had no description at first, so some PATCH of it was stored.
        if not isinstance(shown, str):
            probe = owner.send(f"update{model}", refs, json={"description": PROBE_TEXT})
            need_object(probe)
            if need_object(self._read(model, refs)).get("description") != PROBE_TEXT:
                # Where no PATCH is stored, a single value that is not stored proves nothing.
                reason = f"what {probe.label} sets is not there afterwards"
                raise PreconditionFailed(reason, self._last)
        self._shown[model] = [*created, probe, self._last]
        return refs

    def _send_together(self, model: str, refs: dict[str, str], together: list[Case]) -> None:
        before = need_object(self._last)
        # A valid key together with those that are rejected: it must not be stored, either.
        valid_keys = self._valid_keys(model, together)
        patch = self._patch(model, refs, together, valid_keys)
        open_cases = [case for case in together if not _is_decided(case, patch)]
        alone = {
            case: self._patch(model, refs, [case], valid_keys)
            for case in open_cases
            if len(together) > 1
        }
        self._read(model, refs)
        accepted = any(one.ok for one in alone.values())  # what it changed is for its own check
        if valid_keys and patch.status == BAD_REQUEST and not accepted:
            self.rejected_with_valid_key.setdefault(model, []).append(
                SentValue(before, patch, self._last)
            )
        for case in together:
            self._sent_values[case] = SentValue(before, alone.get(case, patch), self._last)
        for case in [case for case in together if len(together) > 1 and self._is_missing(case)]:
            # It may be lost for being one of many, which is for the checks of PATCH and not about this value.
            patch = self._patch(model, refs, [case])
            self._sent_values[case] = SentValue(before, patch, self._read(model, refs))

    @staticmethod
    def _valid_keys(model: str, together: list[Case]) -> dict[str, Any]:
        """Return the valid keys that a PATCH has besides cases that must all be rejected."""
        if any(case.stage != REJECTED for case in together):
            return {}
        description_is_free = all(case.key != VALID_KEY for case in together)
        return {**VALID_PRIVACY[model], **(VALID_TEXT if description_is_free else {})}

    def _patch(
        self,
        model: str,
        refs: dict[str, str],
        sent: list[Case],
        valid_keys: dict[str, Any] | None = None,
    ) -> Exchange:
        body = {case.key: case.value for case in sent} | (valid_keys or {})
        return self.owner.send(f"update{model}", refs, json=body)

    def _read(self, model: str, refs: dict[str, str]) -> Exchange:
        self._last = self.owner.send(f"get{model}", refs)
        return self._last

    def _is_missing(self, case: Case) -> bool:
        """Whether a value was accepted and is not stored."""
        sent_value = _value_or_raise(self._sent_values[case])
        shown = sent_value.after.json if isinstance(sent_value.after.json, dict) else {}
        if case.stage == REJECTED or not sent_value.patch.ok:
            return False
        return not means(case.key, shown.get(case.key, ABSENT), case.value)


def _value_or_raise(found: FoundT | Outcome) -> FoundT:
    if isinstance(found, Outcome):
        raise found
    return found


def _is_decided(case: Case, patch: Exchange) -> bool:
    if case.stage == REJECTED:
        return patch.status == BAD_REQUEST and case.key in errors_of(patch)
    return patch.ok


def errors_of(exchange: Exchange) -> dict[str, Any]:
    """Return the map of an error response that says what is wrong with which key; empty when there is none."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    errors = body.get("errors")
    return errors if isinstance(errors, dict) else {}


def expect_error_names(exchange: Exchange, *keys: str) -> None:
    """A rejection has the code of invalid values, and names one of the keys under `errors`.

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


def _demanded(sent_value: SentValue) -> list[str]:
    """Return the keys that an error names alone and that the body did not have: the server wants them in each PATCH."""
    body = json.loads(sent_value.patch.request_body or "{}")
    named = [str(key) for key in errors_of(sent_value.patch)]
    wanted = all(key in sent_value.before and key not in body for key in named)
    return named if wanted else []


def expect_stored(case: Case, sent_value: SentValue) -> None:
    """The PATCH was accepted, and a GET after it shows the value."""
    if not sent_value.patch.ok and (missing := _demanded(sent_value)):
        reason = f"{sent_value.patch.label} was rejected for want of {', '.join(missing)}"
        raise PreconditionFailed(reason, sent_value.patch)
    expect(
        f"{case.key} ({case.label}) in {sent_value.patch.label}",
        holds=sent_value.patch.ok,
        expected="accepted",
        actual=described(sent_value.patch),
        exchange=sent_value.patch,
    )
    actual = need_object(sent_value.after).get(case.key, ABSENT)
    if case.key == "proxy_tags" and not is_tag_list(actual):
        reason = f"{sent_value.after.label} does not show proxy tags as a list of objects"
        raise PreconditionFailed(reason, sent_value.after)
    expect(
        f"{case.key} ({case.label}) as stored",
        holds=means(case.key, actual, case.value),
        expected=case.value,
        actual=actual,
        exchange=sent_value.after,
    )


def expect_not_stored(case: Case, sent_value: SentValue) -> None:
    """The PATCH returned 400, and a GET after it shows the old value."""
    expect_status(sent_value.patch, BAD_REQUEST)
    old = sent_value.before.get(case.key, ABSENT)
    actual = need_object(sent_value.after).get(case.key, ABSENT)
    expect(
        f"{case.key} after {case.label} was rejected",
        holds=same(actual, old),
        expected=old,
        actual=actual,
        exchange=sent_value.after,
    )


@pytest.fixture(scope="session")
def sent_values(patched_entities: PatchedEntities) -> SentValues:
    """The values that the checks of limits, formats and error details share; nothing is sent before they ask."""
    return SentValues(patched_entities)

"""Sends the values of `contract.value_cases` to what they belong to, as many as possible in one body.

A value counts as sent together with others only when the response decides about it: the whole body was accepted, or
`errors` names the key. Otherwise it is sent alone, so that the right key is reported; so is one that was accepted and is not
stored. After bodies that were rejected one after another, the object is read once.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.equivalence import is_tag_list, means, same
from conformance.contract.value_cases import (
    ABSENT as NOT_SHOWN,
)
from conformance.contract.value_cases import (
    OPEN,
    REJECTED,
    Case,
    body_of,
    cases,
    rounds,
    rules_of_lost,
)
from conformance.contract.value_types import fits
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    described,
    expect,
    expect_status,
    need_key,
    need_object,
    need_type,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.once import value_or_raise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.changed_objects import ChangedObject

BAD_REQUEST, FAILURE = 400, 500
INVALID, CODE = "err-40001", 40001
NOT_CARRIED_OUT = "errors-are-4xx-json"


@dataclasses.dataclass
class SentValue:
    """One value as it was sent: the object before, the response to the body, and the object after it.

    `others` are values of the same key that were sent before the same read; `read_late` says that a body which set the key was accepted before it.
    """

    before: dict[str, Any]
    patch: Exchange
    after: Exchange
    others: list[Any] = dataclasses.field(default_factory=list)
    read_late: bool = False


class SentValues:
    """Sends all cases of an operation, once."""

    def __init__(self, contract: Contract, changed_objects: dict[str, ChangedObject]) -> None:
        """Take what the operations change; nothing is sent yet."""
        self.contract, self.changed_objects = contract, changed_objects
        self._sent_values: dict[Case, SentValue | Outcome] = {}
        self._shown: dict[str, list[Exchange] | Outcome] = {}
        # By operation: the keys that were valid in each body that was rejected.
        self._rejected: dict[str, list[tuple[list[str], SentValue]]] = {}
        # What was sent since the last read, and the valid keys of the bodies among it that were rejected.
        self._unread: list[tuple[Case, SentValue]] = []
        self._unread_valid: list[tuple[list[str], SentValue]] = []

    def sent_value(self, case: Case) -> SentValue:
        """Return a case as it was sent; raises an outcome when it could not be sent."""
        if case not in self._sent_values:
            self._send_all(case.operation)
        return value_or_raise(self._sent_values[case])

    def shown(self, model: str) -> list[Exchange]:
        """Return responses that show the system, member or group to its owner before values are sent."""
        operation = f"update{model}"
        if operation not in self._shown:
            self._send_all(operation)
        return value_or_raise(self._shown[operation])

    def rejected_beside_valid(self, operation: str) -> list[tuple[list[str], SentValue]]:
        """Return the bodies that were rejected for some keys, and their valid ones; raises an outcome when none could be sent."""
        if operation not in self._shown:
            self._send_all(operation)
        value_or_raise(self._shown[operation])
        return self._rejected.get(operation, [])

    def _send_all(self, operation: str) -> None:
        sent_cases = [case for case in cases(self.contract) if case.operation == operation]
        changed = self.changed_objects[operation]
        try:
            self._last = changed.prepare()
            self._shown[operation] = changed.shown
            for together in rounds(sent_cases, changed.valid):
                if not together[0].sent_with_rejected:
                    self._read_unread(changed)
                self._send_together(changed, together)
            self._read_unread(changed)
        except Outcome as problem:
            self._shown.setdefault(operation, problem)
            self._sent_values |= {
                case: problem for case in sent_cases if case not in self._sent_values
            }

    def _send_together(self, changed: ChangedObject, together: list[Case]) -> None:
        before = need_object(self._last)
        # Valid keys together with those that are rejected: they must not be stored, either.
        valid = valid_beside(changed, together)
        patch = changed.send(valid | body_of(together))
        open_cases = [case for case in together if not _is_decided(case, patch)]
        alone = {
            case: changed.send(valid | body_of([case])) for case in open_cases if len(together) > 1
        }
        for case in together:
            sent = alone.get(case, patch)
            self._sent_values[case] = sent_value = SentValue(before, sent, sent)
            if not case.creates:
                self._unread.append((case, sent_value))
        accepted = any(one.ok for one in (patch, *alone.values()))
        if valid and patch.status == BAD_REQUEST and not accepted:
            self._unread_valid.append((list(valid), SentValue(before, patch, patch)))
        if accepted:
            self._read_unread(changed, accepted=together)
        for case in [case for case in together if len(together) > 1 and self._is_missing(case)]:
            # It may be lost for being one of many, which is for the checks of PATCH and not about this value.
            patch = changed.send(body_of([case]))
            self._sent_values[case] = SentValue(before, patch, self._read(changed, patch))

    def _read_unread(self, changed: ChangedObject, accepted: Sequence[Case] = ()) -> None:
        """Read the object after what was sent since the last read; the last body, with these cases, may have been accepted."""
        if not self._unread:
            return
        last, sent = self._unread[-1]
        after = self._read(changed, sent.patch)
        values: dict[str, list[Any]] = {}
        ok = [sent_value.patch for _, sent_value in self._unread if sent_value.patch.ok]
        set_keys = {key for patch in ok for key in json.loads(patch.request_body or "{}")}
        for case, sent_value in self._unread:
            sent_value.others = values.setdefault(case.key, [])
            sent_value.others.append(case.value)
            is_set = case.key.partition(".")[0] in set_keys
            sent_value.read_late = is_set and case not in accepted
        for _, sent_value in (*self._unread, *self._unread_valid):
            sent_value.after = after
        if not accepted:  # what it changed is for its own check
            self._rejected.setdefault(last.operation, []).extend(self._unread_valid)
        self._unread, self._unread_valid = [], []

    def _read(self, changed: ChangedObject, sent: Exchange) -> Exchange:
        read = changed.read(sent)
        if read is not sent:
            self._last = read
        return read

    def _is_missing(self, case: Case) -> bool:
        """Whether a value was accepted and is not stored."""
        sent_value = value_or_raise(self._sent_values[case])
        shown = sent_value.after.json if isinstance(sent_value.after.json, dict) else {}
        if case.stage in (REJECTED, OPEN) or not sent_value.patch.ok:
            return False
        return not means(case.key, _shown(case, shown), case.value)


def valid_beside(changed: ChangedObject, together: list[Case]) -> dict[str, Any]:
    """Return the valid keys that a body has besides cases that most servers reject."""
    if not all(case.sent_with_rejected for case in together):
        return {}
    taken = {case.key.partition(".")[0] for case in together}
    return {key: value for key, value in changed.valid.items() if key not in taken}


def _shown(case: Case, entity: dict[str, Any]) -> Any:
    found = case.shown(entity)
    return ABSENT if found is NOT_SHOWN else found


def _is_decided(case: Case, patch: Exchange) -> bool:
    if case.stage == OPEN and patch.ok:
        return True
    if case.sent_with_rejected or case.stage == OPEN:
        return patch.status == BAD_REQUEST and case.is_named_in(errors_of(patch))
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


def expect_stored(case: Case, sent_value: SentValue, contract: Contract) -> None:
    """The body was accepted, and what is shown after it has the value."""
    if not sent_value.patch.ok and (missing := _demanded(sent_value)):
        reason = f"{sent_value.patch.label} was rejected for want of {', '.join(missing)}"
        raise PreconditionFailed(reason, sent_value.patch)
    expect(
        f"{case.key} ({case.label}) in {sent_value.patch.label}",
        holds=sent_value.patch.ok,
        expected="accepted",
        actual=described(sent_value.patch),
        exchange=sent_value.patch,
        as_upstream=case.cell.is_as_upstream(sent_value.patch.status, contract.revision),
    )
    shown = need_object(sent_value.after)
    if not case.creates:
        need_judged(case, sent_value, contract)
    actual = _shown(case, shown)
    if case.key == "proxy_tags" and not is_tag_list(actual):
        reason = f"{sent_value.after.label} does not show proxy tags as a list of objects"
        raise PreconditionFailed(reason, sent_value.after)
    expect(
        f"{case.key} ({case.label}) as stored",
        holds=means(case.key, actual, case.value),
        expected=case.value,
        actual=actual,
        exchange=sent_value.after,
        violates=rules_of_lost(case, actual, contract),
    )


def need_judged(case: Case, sent_value: SentValue, contract: Contract) -> None:
    """Raise PreconditionFailed where a key was missing, or of another type, before its value was sent, and is so now."""
    shown = need_object(sent_value.after)
    for field in contract.fields_of(case.model):
        if field.key == case.key and field.key not in sent_value.before:
            need_key(sent_value.after, shown, field.key)
        elif field.key == case.key and not fits(field, sent_value.before.get(field.key)):
            need_type(sent_value.after, shown, field)


def expect_not_stored(case: Case, sent_value: SentValue, revision: str) -> None:
    """The response is 400, and what is shown after it has the old value: that a rejected body is not carried out is a requirement of its own."""
    as_upstream = case.cell.is_as_upstream(sent_value.patch.status, revision)
    expect_status(sent_value.patch, BAD_REQUEST, as_upstream=as_upstream, violates=case.rules)
    if not case.creates:
        expect_kept(case, sent_value)


def expect_kept(case: Case, sent_value: SentValue) -> None:
    """What is shown after a rejected body has the old value, or one that another rejected body had, which is for that one's check."""
    if sent_value.read_late:
        return
    old, actual = case.shown(sent_value.before), case.shown(need_object(sent_value.after))
    others = [value for value in sent_value.others if not same(value, case.value)]
    expect(
        f"{case.key} after {case.label} was rejected",
        holds=same(actual, old) or any(same(actual, value) for value in others),
        expected=ABSENT if old is NOT_SHOWN else old,
        actual=ABSENT if actual is NOT_SHOWN else actual,
        exchange=sent_value.after,
        violates=(NOT_CARRIED_OUT,),
    )


@pytest.fixture(scope="session")
def sent_values(contract: Contract, changed_objects: dict[str, ChangedObject]) -> SentValues:
    """The values that the checks of limits, formats and error details share; nothing is sent before they ask."""
    return SentValues(contract, changed_objects)

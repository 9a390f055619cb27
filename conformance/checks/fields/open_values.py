"""Values of which the docs do not say what becomes of them: of another type, empty, or odd (docs: models, errors).

A server may take or reject them. It does not fail at them, stores nothing of what it rejects, and shows what it takes as the
docs have it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.contract.value_cases import ABSENT, OPEN, PRIVACY, Case, cases
from conformance.http import NotApplicable
from conformance.http.assertions import described, expect, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.sent_values import FAILURE, SentValues, expect_kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

FORMS = ("boolean", "enum", "color", "date", "url", "array", "keys")


def open_values(contract: Contract) -> Iterator[Row]:
    """Rows for these values."""
    for case in cases(contract):
        if case.stage == OPEN:
            yield Row(case, case.name, case.rules, cells=(case.cell,))


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for each key with such values, with the requirements that say of which form it is shown, or what the response is."""
    for (operation, key), some in _by_key(contract).items():
        shown, model = key.removeprefix(PRIVACY), some[0].model
        rules = contract.named(*FORMS, model=model, key=shown)
        if shown != key:
            rules = contract.named("privacy_object")
        rules = rules or contract.named("returns", operation=operation)
        yield Row(some, f"{operation}-{key}", rules)


def patched(contract: Contract) -> Iterator[Row]:
    """Rows for each such key of a PATCH: there is something that must stay."""
    return (Row(row.value, row.id) for row in keys(contract) if not row.value[0].creates)


@functools.cache
def _by_key(contract: Contract) -> dict[tuple[str, str], list[Case]]:
    found: dict[tuple[str, str], list[Case]] = {}
    for case in cases(contract):
        if case.stage == OPEN:
            found.setdefault((case.operation, case.key), []).append(case)
    return found


@each("case", open_values)
def check_open_value_is_no_failure(case: Case, sent_values: SentValues, contract: Contract) -> None:
    """A value of which the docs say nothing is taken or rejected; it is no failure of the server."""
    exchange = sent_values.sent_value(case).patch
    expect(
        f"{case.key} ({case.label}) in {exchange.label}",
        holds=exchange.status is not None and exchange.status < FAILURE,
        expected=Wording("a success, or a rejection (4xx)"),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=case.cell.is_as_upstream(exchange.status, contract.revision),
    )


@requirement("errors-are-4xx-json")
@each("some", patched)
def check_rejected_open_value_is_not_stored(some: list[Case], sent_values: SentValues) -> None:
    """When a PATCH is rejected for such a value, the key has the value from before."""
    sent = [(case, sent_values.sent_value(case)) for case in some]
    rejected = [(case, sent_value) for case, sent_value in sent if not sent_value.patch.ok]
    if not rejected:
        reason = f"no {some[0].operation} was rejected for {some[0].key}"
        raise NotApplicable(reason)
    for case, sent_value in rejected:
        expect_kept(case, sent_value)


@each("some", keys)
def check_open_value_is_shown_as_documented(
    some: list[Case], sent_values: SentValues, contract: Contract
) -> None:
    """When such a value is taken, the key is shown with a value as the docs have it."""
    for case in some:
        sent_value = sent_values.sent_value(case)
        actual = case.shown(need_object(sent_value.after)) if sent_value.patch.ok else ABSENT
        if actual is ABSENT:
            continue  # a missing key is for another check
        error = next(_validator(contract, case.model, case.key).iter_errors(actual), None)
        expect(
            f"{case.key} after {case.label}",
            holds=error is None,
            expected=Wording("a value of the documented form"),
            actual=actual,
            exchange=sent_value.after,
        )


@functools.cache
def _validator(contract: Contract, model: str, key: str) -> Draft202012Validator:
    name, _, privacy = key.partition(".")
    schema = contract.field(model, name).schema
    if privacy:
        schemas = contract.document["components"]["schemas"]
        schema = schemas[f"{model}Privacy"]["properties"][privacy]
    return Draft202012Validator({**schema, "components": contract.document["components"]})

"""The form of values: of those that a body sets, and of those that only the server gives (docs: models)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.equivalence import is_tag_list, same
from conformance.contract.keys import PRIVACY
from conformance.contract.rows import Row
from conformance.contract.value_cases import CLEARED, MODELS, REJECTED, TAKEN, Case, cases, rows
from conformance.contract.value_types import fits, type_of
from conformance.http import NotApplicable
from conformance.http.assertions import ABSENT, expect, expect_value, need_object, need_privacy
from conformance.http.outcomes import Wording
from conformance.scenarios.sent_values import (
    SentValues,
    expect_not_stored,
    expect_stored,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field, PrivacyKey


def valid(contract: Contract) -> Iterator[Row]:
    """Rows for values of a valid form, and for null where it is valid."""
    return rows(contract, limits=False, stages=[TAKEN, CLEARED])


def invalid(contract: Contract) -> Iterator[Row]:
    """Rows for values of an invalid form."""
    return rows(contract, limits=False, stages=[REJECTED])


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for the PATCHes that have a valid key beside a value that must be rejected."""
    names = (case.operation for case in cases(contract, "update") if case.stage == REJECTED)
    return (Row(name, name) for name in dict.fromkeys(names))


def tags(contract: Contract) -> Iterator[Row]:
    """Rows for the valid lists of proxy tags."""
    for row in valid(contract):
        if row.value.key == "proxy_tags" and row.value.model == "Member":
            yield Row(row.value, row.id)


def given_by_server(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that no body can set and whose type the docs say."""
    for field in contract.fields:
        rules = contract.named("datetime", "nullable", model=field.model, key=field.key)
        if field.model in MODELS and field.read_only and rules:
            yield Row(field, field.name, rules)


def privacy_keys(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of each privacy object."""
    for key in contract.privacy_keys:
        yield Row(key, key.name, contract.named("keys", model=key.model + PRIVACY))


def privacy_values(contract: Contract) -> Iterator[Row]:
    """The same rows without the requirement that the key is there."""
    return (Row(row.value, row.id) for row in privacy_keys(contract))


@each("case", valid)
def check_valid_value_is_stored(case: Case, sent_values: SentValues, contract: Contract) -> None:
    """A value of the documented form is accepted, and stored as it is."""
    expect_stored(case, sent_values.sent_value(case), contract)


@requirement("errors-are-4xx-json")
@each("case", invalid)
def check_invalid_value_is_rejected(case: Case, sent_values: SentValues) -> None:
    """A value of another form returns 400, and is not stored."""
    expect_not_stored(case, sent_values.sent_value(case), sent_values.contract.revision)


@requirement("member-proxy-tags-array", "proxytag-prefix-suffix")
@each("case", tags)
def check_proxy_tags_have_prefix_and_suffix(case: Case, sent_values: SentValues) -> None:
    """Proxy tags are shown as a list of objects with the keys prefix and suffix, each text or null."""
    exchange = sent_values.sent_value(case).after
    shown = need_object(exchange).get(case.key, ABSENT)
    expect(
        case.key,
        holds=is_tag_list(shown),
        expected=Wording("a list of objects"),
        actual=shown,
        exchange=exchange,
    )
    for tag in shown:
        affixes = (tag.get("prefix", ABSENT), tag.get("suffix", ABSENT))
        expect(
            "a proxy tag",
            holds=not any(
                affix is ABSENT or not isinstance(affix, str | None) for affix in affixes
            ),
            expected=Wording("prefix and suffix, each text or null"),
            actual=tag,
            exchange=exchange,
            violates=("proxytag-prefix-suffix",),
        )


@each("field", given_by_server)
def check_key_has_its_type(field: Field, sent_values: SentValues) -> None:
    """A key that the server gives is of the documented type, where it is shown."""
    for exchange in sent_values.shown(field.model):
        body = need_object(exchange)
        if field.key not in body:
            continue  # that it is missing is for another check
        expect(
            f"{field.key} in {exchange.label}",
            holds=fits(field, body[field.key]),
            expected=Wording(type_of(field)),
            actual=body[field.key],
            exchange=exchange,
        )


@each("key", privacy_keys)
def check_privacy_key_is_there(key: PrivacyKey, sent_values: SentValues) -> None:
    """The privacy object that the owner sees has all its keys."""
    for exchange in sent_values.shown(key.model):
        expect(
            f"privacy.{key.key} in {exchange.label}",
            holds=key.key in need_privacy(exchange),
            expected=Wording(f"the key {key.key}"),
            actual=ABSENT,
            exchange=exchange,
        )


@requirement("privacy-values-public-private")
@each("key", privacy_values)
def check_privacy_value_is_public_or_private(key: PrivacyKey, sent_values: SentValues) -> None:
    """Every value of a privacy object is public or private."""
    for exchange in sent_values.shown(key.model):
        value = need_privacy(exchange).get(key.key, "public")
        expect(
            f"privacy.{key.key} in {exchange.label}",
            holds=value in ("public", "private"),
            expected=Wording('"public" or "private"'),
            actual=value,
            exchange=exchange,
        )


@requirement("errors-are-4xx-json")
@each("operation", operations)
def check_rejected_patch_is_not_carried_out_in_part(
    operation: str, sent_values: SentValues
) -> None:
    """Of a PATCH that is rejected for one key nothing is stored, not its valid keys either."""
    found = sent_values.rejected_beside_valid(operation)
    if not found:
        reason = f"no {operation} with a valid key was rejected for another one"
        raise NotApplicable(reason)
    for valid, sent_value in found:
        before, after = sent_value.before, need_object(sent_value.after)
        changed = [key for key in valid if not same(after.get(key), before.get(key))]
        what = f"what {sent_value.patch.label} changed although it was rejected"
        expect_value(sent_value.after, what, changed, [])

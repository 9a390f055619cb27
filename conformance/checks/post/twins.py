"""Two entities may have the same values: each keeps its own, whatever becomes of the other (docs: reference#api-reference).

The docs say of ids alone that they are unique.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.empty_lists import expect_rejected_for_privacy
from conformance.contract.equivalence import means, same
from conformance.contract.rows import Row, table_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import ABSENT, expect, expect_status, need_object, need_success
from conformance.scenarios.closed_lists import requirements_of
from conformance.scenarios.patch_sequence import VOLATILE, flat
from conformance.scenarios.twins import FIRST, SECOND, nullable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.twins import Twins

MODELS = ("Member", "Group")
OF_GROUP = "getGroupMembers"


def created(contract: Contract) -> Iterator[Row]:
    """Rows for the models, with the requirements on a POST."""
    for model in MODELS:
        rules = contract.named("returns", operation=f"create{model}")
        yield Row(model, model.lower(), ("create-stores-sent-keys", *rules))


@each("model", created)
def check_same_values_can_be_sent_again(model: str, twins: Twins, contract: Contract) -> None:
    """A POST with all the values of another entity creates one more, with these values."""
    sent, exchange = twins.first(model).sent, twins.posted(model)
    returns = contract.named("returns", operation=f"create{model}")
    expect_status(exchange, 200, 201, violates=returns)
    shown, first = need_object(exchange), twins.first(model).body
    lost = {
        key: shown.get(key, ABSENT)
        for key, value in sent.items()
        if means(key, first.get(key), value) and not means(key, shown.get(key), value)
    }
    expect(
        f"values of another {model.lower()} in {exchange.label}",
        holds=not lost,
        expected={key: sent[key] for key in lost},
        actual=lost,
        exchange=exchange,
        violates=("create-stores-sent-keys",),
    )


@requirement("create-stores-sent-keys", "patch-preserves-missing-keys")
@each("model", table_of(MODELS, str.lower))
def check_others_keep_the_same_values(model: str, twins: Twins, contract: Contract) -> None:
    """An entity keeps its values when another one gets the same, and when that one loses them."""
    need_success(twins.emptied(model))
    exchange = twins.read(model, FIRST)
    found = changed(contract, model, twins.first(model).body, need_object(exchange))
    by_patch = all(value is None for value in found["after"].values())
    expect(
        f"a {model.lower()} whose values another one had",
        holds=not found["before"],
        expected=found["before"],
        actual=found["after"],
        exchange=exchange,
        violates=("patch-preserves-missing-keys" if by_patch else "create-stores-sent-keys",),
    )


@requirement("patch-preserves-missing-keys")
@each("model", table_of(MODELS, str.lower))
def check_null_leaves_other_keys_alone(model: str, twins: Twins, contract: Contract) -> None:
    """A PATCH with null for all keys that may be null leaves the others, and all privacy keys, as they were."""
    need_success(twins.emptied(model))
    before, exchange = need_object(twins.private(model)), twins.read(model, SECOND)
    found = changed(contract, model, before, need_object(exchange), but=nullable(contract, model))
    expect(
        f"keys of a {model.lower()} that were not set to null",
        holds=not found["before"],
        expected=found["before"],
        actual=found["after"],
        exchange=exchange,
    )


def closed(contract: Contract) -> Iterator[Row]:
    """A row for the list of the members of a group."""
    rules = requirements_of(contract, contract.operations[OF_GROUP])
    yield Row(OF_GROUP, OF_GROUP, rules)


@each("operation", closed)
def check_private_group_without_members_is_rejected(
    operation: str, twins: Twins, contract: Contract
) -> None:
    """The private list of a group without members is rejected, as one with members is."""
    before = need_object(twins.private("Group")).get("privacy")
    if not isinstance(before, dict) or before.get("list_privacy") != "private":
        reason = "list_privacy of a group could not be made private"
        raise PreconditionFailed(reason, twins.private("Group"))
    group = twins.second("Group").refs
    exchange = twins.account.anonymous.send(operation, group)
    expect_rejected_for_privacy(exchange, operation, contract)


def changed(
    contract: Contract,
    model: str,
    before: dict[str, Any],
    after: dict[str, Any],
    but: list[str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return what differs among the documented keys: `{"before": ..., "after": ...}`."""
    fields = [f for f in contract.fields_of(model) if f.always or f.key in after]
    known = {f.key for f in fields} - {*VOLATILE, *(but or ())}
    old, new = flat(before), flat(after)
    keys = [
        key
        for key in old
        if key.partition(".")[0] in known and not same(old[key], new.get(key, ABSENT))
    ]
    return {"before": {k: old[k] for k in keys}, "after": {k: new.get(k, ABSENT) for k in keys}}

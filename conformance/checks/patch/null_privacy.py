"""Privacy keys that a PATCH sets to null are public, to everybody (docs: models#models).

The PATCHes, and what others read after them, are in `scenarios.null_privacy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.account.put_back import VOLATILE
from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row, table_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_accepted,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_privacy,
)
from conformance.scenarios.null_privacy import MODELS, READS, NullPrivacy, private_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

NO_CONTENT = 204


def lists(contract: Contract) -> Iterator[Row]:
    """Rows for the lists that are open again, and those that show again what is visible."""
    for model in MODELS:
        for operation in READS[model][1:]:
            assert operation in contract.operations
            yield Row((model, operation), f"{model.lower()}-{operation}")


@requirement("privacy-null-means-public")
@each("model", table_of(MODELS, str.lower))
def check_null_privacy_means_public(model: str, null_privacy: NullPrivacy) -> None:
    """A privacy key that a PATCH sets to null is public afterwards."""
    found = null_privacy.nulls(model)
    expect_accepted(found.patch)
    still = [key for key in private_keys(found.after, found.keys) if key != found.spared]
    expect_value(found.after, "what is private after null", still, [])
    alone = private_keys(found.last, [found.spared])
    expect_value(found.last, "what is private after null for it alone", alone, [])


@requirement("patch-preserves-missing-keys")
@each("model", table_of(MODELS, str.lower))
def check_null_privacy_leaves_other_keys(model: str, null_privacy: NullPrivacy) -> None:
    """A privacy key that a PATCH leaves out stays private when others are set to null."""
    found = null_privacy.nulls(model)
    need_object(found.patch)
    private = private_keys(found.after, [found.spared])
    expect_value(found.after, "private keys that had no null", private, [found.spared])


@requirement("auth-optional-for-public-reads")
@each("model", table_of(MODELS, str.lower))
def check_null_privacy_shows_fields_again(
    model: str, null_privacy: NullPrivacy, contract: Contract
) -> None:
    """Others see again what a key covered that was private and was set to null."""
    mine, exchange = null_privacy.nulls(model).last, null_privacy.read(model, READS[model][0])
    own, privacy, shown = need_object(mine), need_privacy(mine), need_object(exchange)
    lost = [
        field.key
        for field in contract.fields_of(model)
        if privacy.get(str(field.hidden_by)) == "public" and field.key not in VOLATILE
        if field.key in own and not same(shown.get(field.key, ABSENT), own[field.key])
    ]
    expect(
        f"fields of a {model.lower()} whose privacy was set to null",
        holds=not lost,
        expected={key: own[key] for key in lost},
        actual={key: shown.get(key, ABSENT) for key in lost},
        exchange=exchange,
    )


@requirement("auth-optional-for-public-reads")
@each("case", lists)
def check_null_privacy_opens_lists_again(case: tuple[str, str], null_privacy: NullPrivacy) -> None:
    """A list is open to others again when its key was set to null, and shows again whose visibility was."""
    model, operation = case
    mine, exchange = null_privacy.nulls(model).last, null_privacy.read(model, operation)
    privacy = need_privacy(mine)
    closed_by = exchange.operation.private_list
    if model == "System" or operation == "getGroupMembers":
        if closed_by is None or privacy.get(closed_by.key) != "public":
            reason = "the list is not public"
            raise PreconditionFailed(reason, mine)
        expect_status(exchange, 200, NO_CONTENT)
        return
    listed = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    ref = need_object(mine).get("id")
    if privacy.get("visibility") != "public":
        reason = f"the {model.lower()} is not visible"
        raise PreconditionFailed(reason, mine)
    expect(
        f"{model.lower()}s that others see listed",
        holds=ref in listed,
        expected=[ref],
        actual=listed,
        exchange=exchange,
    )

"""POSTs that are rejected for a value create nothing (docs: errors). What values are taken or rejected is tested in `fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.checks.post.defaults import LIST, models
from conformance.contract.value_cases import REJECTED, cases
from conformance.http import ME, NotApplicable
from conformance.http.assertions import expect_value, need_list

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.scenarios.changed_objects import CreatedEntity
    from conformance.scenarios.sent_values import SentValues


@requirement("errors-are-4xx-json")
@each("model", models)
def check_rejected_post_creates_nothing(
    model: str,
    sent_values: SentValues,
    created_entities: dict[str, CreatedEntity],
    account: Account,
) -> None:
    """A POST that was rejected for a value has created nothing."""
    tried = (case for case in cases(account.contract, "create") if case.model == model)
    sent_values.sent_value(next(case for case in tried if case.stage == REJECTED))
    rejected = created_entities[model].names
    if not rejected:
        reason = f"no POST of a {model.lower()} was rejected"
        raise NotApplicable(reason)
    listed = account.owner.send(LIST[model], ME)
    rows = [row for row in need_list(listed) if isinstance(row, dict)]
    known = {ref for _, ref in account.journal.record.created}  # a PATCH may have named one so
    new = (row for row in rows if row.get("id") not in known)
    found = [str(row.get("id")) for row in new if row.get("name") in rejected]
    for ref in found:
        account.claim(model.lower(), ref)
    expect_value(listed, f"{model.lower()}s that rejected POSTs created", found, [])

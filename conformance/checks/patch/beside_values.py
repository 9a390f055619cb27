"""Whatever value a PATCH sets, null included, it leaves alone the keys that it does not name (docs: reference#api-reference).

The values are those of `fields.formats`, sent several in one body; each body that was accepted and read right after it counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row
from conformance.contract.value_cases import Case, cases
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, expect, need_object
from conformance.scenarios.patch_sequence import VOLATILE, flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.sent_values import SentValue, SentValues

LAUNCH, MISASSIGNED = "2021-11", "privacy.description_privacy"


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for the PATCHes that set values."""
    names = dict.fromkeys(case.operation for case in cases(contract, "update"))
    return (Row(name, name) for name in names)


@requirement("patch-preserves-missing-keys")
@each("operation", operations)
def check_values_leave_other_keys_alone(
    operation: str, sent_values: SentValues, contract: Contract
) -> None:
    """A PATCH that sets some keys, to whatever is valid, leaves the others as they were."""
    found = accepted(
        [case for case in cases(contract, "update") if case.operation == operation], sent_values
    )
    if not found:
        reason = f"no body of {operation} was accepted as a whole"
        raise PreconditionFailed(reason)
    for sent in found:
        old, new = flat(sent.before), flat(need_object(sent.after))
        named = {*VOLATILE, *flat(body_of(sent))}
        changed = [k for k in old if k not in named and not same(old[k], new.get(k, ABSENT))]
        expect(
            f"keys that {sent.patch.label} of {', '.join(body_of(sent))} does not name",
            holds=not changed,
            expected={key: old[key] for key in changed},
            actual={key: new.get(key, ABSENT) for key in changed},
            exchange=sent.after,
            as_upstream=contract.revision == LAUNCH and changed == [MISASSIGNED],
        )


def accepted(tried: list[Case], sent_values: SentValues) -> list[SentValue]:
    """Return the bodies that were accepted, and between whose two reads nothing else was sent."""
    by_read: dict[int, dict[int, SentValue]] = {}
    for case in tried:
        try:
            sent = sent_values.sent_value(case)
        except Outcome:
            continue
        by_read.setdefault(id(sent.before), {})[id(sent.patch)] = sent
    alone = [sent for group in by_read.values() if len(group) == 1 for sent in group.values()]
    return [sent for sent in alone if sent.patch.ok and sent.after.ok]


def body_of(sent: SentValue) -> dict[str, Any]:
    """Return the body of a PATCH."""
    body: dict[str, Any] = json.loads(sent.patch.request_body or "{}")
    return body

"""How long a text may be: as long as the docs say, and no longer (docs: models).

What one character is, the docs do not say: the texts are of letters that are one in every reading, but two bytes in UTF-8.
What is outside the basic plane, or made of several code points, is not counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.value_cases import REJECTED, TAKEN, Case, rows
from conformance.scenarios.sent_values import SentValues, expect_not_stored, expect_stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.rows import Row


def longest(contract: Contract) -> Iterator[Row]:
    """Rows for the longest valid text of each key."""
    return rows(contract, limits=True, stages=[TAKEN])


def too_long(contract: Contract) -> Iterator[Row]:
    """Rows for a text of one character more, and for one that is much longer."""
    return rows(contract, limits=True, stages=[REJECTED])


@each("case", longest)
def check_longest_text_is_stored(case: Case, sent_values: SentValues, contract: Contract) -> None:
    """A text as long as the limit is accepted, and stored as it is."""
    expect_stored(case, sent_values.sent_value(case), contract)


@requirement("errors-are-4xx-json")
@each("case", too_long)
def check_longer_text_is_rejected(case: Case, sent_values: SentValues) -> None:
    """A text that is longer than the limit returns 400, and is not stored."""
    expect_not_stored(case, sent_values.sent_value(case), sent_values.contract.revision)

"""Which requirements a run tested with all of their checks: only of these it is known that nothing violates them."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from conformance.http.outcomes import NO_BUDGET
from conformance.run.checks_by_requirement import checks_by_requirement
from conformance.run.verdicts import NOT_REACHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Contract
    from conformance.run.verdicts import CheckResult


def wholly_tested(
    contract: Contract,
    selected: Mapping[str, tuple[str, ...]],
    left_out: Iterable[str],
    results: Iterable[CheckResult],
) -> set[str]:
    """Return the requirements all of whose checks ended.

    `selected` has the requirements of each check that was going to run, `left_out` those of checks that were not selected.
    """
    ended = {
        result.check for result in results if not result.reason.startswith((NOT_REACHED, NO_BUDGET))
    }
    functions: dict[str, set[str]] = collections.defaultdict(set)
    missing = set(left_out)
    for check, requirements in selected.items():
        if check not in ended:
            missing.update(requirements)
        for requirement in requirements:
            functions[requirement].add(check.partition("[")[0])
    return {
        name
        for name, wanted in checks_by_requirement(contract).items()
        if name not in missing and functions[name].issuperset(wanted)
    }

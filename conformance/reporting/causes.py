"""Groups requirements whose failures have the same cause, so that a report shows each cause once.

Two failures have a cause in common when the same exchange shows them, or when the same operation shows them for the same key.
A requirement is grouped with another one when all of its failures have a cause in common with the other's; the more specific
one, of whose checks the larger share failed, comes first. What only generated checks found comes after what others found: these
know what they ask for, and generated ones name all that the response may violate.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.events import VERDICTS
from conformance.reporting.weight import weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = dict[str, Any]
    Cause = tuple[str, ...]

_GENERATED = "properties/"
_KEY = re.compile(r"\[(\w+\.\w+)")


def by_cause(rows: Iterable[Row], exchanges: Mapping[str, Any]) -> list[tuple[Row, list[Row]]]:
    """Return a group for each cause, heaviest first (`weight`): its main requirement, and the others with the same cause."""
    causes = {row["id"]: _causes(row, exchanges) for row in rows}
    groups: list[tuple[Row, list[Row]]] = []
    for row in sorted(rows, key=lambda row: _place(row, len(causes[row["id"]]))):
        own = causes[row["id"]]
        same = next((group for group in groups if _explains(causes[group[0]["id"]], own)), None)
        if same is None or same[0]["verdict"] != row["verdict"]:
            groups.append((row, []))
        else:
            same[1].append(row)
    led = [_most_specific_first(main, others) for main, others in groups]
    return sorted(led, key=_heaviest)


def _most_specific_first(main: Row, others: list[Row]) -> tuple[Row, list[Row]]:
    """Return the group led by the requirement of whose checks the largest share failed: the general ones have many that pass."""
    first = max((main, *others), key=lambda row: (not _is_generated(row), _share_of_failures(row)))
    return first, [row for row in (main, *others) if row is not first]


def _heaviest(group: tuple[Row, list[Row]]) -> tuple[int, bool, int]:
    main = group[0]
    return _rank(main), _is_generated(main), weight(main)


def _share_of_failures(row: Row) -> float:
    failures = [check for check in row["checks"] if check["outcome"] == _outcome(row)]
    return len(failures) / len(row["checks"])


def _place(row: Row, failures: int) -> tuple[int, bool, int, float]:
    """Return what rows are sorted by: the worst verdict first, then what checks found that are not generated, then most failures, then the largest share."""
    return _rank(row), _is_generated(row), -failures, -_share_of_failures(row)


def _is_generated(row: Row) -> bool:
    failed = (check for check in row["checks"] if check["outcome"] == _outcome(row))
    return all(check["check"].startswith(_GENERATED) for check in failed)


def _outcome(row: Row) -> str:
    """Return the outcome of the checks that led to the verdict; those of a known failure failed."""
    return "failed" if row["verdict"] == "known" else str(row["verdict"])


def _rank(row: Row) -> int:
    return VERDICTS.index(row["verdict"])


def _causes(row: Row, exchanges: Mapping[str, Any]) -> list[set[Cause]]:
    """Return, for each failure of a requirement, everything that can be its cause."""
    failures = [check for check in row["checks"] if check["outcome"] == _outcome(row)]
    return [_causes_of(check, exchanges) for check in failures]


def _causes_of(check: Mapping[str, Any], exchanges: Mapping[str, Any]) -> set[Cause]:
    evidence = check["evidence"]
    if evidence is None:
        return set()
    found: set[Cause] = {(evidence,)}
    key = _KEY.search(check["check"])
    if key and evidence in exchanges:
        found.add((exchanges[evidence]["operation"], key[1]))
    return found


def _explains(main: list[set[Cause]], failures: list[set[Cause]]) -> bool:
    """Whether each of the failures has a cause in common with those of a main requirement."""
    known = set().union(*main)
    return bool(failures) and all(failure & known for failure in failures)

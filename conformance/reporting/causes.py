"""Groups requirements whose failures have the same cause, so that a report shows each cause once.

Two failures have a cause in common when the same exchange shows them, when the same operation shows them for the same key, or when it
returns the same server error, or calls a read a bad request.
A requirement is grouped with another one when all of its failures have a cause in common with the other's; the more specific
one, of whose checks the larger share failed, comes first. What only generated checks found comes after what others found: these
know what they ask for, and generated ones name all that the response may violate. A request that had to succeed and was rejected comes
before rejections with a wrong status or code, which follow from it when a server does not have the path.
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
_WATCHED = "watch::"  # what a client does: one request can show several habits, which have nothing else in common
_KEY = re.compile(r"\[(\w+\.\w+)")
_SUCCESS = re.compile(r"success$|accepted$|status 2\d\d")
_ERROR, _BAD_REQUEST, _SERVER_ERROR = 400, 400, 500


def by_cause(rows: Iterable[Row], exchanges: Mapping[str, Any]) -> list[tuple[Row, list[Row]]]:
    """Return a group for each cause: its main requirement, and the others with the same cause. What others may follow from comes first."""
    causes = {row["id"]: _causes(row, exchanges) for row in rows}
    groups: list[tuple[Row, list[Row]]] = []
    for row in sorted(rows, key=lambda row: _place(row, exchanges)):
        own = causes[row["id"]]
        same = next((group for group in groups if _explains(causes[group[0]["id"]], own)), None)
        if same is None or same[0]["verdict"] != row["verdict"]:
            groups.append((row, []))
        else:
            same[1].append(row)
    return [_most_specific_first(main, others) for main, others in groups]


def heaviest_first(groups: Iterable[tuple[Row, list[Row]]]) -> list[tuple[Row, list[Row]]]:
    """Return the groups by the harm that comes of them (`weight`)."""
    return sorted(groups, key=_heaviest)


def _most_specific_first(main: Row, others: list[Row]) -> tuple[Row, list[Row]]:
    """Return the group led by the requirement of whose checks the largest share failed: the general ones have many that pass."""
    first = max((main, *others), key=lambda row: (not _is_generated(row), _share_of_failures(row)))
    return first, [row for row in (main, *others) if row is not first]


def _heaviest(group: tuple[Row, list[Row]]) -> tuple[int, bool, int]:
    main = group[0]
    return _rank(main), _is_generated(main), weight(main)


def _share_of_failures(row: Row) -> float:
    return len(_failures(row)) / len(row["checks"])


def _place(row: Row, exchanges: Mapping[str, Any]) -> tuple[int, bool, bool, int, float]:
    """Return what rows are sorted by: the worst verdict first, what is not only generated, what had to succeed, then most failures, then the largest share."""
    failures = _failures(row)
    had_to_succeed = any(_was_rejected(check, exchanges) for check in failures)
    return (
        _rank(row),
        _is_generated(row),
        not had_to_succeed,
        -len(failures),
        -_share_of_failures(row),
    )


def _was_rejected(check: Mapping[str, Any], exchanges: Mapping[str, Any]) -> bool:
    """Whether a request that had to succeed returned an error."""
    status = exchanges.get(check["evidence"], {}).get("status") or 0
    return status >= _ERROR and bool(_SUCCESS.match(check["expected"] or ""))


def _is_generated(row: Row) -> bool:
    return all(check["check"].startswith(_GENERATED) for check in _failures(row))


def _failures(row: Row) -> list[dict[str, Any]]:
    """Return the checks that led to the verdict; those of a known failure failed."""
    outcome = "failed" if row["verdict"] == "known" else row["verdict"]
    return [check for check in row["checks"] if check["outcome"] == outcome]


def _rank(row: Row) -> int:
    return VERDICTS.index(row["verdict"])


def _causes(row: Row, exchanges: Mapping[str, Any]) -> list[set[Cause]]:
    """Return, for each failure of a requirement, everything that can be its cause."""
    return [_causes_of(check, exchanges) for check in _failures(row)]


def _causes_of(check: Mapping[str, Any], exchanges: Mapping[str, Any]) -> set[Cause]:
    evidence = check["evidence"]
    if evidence is None:
        return set()
    if check["check"].startswith(_WATCHED):
        return {(check["check"],)}
    found: set[Cause] = {(evidence,)}
    shown = exchanges.get(evidence)
    if shown is None:
        return found
    key = _KEY.search(check["check"])
    if key:
        found.add((shown["operation"], key[1]))
    status = shown.get("status") or 0
    is_bad_read = status == _BAD_REQUEST and shown["method"] == "GET"
    if status >= _SERVER_ERROR or is_bad_read:
        found.add((shown["operation"], str(status)))
    return found


def _explains(main: list[set[Cause]], failures: list[set[Cause]]) -> bool:
    """Whether each of the failures has a cause in common with those of a main requirement."""
    known = set().union(*main)
    return bool(failures) and all(failure & known for failure in failures)

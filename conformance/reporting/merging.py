"""Parts of one run as one log: what each of them found, where they overlap or contradict each other, and what none of them judged.

Of a check that several parts carried out the worst outcome counts, and of a requirement the worst verdict, as within one run. How
that makes an exit code, and which checks a whole run has, is not known here: the caller says it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.printable import counted
from conformance.reporting.event_log import EventLog, LogError
from conformance.reporting.events import OUTCOMES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.reporting.event_log import Run

    Event = dict[str, Any]

SHOWN = 12  # names in a text
_UNREACHED = "not reached: "  # as the reasons of checks begin that did not run
_SAME: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "subject": lambda one: one.get("subject", "server"),
    "target": lambda one: f"{one['target']['name']} at {one['target']['base_url']}",
    "revision": lambda one: one["revision"],
    "version of the suite": lambda one: one["suite"]["version"],
    "profile": lambda one: one["profile"],
}


@dataclasses.dataclass(frozen=True)
class Merged:
    """The events of the merged log, and what is to be said of the parts."""

    events: list[Event]
    gaps: list[str]
    partly: list[str]
    overlaps: list[str]
    contradictions: list[str]


def merge(
    parts: Mapping[str, Run],
    expected: Mapping[str, Sequence[str]],
    exit_code: Callable[[Mapping[str, int]], int],
) -> Merged:
    """Merge parts, given by the names of their files; `expected` has the requirements of each check of a whole run.

    Raises:
        LogError: they are no parts of one run; the text is one line.

    """
    _need_one_run(parts)
    runs = [_renamed(run, number) for number, run in enumerate(parts.values(), start=1)]
    checks, contradictions = _checks(runs)
    judged = _judged(runs, checks)
    gaps, partly = _gaps(expected, checks, judged)
    seen = Counter(name for run in runs for name in run.checks)
    overlaps = [name for name, number in seen.items() if number > 1]
    counts = Counter(str(row["verdict"]) for row in judged.values())
    footer = _footer(runs, exit_code(counts), _selection(runs, gaps, partly))
    headers: list[Event] = [dict(run.started) for run in runs]
    started = min(headers, key=lambda one: str(one["started"]))
    started["undeclared"] = sorted({name for run in runs for name in run.started["undeclared"]})
    events: list[Any] = [
        started,
        *(exchange for run in runs for exchange in run.exchanges.values()),
        *(chain for run in runs for name, chain in run.chains.items() if _is_of(run, checks, name)),
        *checks.values(),
        *({name: row for run in runs for name, row in run.matrices.items()}.values()),
        *_reached(runs).values(),
        *judged.values(),
        footer,
    ]
    return Merged(events, gaps, partly, overlaps, contradictions)


def write(merged: Merged, log: Path) -> None:
    """Write the merged log."""
    with EventLog(log) as file:
        for event in merged.events:
            file.append(event)  # type: ignore[arg-type] # made of events


def _need_one_run(parts: Mapping[str, Run]) -> None:
    first, *others = parts
    for name in parts:
        if parts[name].finished is None:
            message = f"{name}: it has no end, so that it says nothing of what it did not reach: run that part again"
            raise LogError(message)
    for name in others:
        for what, take in _SAME.items():
            one, two = take(parts[first].started), take(parts[name].started)
            if one != two:
                message = (
                    f"{name} is no part of the same run: its {what} is {two}, that of {first} {one}"
                )
                raise LogError(message)


def _renamed(run: Run, number: int) -> Run:
    """Return a part whose exchanges have ids that no other part has."""

    def name(identifier: str) -> str:
        return f"p{number}-{identifier}"

    exchanges: Any = {
        name(one): {**exchange, "id": name(one)} for one, exchange in run.exchanges.items()
    }
    checks: Any = {
        check: {
            **row,
            "exchanges": [*map(name, row["exchanges"])],
            "evidence": row["evidence"] and name(row["evidence"]),
        }
        for check, row in run.checks.items()
    }
    chains: Any = {
        check: {**row, "exchanges": [*map(name, row["exchanges"])]}
        for check, row in run.chains.items()
    }
    return dataclasses.replace(run, exchanges=exchanges, checks=checks, chains=chains)


def _checks(runs: Iterable[Run]) -> tuple[dict[str, Any], list[str]]:
    """Return each check with its worst outcome, and the names of those whose outcomes differ between parts."""
    found: dict[str, Any] = {}
    differing: dict[str, None] = {}
    for run in runs:
        for name, check in run.checks.items():
            known = found.setdefault(name, check)
            if known["outcome"] != check["outcome"]:
                differing[name] = None
            found[name] = min(known, check, key=lambda one: OUTCOMES.index(one["outcome"]))
    return found, [*differing]


def _is_of(run: Run, checks: Mapping[str, Any], name: str) -> bool:
    """Whether a check stands in the merged log as this part has it."""
    return checks.get(name) is run.checks.get(name)


def _judged(runs: Iterable[Run], checks: Mapping[str, Any]) -> dict[str, Event]:
    """Return the worst judgement of each requirement, of those that count."""
    found: dict[str, list[Event]] = {}
    for run in runs:
        for name, row in run.judged.items():
            found.setdefault(name, []).append(dict(row))
    return {name: _worst(rows, checks) for name, rows in found.items()}


def _worst(rows: list[Event], checks: Mapping[str, Any]) -> Event:
    """Return one judgement with the checks of all; what did not run in one part counts only if it ran in none."""
    names = list(dict.fromkeys(check for row in rows for check in row["checks"]))
    ran = all(name in checks for name in names)
    counting = [row for row in rows if not (ran and row["reason"].startswith(_UNREACHED))]
    applicable = [row for row in counting if row["verdict"] != "not-applicable"]
    worst = min(applicable or counting or rows, key=lambda row: VERDICTS.index(row["verdict"]))
    return {**worst, "checks": names}


def _gaps(
    expected: Mapping[str, Sequence[str]], checks: Mapping[str, Any], judged: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """Return the requirements that no part judged, and those of which no part carried out some checks."""
    missing = [name for check, names in expected.items() if check not in checks for name in names]
    found = list(dict.fromkeys(missing))
    return [one for one in found if one not in judged], [one for one in found if one in judged]


def _reached(runs: Iterable[Run]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for run in runs:
        for name, row in run.reached.items():
            known = found.setdefault(
                name, {**row, "statuses": {}, "keys_sent": [], "at_bounds": []}
            )
            for status, number in row["statuses"].items():
                known["statuses"][status] = known["statuses"].get(status, 0) + number
            for key in ("keys_sent", "at_bounds"):
                known[key] = list(dict.fromkeys([*known[key], *row[key]]))
    return found


def _selection(runs: Sequence[Run], gaps: Sequence[str], partly: Sequence[str]) -> str:
    """Return what is missing of a whole run, in words; empty if nothing is."""
    texts = [f"judged by none of {len(runs)} parts: {names(gaps)}"] if gaps else []
    texts += [f"judged by some of their checks: {names(partly)}"] if partly else []
    return "; ".join(texts)


def names(found: Sequence[str]) -> str:
    """Return names as a text; many are counted."""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def _footer(runs: Sequence[Run], code: int, selection: str) -> Event:
    footers = [run.finished for run in runs if run.finished]
    scopes: dict[str, int] = {}
    for footer in footers:
        for scope, number in footer["by_scope"].items():
            scopes[scope] = scopes.get(scope, 0) + number
    return {
        "event": "run-finished",
        "finished": max(footer["finished"] for footer in footers),
        "seconds": round(sum(footer["seconds"] for footer in footers), 2),
        "requests": sum(footer["requests"] for footer in footers),
        "by_scope": scopes,
        "partial": bool(selection),
        "selection": selection,
        "stopped": "; ".join(_texts(footer.get("stopped", "") for footer in footers)),
        "interrupted": any(footer["interrupted"] for footer in footers),
        "exit_code": code,
        "left_over": _texts(line for footer in footers for line in footer["left_over"]),
        "outdated": [row for footer in footers for row in footer.get("outdated", ())],
        "waited": round(sum(footer.get("waited", 0.0) for footer in footers), 2),
    }


def _texts(lines: Iterable[str]) -> list[str]:
    """Return each text once, without empty ones."""
    return [line for line in dict.fromkeys(lines) if line]


def described(merged: Merged, parts: int) -> Iterator[str]:
    """Yield the lines that say how the parts fit together."""
    yield counted(parts, "part")
    if merged.gaps:
        yield f"gaps: no part judged {names(merged.gaps)}"
    if merged.partly:
        yield f"gaps: no part carried out some checks of {names(merged.partly)}"
    if merged.overlaps:
        yield f"overlaps: more than one part carried out {names(merged.overlaps)}"
    if merged.contradictions:
        yield f"contradictions, of which the worst outcome counts: {names(merged.contradictions)}"

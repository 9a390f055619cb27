"""The summary of many trials: killed of total by area and by requirement, as JSON, Markdown and text."""

from __future__ import annotations

import collections
import dataclasses
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.requirements import read_catalogue
from conformance.mutation.trial import KILLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.mutation.trial import Trial

TALLY = {"killed": 0, "total": 0}
MOST_NAMED = 5  # of the requirements that are named for faults of others
AREAS_PER_ROW = 5  # of the short table


def summarize(trials: Sequence[Trial], *, full: bool, seconds: float) -> dict[str, Any]:
    """Return the trials and their counts as JSON."""
    areas = {row.id: row.area for row in read_catalogue()}
    ordered = sorted(trials, key=lambda trial: (trial.revision, trial.fault))
    return {
        "full": full,
        "seconds": round(seconds, 1),
        "killed": sum(trial.verdict == KILLED for trial in trials),
        "total": len(trials),
        "faults": len({trial.fault for trial in trials}),
        "revisions": sorted({trial.revision for trial in trials}, reverse=True),
        "by_area": _tally(ordered, lambda trial: {areas[name] for name in trial.violates[:1]}),
        "naming": naming(ordered) if full else None,
        "by_requirement": _tally(ordered, lambda trial: set(trial.violates)),
        "trials": [dataclasses.asdict(trial) for trial in ordered],
    }


def naming(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return how well full runs name what is wrong: requirements found violated for each fault, and what the first card says."""
    killed = [trial for trial in trials if trial.verdict == KILLED]
    others = collections.Counter(
        name for trial in killed for name in trial.named if name not in trial.violates
    )
    numbers = [len(trial.named) for trial in killed]
    return {
        "mean": round(statistics.mean(numbers), 2) if numbers else 0,
        "median": statistics.median(numbers) if numbers else 0,
        "first_card_right": sum(trial.first in trial.violates for trial in killed),
        "killed": len(killed),
        "named_for_others": dict(others.most_common(MOST_NAMED)),
    }


def write(totals: dict[str, Any], folder: str) -> Path:
    """Write faults.json and faults.md; return the folder."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "faults.json").write_text(json.dumps(totals, indent=1) + "\n", encoding="utf-8")
    (path / "faults.md").write_text(markdown(totals), encoding="utf-8")
    return path


def areas(totals: dict[str, Any]) -> str:
    """Return the table of areas."""
    rows = [
        f"| {area} | {row['killed']} of {row['total']} |" for area, row in totals["by_area"].items()
    ]
    total = f"| all | {totals['killed']} of {totals['total']} |"
    return "\n".join(["| area | faults killed |", "|---|---|", *rows, total]) + "\n"


def short_table(totals: dict[str, Any]) -> str:
    """Return the table of areas with several in each row."""
    cells = [
        f"{area}: {row['killed']} of {row['total']}" for area, row in totals["by_area"].items()
    ]
    cells += [f"all: {totals['killed']} of {totals['total']}"]
    cells += [""] * (-len(cells) % AREAS_PER_ROW)
    rows = [cells[at : at + AREAS_PER_ROW] for at in range(0, len(cells), AREAS_PER_ROW)]
    head = ["| area: faults killed |" + " |" * (AREAS_PER_ROW - 1), "|" + "---|" * AREAS_PER_ROW]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def markdown(totals: dict[str, Any]) -> str:
    """Return the table of areas, and that of requirements."""
    rows = [
        f"| `{name}` | {row['killed']} of {row['total']} |"
        for name, row in sorted(totals["by_requirement"].items())
    ]
    where = " and ".join(totals["revisions"])
    head = (
        f"{totals['killed']} of {totals['total']} killed: {totals['faults']} faults at {where}.\n"
    )
    return "\n".join([head, areas(totals), "| requirement | killed |", "|---|---|", *rows]) + "\n"


def text(totals: dict[str, Any]) -> str:
    """Return the summary as text: survivors, findings of a full run, and a line for each area."""
    trials = totals["trials"]
    survivors = [trial for trial in trials if trial["verdict"] != KILLED]
    lines = [f"{trial['verdict']}: {trial['fault']} at {trial['revision']}" for trial in survivors]
    if totals["full"]:
        lines += [finding for trial in trials for finding in findings(trial)]
    width = max([len(area) for area in totals["by_area"]], default=0)
    lines += [
        f"  {area:<{width}}  {row['killed']:>4} of {row['total']:>4}"
        for area, row in totals["by_area"].items()
    ]
    if totals["naming"]:
        lines += _naming_lines(totals["naming"])
    lines.append(f"{totals['killed']} of {totals['total']} killed in {duration(totals['seconds'])}")
    return "\n".join(lines) + "\n"


def _naming_lines(found: dict[str, Any]) -> list[str]:
    return [
        f"  requirements found violated for each fault: {found['mean']} in the mean, median {found['median']}",
        f"  first card names one that the fault violates: {found['first_card_right']} of {found['killed']}",
        *(
            f"  named for {n} faults that do not violate it: {name}"
            for name, n in found["named_for_others"].items()
        ),
    ]


def findings(trial: dict[str, Any]) -> list[str]:
    """Return how a full run differs from the `violates` of a fault: requirements that were not found violated, and others that were."""
    where = f"{trial['fault']} at {trial['revision']}"
    missed = [name for name in trial["violates"] if name not in trial["named"]]
    others = sorted(trial["named"].keys() - set(trial["violates"]))
    lines = [f"not found violated: {where}: {', '.join(missed)}"] if missed else []
    return lines + ([f"also found violated: {where}: {', '.join(others)}"] if others else [])


def line(trial: Trial) -> str:
    """Return a trial as one line."""
    why = trial.hit[0] if trial.hit else trial.problem.partition("\n")[0]
    return f"{trial.verdict:<8} {trial.fault} {trial.revision} {trial.seconds:.1f} s {why}"


def duration(seconds: float) -> str:
    """Return seconds as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _tally(trials: Iterable[Trial], groups: Any) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = collections.defaultdict(TALLY.copy)
    for trial in trials:
        for group in groups(trial):
            counted[group]["total"] += 1
            counted[group]["killed"] += trial.verdict == KILLED
    return dict(counted)

"""What many trials add up to: killed of total by area and by requirement, as JSON, Markdown and lines for a terminal."""

from __future__ import annotations

import collections
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.requirements import read_catalogue
from conformance.mutation.trial import KILLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.mutation.trial import Trial

TALLY = {"killed": 0, "total": 0}


PACKED = 5  # areas in a row of the short table


def summarize(trials: Sequence[Trial], *, full: bool, seconds: float) -> dict[str, Any]:
    """Return everything that is known of the trials, as JSON."""
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
        "by_requirement": _tally(ordered, lambda trial: set(trial.violates)),
        "trials": [dataclasses.asdict(trial) for trial in ordered],
    }


def write(made: dict[str, Any], folder: str) -> Path:
    """Write faults.json and faults.md; return the folder."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "faults.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    (path / "faults.md").write_text(markdown(made), encoding="utf-8")
    return path


def areas(made: dict[str, Any]) -> str:
    """Return the table of areas."""
    rows = [
        f"| {area} | {row['killed']} of {row['total']} |" for area, row in made["by_area"].items()
    ]
    total = f"| all | {made['killed']} of {made['total']} |"
    return "\n".join(["| area | faults caught |", "|---|---|", *rows, total]) + "\n"


def packed(made: dict[str, Any]) -> str:
    """Return the table of areas with several in each row, for a page that has to be short."""
    cells = [f"{area}: {row['killed']} of {row['total']}" for area, row in made["by_area"].items()]
    cells += [f"all: {made['killed']} of {made['total']}"]
    cells += [""] * (-len(cells) % PACKED)
    rows = [cells[at : at + PACKED] for at in range(0, len(cells), PACKED)]
    head = ["| area: faults caught |" + " |" * (PACKED - 1), "|" + "---|" * PACKED]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def markdown(made: dict[str, Any]) -> str:
    """Return the table of areas, and that of requirements."""
    rows = [
        f"| `{name}` | {row['killed']} of {row['total']} |"
        for name, row in sorted(made["by_requirement"].items())
    ]
    where = " and ".join(made["revisions"])
    head = f"{made['killed']} of {made['total']} killed: {made['faults']} faults at {where}.\n"
    return "\n".join([head, areas(made), "| requirement | killed |", "|---|---|", *rows]) + "\n"


def text(made: dict[str, Any]) -> str:
    """Return the summary for a terminal: what survived, findings of a full run, and a line an area."""
    trials = made["trials"]
    bad = [trial for trial in trials if trial["verdict"] != KILLED]
    lines = [f"{trial['verdict']}: {trial['fault']} at {trial['revision']}" for trial in bad]
    if made["full"]:
        lines += [finding for trial in trials for finding in findings(trial)]
    width = max([len(area) for area in made["by_area"]], default=0)
    lines += [
        f"  {area:<{width}}  {row['killed']:>4} of {row['total']:>4}"
        for area, row in made["by_area"].items()
    ]
    lines.append(f"{made['killed']} of {made['total']} killed in {duration(made['seconds'])}")
    return "\n".join(lines) + "\n"


def findings(trial: dict[str, Any]) -> list[str]:
    """Return what a full run says against the `violates` of a fault: requirements it did not break, others that it did."""
    where = f"{trial['fault']} at {trial['revision']}"
    missed = [name for name in trial["violates"] if name not in trial["named"]]
    beyond = sorted(trial["named"].keys() - set(trial["violates"]))
    lines = [f"never hit: {where}: {', '.join(missed)}"] if missed else []
    return lines + ([f"collateral: {where}: {', '.join(beyond)}"] if beyond else [])


def line(trial: Trial) -> str:
    """Return one trial in a line."""
    hit = trial.hit[0] if trial.hit else trial.problem.partition("\n")[0]
    return f"{trial.verdict:<8} {trial.fault} {trial.revision} {trial.seconds:.1f} s {hit}"


def duration(seconds: float) -> str:
    """Return seconds as people say them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _tally(trials: Iterable[Trial], groups: Any) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = collections.defaultdict(TALLY.copy)
    for trial in trials:
        for group in groups(trial):
            counted[group]["total"] += 1
            counted[group]["killed"] += trial.verdict == KILLED
    return dict(counted)

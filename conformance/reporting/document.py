"""The content of report.json, made from the log of a run.

`report.schema.json` beside this module describes it. Verdicts come from the log; only for a requirement that the run did not
judge before it stopped is one derived here, and never `passed`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.reporting.chain import Chain
from conformance.reporting.events import OUTCOMES, VERDICTS
from conformance.reporting.evidence import Evidence
from conformance.reporting.matrices import matrices
from conformance.reporting.subjects import CheckSubjects
from conformance.reporting.traffic import traffic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.reporting.event_log import Run
    from conformance.reporting.events import (
        OperationReached,
        Requirement,
        RunFinished,
        Verdict,
    )

    Steps = Mapping[str, list[str]]

_REPRODUCED = ("failed", "warned")
_NO_BUDGET = "the budget left "  # as the reasons of these checks begin
_NOT_CONFORMANT, _INTERRUPTED, _SUITE_FAILED, _USAGE = 1, 2, 3, 4


def report(run: Run) -> dict[str, Any]:
    """Return the content of report.json: plain data, valid against `report.schema.json`."""
    steps = _steps(run)
    subjects = CheckSubjects(run)
    requirements = [
        _requirement(run, requirement, steps, subjects)
        for requirement in run.started["requirements"]
        if requirement["id"] in run.judged or run.finished is None
    ]
    counts = _count(VERDICTS, (requirement["verdict"] for requirement in requirements))
    checks = _count(OUTCOMES, (check["outcome"] for check in run.checks.values()))
    status = _status(run, counts)
    return {
        "format": 2,
        **_header(run),
        **_footer(run),
        "status": status,
        "headline": _headline(run, status, counts),
        "counts": counts,
        "checks": checks,
        "matrices": matrices(run),
        "reach": [_reach(row) for row in run.reached.values()],
        "requirements": requirements,
        "exchanges": _exchanges(run, steps),
        "traffic": traffic(run),
    }


def _header(run: Run) -> dict[str, Any]:
    started = run.started
    return {
        "suite": started["suite"],
        "subject": started.get("subject", "server"),
        "target": started["target"],
        "revision": started["revision"],
        "profile": started["profile"],
        "effort": started["effort"],
        "undeclared": started["undeclared"],
        "repetition": started.get("repetition"),
        "python": started.get("python"),
        "seed": started["seed"],
        "started": started["started"],
    }


def _footer(run: Run) -> dict[str, Any]:
    finished = run.finished
    if finished is None:
        return {
            "finished": None,
            "complete": False,
            "partial": False,
            "selection": "",
            "stopped": "it was killed, or it still runs: the event log has no end",
            "exit_code": None,
            "requests": {"total": len(run.exchanges), "by_scope": {}},
            "seconds": None,
            "waited": None,
            "left_over": [],
            "outdated": [],
        }
    return {
        "finished": finished["finished"],
        "complete": not finished["interrupted"],
        "partial": finished["partial"],
        "selection": finished["selection"],
        "stopped": finished.get("stopped", ""),
        "exit_code": finished["exit_code"],
        "requests": {"total": finished["requests"], "by_scope": finished["by_scope"]},
        "seconds": finished["seconds"],
        "waited": finished.get("waited"),
        "left_over": finished["left_over"],
        "outdated": finished.get("outdated", []),
    }


def _requirement(
    run: Run, requirement: Requirement, steps: Steps, subjects: CheckSubjects
) -> dict[str, Any]:
    judged = run.judged.get(requirement["id"])
    if judged:
        names, verdict, reason = judged["checks"], judged["verdict"], judged["reason"]
    else:
        names = [
            name for name, check in run.checks.items() if requirement["id"] in check["requirements"]
        ]
        verdict, reason = _unjudged(run.checks[name]["outcome"] for name in names)
    return {
        **requirement,
        **subjects.of(requirement, names),
        "verdict": verdict,
        "reason": reason,
        "known_failure": judged.get("known_failure") if judged else None,
        "checks": [_check(name, run, steps) for name in names],
    }


def _unjudged(outcomes: Iterable[str]) -> tuple[Verdict, str]:
    """Return verdict and reason for a requirement that the run did not judge before it stopped."""
    seen = set(outcomes)
    if "error" in seen:
        return "error", "a check could not be carried out, and the run stopped before its end"
    if "failed" in seen:
        return "failed", "a check failed, and the run stopped before its end"
    return "untested", "the run stopped before this was judged"


def _check(name: str, run: Run, steps: Steps) -> dict[str, Any]:
    check = run.checks.get(name)
    if check is None:
        return {
            "check": name,
            "description": "",
            "outcome": "untested",
            "reason": "did not run",
            "expected": None,
            "actual": None,
            "evidence": None,
            "before": [],
            "reproduction": None,
        }
    kept = steps.get(name, [])
    return {
        "check": name,
        "description": check["description"],
        "outcome": check["outcome"],
        "reason": check["reason"],
        "expected": check["expected"],
        "actual": check["actual"],
        "evidence": kept[-1] if kept else None,
        "before": kept[:-1],
        "reproduction": _reproduction(run, name, kept),
    }


def _reproduction(run: Run, name: str, steps: list[str]) -> dict[str, Any] | None:
    """Return the requests that reproduce a failure as curl lines, and as a pytest test where what it asserts is known; None without one."""
    if run.checks[name]["outcome"] not in _REPRODUCED or not all(
        one in run.exchanges for one in steps
    ):
        return None
    found = run.chains.get(name)
    exchanges = [run.exchanges[one] for one in steps]
    base_url = run.started["target"]["base_url"]
    chain = Chain(exchanges, base_url, found["test"] if found else "")
    return (
        {"curl": chain.curl(), "pytest": chain.pytest() if chain.test else None} if steps else None
    )


def _reach(row: OperationReached) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "event"}


def _steps(run: Run) -> Steps:
    """Return the ids of the exchanges that show the outcome of each check that did not pass, the judged one last."""
    evidence = Evidence(run.exchanges.values())
    return {
        name: run.chains[name]["exchanges"] if name in run.chains else evidence.steps(check)
        for name, check in run.checks.items()
        if check["outcome"] != "passed"
    }


def _exchanges(run: Run, steps: Steps) -> dict[str, Any]:
    kept = set().union(*steps.values())
    return {
        name: {key: value for key, value in exchange.items() if key != "event"}
        for name, exchange in run.exchanges.items()
        if name in kept
    }


def _count(names: Iterable[str], seen: Iterable[str]) -> dict[str, int]:
    totals = Counter(seen)
    return {name: totals[name] for name in names}


def _status(run: Run, counts: Mapping[str, int]) -> str:
    """Return the first words of the headline; a violated requirement outweighs the exit code."""
    if run.finished is None:
        return "incomplete"
    code = run.finished["exit_code"]
    if run.finished["interrupted"] or code == _INTERRUPTED:
        return "interrupted"
    if counts["error"] or code == _SUITE_FAILED:
        return "suite error"
    if counts["failed"] or code == _NOT_CONFORMANT:
        return "not conformant"
    return "incomplete" if code else "conformant"


def _headline(run: Run, status: str, counts: Mapping[str, int]) -> str:
    narrowed = "partial: " if run.finished and run.finished["partial"] else ""
    unsent = sum(check["reason"].startswith(_NO_BUDGET) for check in run.checks.values())
    left_out = f"; {unsent} generated checks had no requests left" if unsent else ""
    return f"{narrowed}{status}: {_detail(run, status, counts)}{left_out}"


def _detail(run: Run, status: str, counts: Mapping[str, int]) -> str:
    if run.finished is None:
        return "the run stopped before its end"
    if status == "incomplete" and run.finished["exit_code"] == _USAGE:
        return "the run ended before its first check"
    passed = f"{counts['passed']} of {_requirements(sum(counts.values()))} passed"
    violated = f"{_requirements(counts['failed'])} violated"
    unjudged = f"{_requirements(counts['error'])} could not be judged"
    summary = ", ".join([passed, *_others(counts)])
    details = {
        "conformant": summary,
        "incomplete": summary if run.checks else "nothing ran",
        "interrupted": f"{passed}, {violated} before the stop",
        "not conformant": _shortcomings(run.finished, counts),
        "suite error": f"{unjudged}, {violated}"
        if counts["error"]
        else "an error outside the checks",
    }
    return details[status]


def _shortcomings(finished: RunFinished, counts: Mapping[str, int]) -> str:
    """Return what makes a target not conformant, and how many failures were expected."""
    outdated = len(finished.get("outdated", ()))
    entries = (
        "1 entry of the known failures is"
        if outdated == 1
        else (f"{outdated} entries of the known failures are")
    )
    parts = [f"{_requirements(counts['failed'])} violated"] if counts["failed"] else []
    parts += [_known(counts["known"])] if counts["known"] else []
    parts += [f"{entries} out of date"] if outdated else []
    found = counts["failed"] or outdated
    return ", ".join(parts if found else ["a check failed, no requirement is violated", *parts])


def _known(number: int) -> str:
    return f"{number} known failure" if number == 1 else f"{number} known failures"


def _others(counts: Mapping[str, int]) -> list[str]:
    return [
        _known(number) if verdict == "known" else f"{number} {verdict.replace('-', ' ')}"
        for verdict, number in counts.items()
        if number and verdict != "passed"
    ]


def _requirements(number: int) -> str:
    return f"{number} requirement" if number == 1 else f"{number} requirements"

"""The order of findings by harm."""

from __future__ import annotations

from typing import Any

from conformance.reporting.causes import by_cause, heaviest_first
from conformance.reporting.weight import HARMS, weight


def failed(name: str, **facts: Any) -> dict[str, Any]:
    """Return a requirement whose one check failed."""
    check = {"check": f"{name}::check", "outcome": "failed", "evidence": name}
    return {"id": name, "verdict": "failed", "checks": [check], **facts}


def test_the_worst_harm_comes_first() -> None:
    """Of independent violations privacy and authorization come first, then losses, then wrong statuses, then form."""
    rows = [failed(harm, harm=harm) for harm in HARMS]
    rows = [*rows[2:], *rows[:2]]
    cards = heaviest_first(by_cause(rows, {}))
    assert [main["id"] for main, _ in cards] == ["access", "loss", "status", "form"]


def test_verdict_outweighs_harm() -> None:
    """A failure of form stands before a warning about access."""
    warned = failed("warned", harm="access", verdict="warned")
    cards = heaviest_first(by_cause([warned, failed("a", harm="form")], {}))
    assert [main["id"] for main, _ in cards] == ["a", "warned"]


def test_logs_without_harms() -> None:
    """What an earlier version wrote keeps its order."""
    rows = [failed("a"), failed("b", harm="form"), failed("c")]
    assert [weight(row) for row in rows] == [len(HARMS) - 1] * 3
    cards = heaviest_first(by_cause(rows, {}))
    assert [main["id"] for main, _ in cards] == ["a", "b", "c"]

"""The budget of the properties is kept exactly, and what one kind leaves goes to the sequences."""

from __future__ import annotations

from conformance.properties.budget import EFFORTS, PACED, RunBudget


def test_all_parts_together_are_the_whole() -> None:
    """What the parts do not use is left for the sequences."""
    run = RunBudget.of_effort("standard", None, paced=False)
    with run.part("valid", 1, 2, least=3) as budget:
        budget.take(5)
    assert run.sequences().limit == EFFORTS["standard"] - 5


def test_a_part_never_gets_more_than_is_left() -> None:
    """The least that a part needs does not stretch the budget."""
    run = RunBudget.of_effort("standard", 6, paced=False)
    with run.part("valid", 1, 1, least=100) as budget:
        assert budget.limit == 4
        budget.take(budget.left)
    assert run.sequences().limit == 0


def test_a_named_budget_holds_the_shortening_of_failures() -> None:
    """The requests and the reserve are no more than the tester named."""
    run = RunBudget.of_effort("deep", 90, paced=False)
    assert run.total + run.reserve == 90


def test_a_paced_target_gets_few() -> None:
    """A target that limits rates is sent a small fixed number."""
    assert RunBudget.of_effort("deep", None, paced=True).total == PACED

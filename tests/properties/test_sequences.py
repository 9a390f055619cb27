"""Sequences and the walk find what takes several requests to show, and say it with as few."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import Budget, Shares
from conformance.properties.cast import Cast
from conformance.properties.explorer import Explorer
from conformance.properties.walk import Walk
from conformance.target import Target
from conformance.wire import Refuted

if TYPE_CHECKING:
    from conformance.world import World

SEQUENTIAL = ["third_patch_opens_privacy", "rejoining_is_forgotten"]
PATCHED = ["createMember", "updateMember", "updateMember", "updateMember"]


@pytest.fixture(autouse=True)
def callers_of_a_run(world: World) -> None:
    """Let all callers know what was created, and who they are, as they do in a run."""
    world.other = dataclasses.replace(world.other, name="other")
    for caller in (world.other, world.anonymous):
        caller.client.guard = world.owner.client.guard


@pytest.mark.parametrize("reference", SEQUENTIAL[:1], indirect=True)
def test_sequences_find_it(world: World) -> None:
    """A fault that each third PATCH shows is found, and told in five requests."""
    explorer = Explorer(world, Shares(1500, 3000))
    explorer.explore()
    explorer.arena.clear()
    outcomes = [defect.outcome() for defect in explorer.defects]
    found = [outcome for outcome in outcomes if isinstance(outcome, Refuted)]
    assert "patch-preserves-missing-keys" in {rule for one in found for rule in one.breaks}
    chains = [[exchange.operation.id for exchange in one.chain] for one in found]
    assert any(chain[:4] == PATCHED and len(chain) == 5 for chain in chains)


def test_sequences_find_nothing_without_a_fault(world: World) -> None:
    """Whatever is requested, the reference server agrees with the model."""
    explorer = Explorer(world, Shares(600, 600))
    explorer.explore()
    explorer.arena.clear()
    assert explorer.defects == []
    assert explorer.trouble is None
    assert explorer.reach["updateMember", 2]


@pytest.mark.parametrize("reference", SEQUENTIAL[1:], indirect=True)
def test_the_walk_finds_it(world: World) -> None:
    """A member that does not come back into its group is missed, and told in at most six requests."""
    target = Target(base_url="", revision=world.contract.revision, name="test", token=None)
    walk = Walk(Cast(world, target))
    walk.go(Budget(1100))
    walk.shorten(Budget(1500))
    telling = [walk.telling(operation) for operation in ("getGroupMembers", "getMemberGroups")]
    assert all(found is not None and len(found.chain) <= 6 for found in telling)

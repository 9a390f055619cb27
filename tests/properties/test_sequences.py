"""Sequences and the walk find what takes several requests to show, and say it with as few."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import Budget, Shares
from conformance.properties.entities import Cast
from conformance.properties.exploration import Explorer
from conformance.properties.privacy_walk import PrivacyWalk
from conformance.target import Target

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.account import Account
    from tests.conftest import Reference, Run

SEEDS = ("1", "2", "3", "4")
PATCHED = ["createMember", "updateMember", "updateMember", "updateMember"]


@pytest.fixture(name="account")
def with_callers_of_a_run(account: Account) -> Account:
    """Let all callers know what was created, and who they are, as they do in a run."""
    account.other = dataclasses.replace(account.other, name="other")
    for caller in (account.other, account.anonymous):
        caller.client.guard = account.owner.client.guard
    return account


@pytest.mark.long
@pytest.mark.parametrize("reference", ["third_patch_opens_privacy"], indirect=True)
def test_sequences_find_it(reference: Reference, run_suite: Run, tmp_path: Path) -> None:
    """A fault that each third PATCH shows is found, and reported in five requests; not with every seed."""
    words = ("--target", str(reference.target_file), "--budget", "3000", "-k", "sequences.py")
    for seed in SEEDS:
        run = run_suite(*words, "--seed", seed)
        assert run.returncode in (0, 1), run.stderr
        [log] = tmp_path.rglob("events.jsonl")
        if PATCHED in [chain[:4] for chain in _chains(log) if len(chain) == 5]:
            return
    pytest.fail("no seed found it")


def _chains(log: Path) -> list[list[str]]:
    """Return the operations of each chain that a run found."""
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    sent = {event["id"]: event["operation"] for event in events if event["event"] == "exchange"}
    return [[sent[e] for e in one["exchanges"]] for one in events if one["event"] == "chain-found"]


def test_sequences_find_nothing_without_a_fault(account: Account) -> None:
    """Whatever is requested, the reference server agrees with the model."""
    explorer = Explorer(account, Shares(600, 600))
    explorer.explore()
    explorer.arena.clear()
    assert explorer.defects == []
    assert explorer.trouble is None
    assert explorer.reach["updateMember", 2]


@pytest.mark.parametrize("reference", ["patch_is_not_stored"], indirect=True)
def test_sequences_report_what_they_find(account: Account) -> None:
    """What one request shows is found at once, and reported in as few requests as show it."""
    explorer = Explorer(account, Shares(200, 400))
    explorer.explore()
    explorer.arena.clear()
    assert explorer.defects
    for found in explorer.defects:
        assert found.problem.violates
        assert len(found.problem.chain) <= 3


@pytest.mark.parametrize("reference", ["rejoining_is_forgotten"], indirect=True)
def test_the_walk_finds_it(account: Account) -> None:
    """A member that does not come back into its group is missed, and reported in at most six requests."""
    target = Target(base_url="", revision=account.contract.revision, name="test", token=None)
    walk = PrivacyWalk(Cast(account, target))
    walk.go(Budget(700))
    walk.shorten(Budget(1500))
    telling = [walk.telling(operation) for operation in ("getGroupMembers", "getMemberGroups")]
    assert all(found is not None and len(found.chain) <= 6 for found in telling)

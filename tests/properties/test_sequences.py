"""Sequences and changes of privacy find what takes several requests to show, and report it in as few."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from conformance.properties.budget import Budget, RunBudget
from conformance.properties.exploration import Exploration
from conformance.properties.own_entities import OwnEntities
from conformance.properties.privacy_changes import PrivacyChanges
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
    """Whatever is sent, the responses of the reference server are the expected ones."""
    exploration = Exploration(account, RunBudget(600, 600))
    exploration.run()
    exploration.sender.clear()
    assert exploration.defects == []
    assert exploration.trouble is None
    assert exploration.status_counts["updateMember", 2]


@pytest.mark.parametrize("reference", ["patch_is_not_stored"], indirect=True)
def test_sequences_report_what_they_find(account: Account) -> None:
    """What one request shows is found at once, and reported in as few requests as show it."""
    exploration = Exploration(account, RunBudget(200, 400))
    exploration.run()
    exploration.sender.clear()
    assert exploration.defects
    for found in exploration.defects:
        assert found.problem.violates
        assert len(found.problem.chain) <= 3


@pytest.mark.parametrize("reference", ["rejoining_is_forgotten"], indirect=True)
def test_changes_of_privacy_find_it(account: Account) -> None:
    """A member that cannot be added to its group again is found, and reported in at most six requests."""
    target = Target(base_url="", revision=account.contract.revision, name="test", token=None)
    privacy_changes = PrivacyChanges(OwnEntities(account, target))
    privacy_changes.run(Budget(700))
    privacy_changes.shorten(Budget(1500))
    failures = [
        privacy_changes.failure_of(operation)
        for operation in ("getGroupMembers", "getMemberGroups")
    ]
    assert all(found is not None and len(found.chain) <= 6 for found in failures)

"""Accounts on the reference server and on a stub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.account import Account, Journal, restore
from conformance.http import ME
from conformance.reference import target_file
from conformance.target import ExistingObject, Snapshot, Target, describe, inspect
from tests.reference.conftest import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.contract import Contract
    from tests.conftest import Connect, Reference, StartStub
    from tests.reference.conftest import Sandbox
    from tests.stub import Script

    Open = Callable[..., Account]
    OpenOnStub = Callable[[Script], Account]


@pytest.fixture
def open_account(
    contract: Contract, reference: Reference, connect: Connect, tmp_path: Path
) -> Iterator[Open]:
    """Return a function that opens an account with this mark; all are restored at the end."""
    opened: list[Account] = []

    def open_account(mark: str = "mark") -> Account:
        owner = connect(reference.base_url, reference.token)
        other = connect(reference.base_url, reference.other_token)
        system = owner.send("getSystem", ME).json["id"]
        target = Target(
            base_url=reference.base_url,
            revision=contract.revision,
            name="test",
            token=reference.token,
            allow_existing=(system,),
        )
        snapshot = inspect(target, owner, other, connect(target.base_url))
        account = Account(
            contract=contract,
            owner=owner,
            other=other,
            anonymous=connect(reference.base_url),
            snapshot=snapshot,
            journal=Journal(
                tmp_path / f"{mark}.jsonl", mark, snapshot.as_json(), contract.revision
            ),
            seed=0,
        )
        opened.append(account)
        return account

    yield open_account
    for account in reversed(opened):
        account.journal.close()
        restore(account.journal.record, account.owner)


@pytest.fixture
def account(open_account: Open) -> Account:
    """An account on an empty system, restored at the end."""
    return open_account()


@pytest.fixture
def filled() -> Iterator[Sandbox]:
    """A server whose system under test is filled."""
    with running(filled=True) as sandbox:
        yield sandbox


@pytest.fixture
def filled_account(
    filled: Sandbox, contract: Contract, connect: Connect, tmp_path: Path
) -> Iterator[Account]:
    """The account of the filled system, with the fixtures of its target file."""
    file = tmp_path / "target.toml"
    target_file.write(file, filled.server, "test", filled.base_url, None)
    target = describe({"target": str(file)}, {})
    owner, other = (connect(filled.base_url, token) for token in (target.token, target.other_token))
    snapshot = inspect(target, owner, other, connect(target.base_url))
    journal = Journal(tmp_path / "journal.jsonl", "mark", snapshot.as_json(), contract.revision)
    yield Account(
        contract=contract,
        owner=owner,
        other=other,
        anonymous=connect(filled.base_url),
        snapshot=snapshot,
        journal=journal,
        seed=0,
    )
    journal.close()


@pytest.fixture
def stub_account(
    contract: Contract, connect: Connect, stub: StartStub, tmp_path: Path
) -> OpenOnStub:
    """Return a function that opens an account on a stub server, with a system that is named Old."""

    def open_account(script: Script) -> Account:
        caller = connect(stub(script).base_url, "abc")
        system = {"id": "abcde", "name": "Old"}
        snapshot = Snapshot((ExistingObject("System", ME, body=system),))
        return Account(
            contract=contract,
            owner=caller,
            other=caller,
            anonymous=caller,
            snapshot=snapshot,
            journal=Journal(
                tmp_path / "journal.jsonl", "mark", snapshot.as_json(), contract.revision
            ),
            seed=0,
        )

    return open_account

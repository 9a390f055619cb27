"""A world on the reference server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.account import Journal, World, restore
from conformance.http import ME
from conformance.target import Snapshot, Target, inspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.contract import Contract
    from tests.conftest import Connect, Reference, Script, StartStub

    Open = Callable[..., World]
    OpenOnStub = Callable[[Script], World]


@pytest.fixture
def open_world(
    contract: Contract, reference: Reference, connect: Connect, tmp_path: Path
) -> Iterator[Open]:
    """Return the way to open a world with this mark; all of them are restored at the end."""
    opened: list[World] = []

    def open_world(mark: str = "mark") -> World:
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
        snapshot = inspect(target, owner, other)
        world = World(
            contract=contract,
            owner=owner,
            other=other,
            anonymous=connect(reference.base_url),
            snapshot=snapshot,
            journal=Journal(tmp_path / f"{mark}.jsonl", mark, snapshot.as_json()),
            seed=0,
        )
        opened.append(world)
        return world

    yield open_world
    for world in reversed(opened):
        world.journal.close()
        restore(world.journal.record, world.owner)


@pytest.fixture
def world(open_world: Open) -> World:
    """A world on an empty system, restored at the end."""
    return open_world()


@pytest.fixture
def stub_world(contract: Contract, connect: Connect, stub: StartStub, tmp_path: Path) -> OpenOnStub:
    """Return the way to open a world on a stub server, with a system that is named Old."""

    def open_world(script: Script) -> World:
        caller = connect(stub(script).base_url, "abc")
        snapshot = Snapshot({"id": "abcde", "name": "Old"}, {}, {}, limiter_seen=False)
        return World(
            contract=contract,
            owner=caller,
            other=caller,
            anonymous=caller,
            snapshot=snapshot,
            journal=Journal(tmp_path / "journal.jsonl", "mark", snapshot.as_json()),
            seed=0,
        )

    return open_world

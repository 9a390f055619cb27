"""Entities that several modules of checks look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks.gallery import Gallery
from conformance.checks.scenes import Scene
from conformance.checks.series import Series
from conformance.checks.subjects import Subjects
from conformance.checks.trials import Trials
from conformance.checks.writes import Writes
from conformance.contract.samples import full_body

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.target import Target
    from conformance.world import Entity, World


@pytest.fixture(scope="session")
def full_member(world: World, contract: Contract) -> Entity:
    """A member with a value in every key."""
    return world.member(**full_body(contract, "Member") | {"name": world.name()})


@pytest.fixture(scope="session")
def full_group(world: World, contract: Contract) -> Entity:
    """A group with a value in every key."""
    return world.group(**full_body(contract, "Group") | {"name": world.name()})


@pytest.fixture(scope="session")
def bare(world: World, full_member: Entity, full_group: Entity) -> Scene:
    """A member and a group of which only the name is set, made after ones that have everything."""
    del full_member, full_group
    return Scene(world, [world.member()], [world.group()]).arrange()


@pytest.fixture(scope="session")
def pair(world: World) -> tuple[Entity, Entity]:
    """Two members who never fronted before the checks of switches."""
    return world.member(), world.member()


@pytest.fixture(scope="session")
def circle(world: World) -> Scene:
    """Three members and three groups, none of them in another; they are deleted by the checks of deletion."""
    return Scene(world, [world.member() for _ in range(3)], [world.group() for _ in range(3)])


@pytest.fixture(scope="session")
def subjects(world: World, contract: Contract) -> Subjects:
    """What the checks of bodies change; nothing is sent before they ask."""
    return Subjects(world, contract)


@pytest.fixture(scope="session")
def series(subjects: Subjects, full_member: Entity, full_group: Entity) -> Series:
    """The PATCHes that `patch`, `patch_bodies` and `patch_surroundings` look at."""
    return Series(subjects, {"member": full_member, "group": full_group})


@pytest.fixture(scope="session")
def trials(subjects: Subjects) -> Trials:
    """The values that `limits`, `formats` and `error_details` try; nothing is sent before they ask."""
    return Trials(subjects)


@pytest.fixture(scope="session")
def writes(world: World, contract: Contract, target: Target) -> Writes:
    """Valid writes that are sent where they must be refused, at entities of their own."""
    return Writes(world, contract, target)


@pytest.fixture(scope="session")
def gallery(world: World, contract: Contract, target: Target) -> Gallery:
    """What the checks of privacy look at; nothing is sent before they ask."""
    return Gallery(world, contract, target.fixtures.get("account_id"))

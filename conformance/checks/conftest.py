"""Entities that several modules of checks look at."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks.fronting import Fronting
from conformance.checks.gallery import Gallery
from conformance.checks.history import History
from conformance.checks.rate_scenes import Rates
from conformance.checks.rate_scenes_at_launch import Launch
from conformance.checks.scenes import Scene
from conformance.checks.series import Series
from conformance.checks.subjects import Subjects
from conformance.checks.trials import Trials
from conformance.checks.visits import Visits
from conformance.checks.writes import Writes
from conformance.contract.samples import full_body, is_free_text, unusual
from conformance.http import Outcome, Unmet

if TYPE_CHECKING:
    from conformance.account import Entity, World
    from conformance.checks.rate_stage import Stage
    from conformance.contract import Contract
    from conformance.target import Target


def unusual_texts(contract: Contract, model: str) -> dict[str, Any]:
    """Return an unusual text for every key that takes any text, each of another kind than the one before."""
    fields = [field for field in contract.fields_of(model) if field.in_post]
    texts = [field for field in fields if is_free_text(field) and field.key != "name"]
    return {field.key: unusual(field, number) for number, field in enumerate(texts)}


def full(world: World, contract: Contract, model: str) -> Entity:
    """Return an entity with a value in every key, unusual texts among them unless those are refused."""
    make = world.member if model == "Member" else world.group
    body = full_body(contract, model) | {"name": world.name()}
    try:
        return make(**body | unusual_texts(contract, model))
    except Unmet:
        return make(**body)


@pytest.fixture(scope="session")
def full_member(world: World, contract: Contract) -> Entity:
    """A member with a value in every key."""
    return full(world, contract, "Member")


@pytest.fixture(scope="session")
def full_group(world: World, contract: Contract) -> Entity:
    """A group with a value in every key."""
    return full(world, contract, "Group")


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
def history(world: World, pair: tuple[Entity, Entity]) -> History:
    """The switches that `switches` and `switch_changes` look at."""
    return History(world, *pair)


@pytest.fixture(scope="session")
def circle(world: World) -> Scene:
    """Three members and three groups, none of them in another; they are deleted by the checks of deletion."""
    name = world.name()  # of two of them: names need not differ
    members = [world.member(name=name), world.member(name=name), world.member()]
    return Scene(world, members, [world.group() for _ in range(3)])


@pytest.fixture(scope="session")
def crowd(circle: Scene, bare: Scene, gallery: Gallery) -> Scene:
    """The circle, in a system that has more members and groups than fit on a short page of a list."""
    del bare
    with contextlib.suppress(Outcome):  # then there are fewer
        gallery.gathered()
    return circle


@pytest.fixture(scope="session")
def fronting(world: World, circle: Scene) -> Fronting:
    """The first member of the circle, who fronts, and goes by a new name since."""
    return Fronting(world, circle.members[0])


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


@pytest.fixture(scope="session")
def rates(stage: Stage) -> Rates:
    """The bursts that all checks of rate limits look at."""
    assert isinstance(stage, Rates)
    return stage


@pytest.fixture(scope="session")
def launch(stage: Stage) -> Launch:
    """The same at revision 2021-11."""
    assert isinstance(stage, Launch)
    return stage


@pytest.fixture(scope="session")
def visits(world: World, target: Target, circle: Scene, bare: Scene) -> Visits:
    """What the checks of ids and of their spellings look at."""
    return Visits(world, target, circle, bare)

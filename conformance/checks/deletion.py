"""A member or group that is deleted is gone (docs: endpoints#delete-member, #delete-group).

Each entity of the circle is deleted by another spelling of its id. How switches are deleted is not tested here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import Row, changes_system, each
from conformance.checks.spellings import Address, rule_of
from conformance.wire import ME, Outcome
from conformance.wire.expectation import (
    expect,
    expect_error,
    expect_refused,
    expect_status,
    expect_value,
    need_list,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.world import Entity, World

# How the entities of the circle are named, in their order.
NAMED = {"Member": ("short", "upper", "uuid"), "Group": ("short", "dashed", "uuid")}
CODES = {"Member": 20002, "Group": 20004}
NO_CONTENT = 204


def by_short_id(_: Contract) -> Iterator[Row]:
    """Rows for what is deleted by its short id, with what the docs say of the answer."""
    return (Row(model, model.lower(), (f"delete-{model.lower()}-204",)) for model in NAMED)


def by_spelling(_: Contract) -> Iterator[Row]:
    """Rows for each spelling by which something is deleted."""
    for model, spellings in NAMED.items():
        for number, spelling in enumerate(spellings):
            yield Row((model, number), f"{model.lower()}-{spelling}", (rule_of(model, spelling),))


def gone(_: Contract) -> Iterator[Row]:
    """Rows for what can no longer be found."""
    return (Row(model, model.lower(), (f"deleted-{model.lower()}-is-gone",)) for model in NAMED)


def refused(_: Contract) -> Iterator[Row]:
    """The same rows, for the refusal."""
    return (Row(model, model.lower(), (f"err-{code}",)) for model, code in CODES.items())


class Farewell:
    """Deletes the entities of the circle, once each, and looks for them afterwards."""

    def __init__(self, world: World, circle: Scene) -> None:
        """Take the circle, which nobody needs any more."""
        self.world = world
        self.entities = {"Member": circle.members, "Group": circle.groups}
        self._answers: dict[tuple[str, int], Exchange | Outcome] = {}
        self._reads: dict[tuple[str, str], Exchange] = {}

    def delete(self, model: str, number: int) -> Exchange:
        """Return the answer to the DELETE of one entity."""
        key = (model, number)
        if key not in self._answers:
            try:
                self._answers[key] = self._delete(model, number)
            except Outcome as problem:
                self._answers[key] = problem
        found = self._answers[key]
        if isinstance(found, Outcome):
            raise found
        return found

    def read(self, model: str, ref: str) -> Exchange:
        """Return what is found by a ref after the first entity was deleted."""
        if (model, ref) not in self._reads:
            self.delete(model, 0)
            refs = Address(model, ref, ref).refs("short")
            self._reads[model, ref] = self.world.owner.send(f"get{model}", refs)
        return self._reads[model, ref]

    def _delete(self, model: str, number: int) -> Exchange:
        entity: Entity = self.entities[model][number]
        refs = Address(model, entity.id, entity.uuid).refs(NAMED[model][number])
        exchange = self.world.owner.send(f"delete{model}", refs)
        if exchange.status == NO_CONTENT:
            self.world.journal.deleted(entity.kind, entity.id)
        return exchange


@pytest.fixture(scope="session")
def farewell(world: World, circle: Scene) -> Farewell:
    """What all checks of this module look at."""
    return Farewell(world, circle)


@changes_system
@each("model", by_short_id)
def check_delete_is_204(model: str, farewell: Farewell) -> None:
    """A DELETE is answered 204 without content."""
    exchange = farewell.delete(model, 0)
    expect_status(exchange, NO_CONTENT)
    expect(
        f"body of {exchange.label}",
        holds=exchange.text == "",
        expected=Wording("no content"),
        actual=exchange.text,
        exchange=exchange,
    )


@changes_system
@each("case", by_spelling)
def check_delete_by_spelling(case: tuple[str, int], farewell: Farewell) -> None:
    """What a path names in any spelling can be deleted."""
    expect_status(farewell.delete(*case), 200, NO_CONTENT)


@changes_system
@each("model", gone)
def check_deleted_is_not_found(model: str, farewell: Farewell) -> None:
    """What was deleted is found by none of its ids."""
    entity = farewell.entities[model][0]
    for ref in (entity.id, entity.uuid):
        expect_refused(farewell.read(model, ref))


@changes_system
@each("model", refused)
def check_deleted_is_unknown(model: str, farewell: Farewell) -> None:
    """The short id of what was deleted is answered like one that never was."""
    exchange = farewell.read(model, farewell.entities[model][0].id)
    expect_error(exchange, 404, (CODES[model],))


@changes_system
@each("model", gone)
def check_deleted_is_not_listed(model: str, farewell: Farewell, world: World) -> None:
    """What was deleted is not in the list of its system."""
    deleted = []
    for number, entity in enumerate(farewell.entities[model]):
        try:
            answer = farewell.delete(model, number)
        except Outcome:
            continue
        deleted += [entity.uuid] if answer.ok else []
    exchange = world.owner.send(f"getSystem{model}s", ME)
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") in deleted]
    expect_value(exchange, "deleted and listed", listed, [])

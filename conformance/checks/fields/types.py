"""Values have the type of their key wherever an entity is shown, with values and without (docs: models).

That a key without a value is null is tested in `fields.nulls`, the form of values that were sent in `formats`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.contract.value_types import fits, type_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.shown_entities import PLACES, ShownEntities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange

CREATED = {"Member": "createMember", "Group": "createGroup"}
NOT_NULL = "non-nullable-type-not-null"
# Places that show only the members of a switch: the full member is in none.
OF_THE_SWITCH = ("getFronters", "getSwitch", "getGroupMembers", "getMemberGroups")


def typed(contract: Contract) -> Iterator[Row]:
    """Rows for each key of an entity in each place that shows it, with the requirements on its type."""
    for model, readers in PLACES.items():
        places = (*readers, *([CREATED[model]] if model in CREATED else ()))
        for field in contract.fields_of(model):
            for operation in places if "type" in field.schema else ():
                returned = contract.named("returns", operation=operation)
                rules = (*of_key(contract, field), *returned)
                yield Row((field, operation), f"{field.name}-{operation}", rules)


def of_key(contract: Contract, field: Field) -> tuple[str, ...]:
    """Return the requirements on the type of a key."""
    rules = contract.types_of(field)
    return rules if field.nullable else (*rules, NOT_NULL)


def shown(
    operation: str, model: str, minimal_entities: ShownEntities, full: Entity | None, owner: Caller
) -> Iterator[tuple[Exchange, dict[str, Any]]]:
    """Yield how a place shows the minimal entity and the full one, as far as it shows them."""
    if model == "System":
        exchange = minimal_entities.read(operation, owner)
        yield exchange, need_object(exchange)
        return
    for entity in (
        (minimal_entities.members if model == "Member" else minimal_entities.groups)[0],
        full,
    ):
        if entity is None or (entity is full and operation in OF_THE_SWITCH):
            continue
        if operation in CREATED.values():
            yield entity.created, entity.body
        else:
            yield minimal_entities.show(operation, owner, entity)


@each("place", typed)
def check_value_has_its_type(
    place: tuple[Field, str],
    minimal_entities: ShownEntities,
    full_member: Entity,
    full_group: Entity,
    owner: Caller,
    contract: Contract,
) -> None:
    """A value is of the type that the docs give its key, in every place that shows it."""
    field, operation = place
    full = {"Member": full_member, "Group": full_group}.get(field.model)
    found = list(shown(operation, field.model, minimal_entities, full, owner))
    if not found:
        reason = f"{operation} shows no {field.model.lower()}"
        raise PreconditionFailed(reason)
    for exchange, body in found:
        if field.key not in body:
            continue  # that it is missing is for another check
        value = body[field.key]
        broken = (NOT_NULL,) if value is None else contract.types_of(field)
        expect(
            f"{field.key} in {exchange.label}",
            holds=fits(field, value),
            expected=Wording(type_of(field)),
            actual=value,
            exchange=exchange,
            violates=broken or contract.named("returns", operation=operation),
        )

"""A member and a group whose images have the same address, and a member with an image for webhooks alone.

The addresses of `avatar_url` and `webhook_avatar_url` are never the same: PluralKit production does not keep such two apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange

FOR_WEBHOOKS = "webhook_avatar_url"
ONE, OTHER = "https://example.com/equal.png", "https://example.com/no-longer-equal.png"


def images(contract: Contract, model: str) -> list[str]:
    """Return the keys of a model that take the address of an image, but for that of webhooks."""
    fields = [field for field in contract.fields_of(model) if field.in_post and field.in_patch]
    return [f.key for f in fields if f.schema.get("format") == "uri" and f.key != FOR_WEBHOOKS]


class EqualValues:
    """Creates the entities, changes the last image, and sets the display name to the name, once each."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._once = Once()

    def made(self, model: str) -> Entity:
        """Return the entity whose images are the same; raises PreconditionFailed when it could not be created."""
        body = dict.fromkeys(images(self.contract, model), ONE)
        return self._made(model, model.lower(), body)

    def for_webhooks(self) -> Entity:
        """Return the member that has an image for webhooks and no other one."""
        return self._made("webhooks", "member", {FOR_WEBHOOKS: ONE})

    def read(self, name: str) -> Exchange:
        """Return a GET after the POST: of a model, or of the member with an image for webhooks."""
        entity = self.for_webhooks() if name == "webhooks" else self.made(name)
        return self._get(name, entity)

    def changed(self, model: str) -> Exchange:
        """Return the PATCH of the last image, which also makes the display name that of the entity."""
        self.read(model)
        response: Exchange = self._once.get(f"changed {model}", lambda: self._change(model))
        return response

    def read_again(self, model: str) -> Exchange:
        """Return a GET after the PATCH."""
        self.changed(model)
        return self._get(f"again {model}", self.made(model))

    def _made(self, name: str, kind: str, body: dict[str, Any]) -> Entity:
        make = self.account.member if kind == "member" else self.account.group
        entity: Entity = self._once.get(f"made {name}", lambda: make(**body))
        return entity

    def _get(self, name: str, entity: Entity) -> Exchange:
        operation = f"get{entity.kind.capitalize()}"
        response: Exchange = self._once.get(
            f"read {name}", lambda: self.account.owner.send(operation, entity.refs)
        )
        return response

    def _change(self, model: str) -> Exchange:
        entity = self.made(model)
        body = {"display_name": entity.sent["name"], images(self.contract, model)[-1]: OTHER}
        return self.account.owner.send(f"update{model}", entity.refs, json=body)


@pytest.fixture(scope="session")
def equal_values(account: Account, contract: Contract) -> EqualValues:
    """The entities with equal values that the checks share."""
    return EqualValues(account, contract)

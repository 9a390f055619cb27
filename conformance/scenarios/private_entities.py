"""Entities of what is private: for each privacy key an entity in which it alone is, and one in which all are.

All members and groups of it belong together, so that each list shows them all at once; the system passes through its
states instead. What is looked at is tested in `privacy_fields` and `privacy_together`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.samples import full_body, sample
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object
from conformance.scenarios.shown_entities import PLACES, WITH_MEMBERS, ShownEntities
from conformance.scenarios.system_privacy import ALL, LAUNCH, NONE, Look, SystemStates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange
    from conformance.target import Target

MODELS = ("System", "Member", "Group")


@dataclasses.dataclass(frozen=True)
class Secret:
    """Keys of a model's privacy object that are private together; `state` is the key, or that of all keys."""

    model: str
    state: str
    keys: frozenset[str]

    @property
    def name(self) -> str:
        """The secret's name in reports, like `member.name_privacy`."""
        return f"{self.model.lower()}.{self.state}"

    def hides(self, field: Field) -> bool:
        """Whether others do not see the field."""
        return field.hidden_by == OWNER_ONLY or field.hidden_by in self.keys


@dataclasses.dataclass(frozen=True)
class Sight:
    """An entity with a secret, seen in one place by one caller who writes the path in one way."""

    secret: Secret
    place: str
    caller: str
    id_format: str = "short"


def alone(contract: Contract, model: str) -> Iterator[Secret]:
    """Yield the secrets of a single key that hides something."""
    for key in contract.privacy_keys_of(model):
        if key.hides:
            yield Secret(model, key.key, frozenset({key.key}))


def together(contract: Contract, model: str) -> Secret:
    """Return the secret of all keys that hide fields, and of a group also of that which closes its list.

    What a system closes is private, too, in that state, but a field does not depend on it.
    """
    keys = contract.privacy_keys_of(model)
    private = [key.key for key in keys if key.hides or (key.closes and model == "Group")]
    return Secret(model, ALL, frozenset(private))


def unlisted(contract: Contract, model: str) -> Secret:
    """Return the secret of the key that takes an entity out of the lists."""
    keys = contract.privacy_keys_of(model)
    name = next(key.key for key in keys if key.unlists)
    return Secret(model, name, frozenset({name}))


def places(contract: Contract, model: str) -> tuple[str, ...]:
    """Return the places that show a model: at the launch lists with members had rules of their own."""
    more = (WITH_MEMBERS,) if model == "Group" and contract.revision != LAUNCH else ()
    return PLACES[model] + more


def upstream_shows(contract: Contract, field: Field) -> bool:
    """Whether PluralKit's own server never hid the field: the icon of a group, at the launch."""
    return contract.revision == LAUNCH and field.name == "group.icon"


def upstream_hides(contract: Contract, field: Field, secret: Secret, shown: object) -> bool:
    """Whether PluralKit's own server hides a public field with another: the banner, at the launch."""
    hidden = contract.revision == LAUNCH and field.key == "banner" and shown is None
    return hidden and "description_privacy" in secret.keys


class PrivateEntities:
    """The entities, and what everybody sees of them."""

    def __init__(self, account: Account, contract: Contract, discord_id: str | None) -> None:
        """Take the account in which the entities live; nothing is sent yet."""
        self.account, self.contract, self.discord_id = account, contract, discord_id
        self.states = SystemStates(account, contract, self._arranged)
        self._scene: ShownEntities | Outcome | None = None
        # Responses to a POST with private keys.
        self.posted: dict[Secret, Exchange] = {}
        self._entities: dict[Secret, Entity] = {}
        self._closed: dict[tuple[str, str, str], Exchange] = {}

    def show(self, sight: Sight, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the entity of the secret as the caller sees it; PreconditionFailed unless its keys are private."""
        self._need_private(sight.secret)
        return self.look(sight, caller)

    def look(self, sight: Sight, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the same, even if the owner cannot tell whether the keys are private."""
        if sight.secret.model == "System":
            look = Look(sight.secret.state, sight.place, caller.name, sight.id_format)
            own = caller.name == "owner"
            exchange = self.states.entered(look.state) if own else self.states.response(look)
            return exchange, need_object(exchange)
        entity = self.entity(sight.secret)
        return self.scene().show(sight.place, caller, entity, sight.id_format)

    def privacy(self, secret: Secret) -> tuple[Exchange, dict[str, Any]]:
        """Return the privacy object as the owner sees it, empty when it is not shown."""
        sight = Sight(secret, f"get{secret.model}", "owner")
        exchange, body = self.look(sight, self.account.owner)
        privacy = body.get("privacy")
        return exchange, privacy if isinstance(privacy, dict) else {}

    def _need_private(self, secret: Secret) -> None:
        exchange, privacy = self.privacy(secret)
        public = [key for key in sorted(secret.keys) if privacy.get(key, "private") != "private"]
        if public:
            reason = f"{', '.join(public)} of a {secret.model.lower()} could not be made private"
            raise PreconditionFailed(reason, exchange)

    def scene(self) -> ShownEntities:
        """Return the members and groups, made when first asked for, in a system that closes none of their lists."""
        with contextlib.suppress(
            Outcome
        ):  # then the lists may be closed, and what they show is reported where it is looked at
            self.states.entered(NONE)
        return self._arranged()

    def gathered(self) -> ShownEntities:
        """Return the members and groups, whatever state the system is in."""
        return self._arranged()

    def _arranged(self) -> ShownEntities:
        if self._scene is None:
            try:
                self._scene = self._arrange()
            except Outcome as problem:
                self._scene = problem
        if isinstance(self._scene, Outcome):
            raise self._scene
        return self._scene

    def entity(self, secret: Secret) -> Entity:
        """Return the member or group that has this secret."""
        self.scene()
        return self._entities[secret]

    def closed_group(self, operation: str, caller: Caller, id_format: str = "short") -> Exchange:
        """Return the response to a read below the group of which all is private, its list of members too."""
        key = (operation, caller.name, id_format)
        if key not in self._closed:
            group = self.entity(together(self.contract, "Group"))
            refs = Address("Group", group.id, group.uuid).refs(id_format)
            self._closed[key] = caller.send(operation, refs)
        return self._closed[key]

    def value(self, secret: Secret, field: Field) -> Any:
        """Return what the owner gave the field; None where the server chose it."""
        if secret.model == "System":
            return sample(field, 0) if field.in_patch else None
        return self.entity(secret).sent.get(field.key)

    def stand_in(self, secret: Secret, field: Field) -> Any:
        """Return what others may see instead of a hidden value, beside null.

        The docs know of null alone. The display name in place of a name, and no tags in place of some, are what
        PluralKit's own server shows, and the contract allows them.
        """
        if field.hidden_name:
            return self.entity(secret).sent.get("display_name")
        return field.hidden_value

    def _arrange(self) -> ShownEntities:
        secrets = [
            secret
            for model in ("Member", "Group")
            for secret in (
                *alone(self.contract, model),
                together(self.contract, model),
                unlisted(self.contract, model),
            )
        ]
        self._entities = {secret: self._make(secret) for secret in secrets}
        members = [e for secret, e in self._entities.items() if secret.model == "Member"]
        groups = [e for secret, e in self._entities.items() if secret.model == "Group"]
        return ShownEntities(self.account, members, groups, discord_id=self.discord_id).arrange()

    def _make(self, secret: Secret) -> Entity:
        make = self.account.member if secret.model == "Member" else self.account.group
        body = full_body(self.contract, secret.model) | {"name": self.account.name()}
        keys = [key.key for key in self.contract.privacy_keys_of(secret.model)]
        privacy = {key: "private" if key in secret.keys else "public" for key in keys}
        # A key alone is sent alone: what a POST does not name is public.
        sent = dict.fromkeys(secret.keys, "private") if len(secret.keys) == 1 else privacy
        rejection: Exchange | None = None
        try:
            entity = make(**body, privacy=sent)
        except PreconditionFailed as rejected:
            rejection = rejected.exchange
            entity = make(**body)
        if entity.body.get("privacy") != privacy:
            self.account.owner.send(f"update{secret.model}", entity.refs, json={"privacy": privacy})
        self.posted[secret] = rejection or entity.created
        return entity


@pytest.fixture(scope="session")
def private_entities(account: Account, contract: Contract, target: Target) -> PrivateEntities:
    """What the checks of privacy look at; nothing is sent before they ask."""
    return PrivateEntities(account, contract, target.fixtures.get("account_id"))

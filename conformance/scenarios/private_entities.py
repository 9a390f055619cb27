"""Entities with private keys: for each privacy key one in which it alone is private, and one in which all are.

All these members and groups belong together, so that each list shows them all at once; the system goes through
states instead (`system_privacy`). What responses may show is tested in `conformance.checks.privacy`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.contract.equivalence import means
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.samples import full_body, sample
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.shown_entities import PLACES, WITH_MEMBERS, ShownEntities
from conformance.scenarios.system_privacy import ALL, LAUNCH, NONE, SystemRead, SystemStates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange
    from conformance.target import Target

MODELS = ("System", "Member", "Group")


@dataclasses.dataclass(frozen=True)
class PrivateKeys:
    """Keys of a model's privacy object that are private together; `state` is the key, or that of all keys."""

    model: str
    state: str
    keys: frozenset[str]

    @property
    def name(self) -> str:
        """The name in reports, like `member.name_privacy`."""
        return f"{self.model.lower()}.{self.state}"

    def hides(self, field: Field) -> bool:
        """Whether others do not see the field."""
        return field.hidden_by == OWNER_ONLY or field.hidden_by in self.keys


@dataclasses.dataclass(frozen=True)
class EntityView:
    """An entity with private keys as one caller reads it in one place, by one id format of the path."""

    private_keys: PrivateKeys
    place: str
    caller: str
    id_format: str = "short"


def single_keys(contract: Contract, model: str) -> Iterator[PrivateKeys]:
    """Yield the private keys of entities in which one key that hides something is private."""
    for key in contract.privacy_keys_of(model):
        if key.hides:
            yield PrivateKeys(model, key.key, frozenset({key.key}))


def all_keys(contract: Contract, model: str) -> PrivateKeys:
    """Return all keys that hide fields, and for a group also the key that closes its list.

    The keys that close lists of a system are private in that state, too, but no field depends on them.
    """
    keys = contract.privacy_keys_of(model)
    private = [key.key for key in keys if key.hides or (key.closes and model == "Group")]
    return PrivateKeys(model, ALL, frozenset(private))


def unlisting_key(contract: Contract, model: str) -> PrivateKeys:
    """Return the key that takes an entity out of the lists."""
    keys = contract.privacy_keys_of(model)
    name = next(key.key for key in keys if key.unlists)
    return PrivateKeys(model, name, frozenset({name}))


def places(contract: Contract, model: str) -> tuple[str, ...]:
    """Return the places that show a model; at the launch, lists with members had rules of their own."""
    more = (WITH_MEMBERS,) if model == "Group" and contract.revision != LAUNCH else ()
    return PLACES[model] + more


def upstream_shows(contract: Contract, field: Field) -> bool:
    """Whether PluralKit production never hid the field: the icon of a group, at the launch."""
    return contract.revision == LAUNCH and field.name == "group.icon"


def upstream_hides(
    contract: Contract, field: Field, private_keys: PrivateKeys, shown: object
) -> bool:
    """Whether PluralKit production hides a public field with another: the banner, at the launch."""
    hidden = contract.revision == LAUNCH and field.key == "banner" and shown is None
    return hidden and "description_privacy" in private_keys.keys


class PrivateEntities:
    """The entities, and what each caller sees of them."""

    def __init__(self, account: Account, contract: Contract, discord_id: str | None) -> None:
        """Take the account to create the entities in; nothing is sent yet."""
        self.account, self.contract, self.discord_id = account, contract, discord_id
        self.states = SystemStates(account, contract, self.arranged)
        self._shown_entities: ShownEntities | Outcome | None = None
        # Responses to a POST with private keys.
        self.posted: dict[PrivateKeys, Exchange] = {}
        self._entities: dict[PrivateKeys, Entity] = {}
        self._group_reads: dict[tuple[str, str, str], Exchange] = {}

    def show(self, entity_view: EntityView, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the entity as the caller sees it; raises PreconditionFailed unless its keys are private."""
        self._need_private(entity_view.private_keys)
        return self.read(entity_view, caller)

    def read(self, entity_view: EntityView, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the same, without a test whether the keys are private."""
        if entity_view.private_keys.model == "System":
            read = SystemRead(
                entity_view.private_keys.state,
                entity_view.place,
                caller.name,
                entity_view.id_format,
            )
            own = caller.name == "owner"
            exchange = self.states.entered(read.state) if own else self.states.response(read)
            return exchange, need_object(exchange)
        entity = self.entity(entity_view.private_keys)
        return self.shown_entities().show(entity_view.place, caller, entity, entity_view.id_format)

    def privacy(self, private_keys: PrivateKeys) -> tuple[Exchange, dict[str, Any]]:
        """Return the privacy object as the owner sees it, empty when it is not shown."""
        entity_view = EntityView(private_keys, f"get{private_keys.model}", "owner")
        exchange, body = self.read(entity_view, self.account.owner)
        privacy = body.get("privacy")
        return exchange, privacy if isinstance(privacy, dict) else {}

    def _need_private(self, private_keys: PrivateKeys) -> None:
        exchange, privacy = self.privacy(private_keys)
        public = [
            key for key in sorted(private_keys.keys) if privacy.get(key, "private") != "private"
        ]
        if public:
            reason = (
                f"{', '.join(public)} of a {private_keys.model.lower()} could not be made private"
            )
            raise PreconditionFailed(reason, exchange)

    def shown_entities(self) -> ShownEntities:
        """Return the members and groups, created when first asked for, in a system with open lists."""
        # On failure the lists may be closed, which is reported by the checks that read them.
        with contextlib.suppress(Outcome):
            self.states.entered(NONE)
        return self.arranged()

    def arranged(self) -> ShownEntities:
        """Return the members and groups, whatever state the system is in."""
        if self._shown_entities is None:
            self._shown_entities = outcome_of(self._arrange)
        return value_or_raise(self._shown_entities)

    def entity(self, private_keys: PrivateKeys) -> Entity:
        """Return the member or group that has these private keys."""
        self.shown_entities()
        return self._entities[private_keys]

    def read_private_group(
        self, operation: str, caller: Caller, id_format: str = "short"
    ) -> Exchange:
        """Return the response to a read below the group in which all is private, its list of members too."""
        key = (operation, caller.name, id_format)
        if key not in self._group_reads:
            group = self.entity(all_keys(self.contract, "Group"))
            refs = Address("Group", group.id, group.uuid).refs(id_format)
            self._group_reads[key] = caller.send(operation, refs)
        return self._group_reads[key]

    def value(self, private_keys: PrivateKeys, field: Field) -> Any:
        """Return the value that the owner set; None where the server chose it."""
        if private_keys.model == "System":
            return sample(field, 0) if field.in_patch else None
        return self.entity(private_keys).sent.get(field.key)

    def is_stored(self, private_keys: PrivateKeys, field: Field) -> bool:
        """Whether the POST of the entity returned the value that was sent, or the public system shows what the PATCH sent."""
        of_system = private_keys.model == "System"
        exchange = self.states.entered(NONE) if of_system else self.entity(private_keys).created
        shown = exchange.json
        sent = self.value(private_keys, field)
        return isinstance(shown, dict) and means(field.key, shown.get(field.key), sent)

    def replacement(self, private_keys: PrivateKeys, field: Field) -> Any:
        """Return what others may see instead of a hidden value, besides null.

        The docs know of null alone. The display name in place of a name, and no tags in place of some, are what
        PluralKit production shows, and the contract allows them.
        """
        if field.hidden_name:
            return self.entity(private_keys).sent.get("display_name")
        return field.hidden_value

    def _arrange(self) -> ShownEntities:
        every = [
            private_keys
            for model in ("Member", "Group")
            for private_keys in (
                *single_keys(self.contract, model),
                all_keys(self.contract, model),
                unlisting_key(self.contract, model),
            )
        ]
        self._entities = {private_keys: self._make(private_keys) for private_keys in every}
        members = [entity for keys, entity in self._entities.items() if keys.model == "Member"]
        groups = [entity for keys, entity in self._entities.items() if keys.model == "Group"]
        return ShownEntities(self.account, members, groups, discord_id=self.discord_id).arrange()

    def _make(self, private_keys: PrivateKeys) -> Entity:
        make = self.account.member if private_keys.model == "Member" else self.account.group
        body = full_body(self.contract, private_keys.model) | {"name": self.account.name()}
        keys = [key.key for key in self.contract.privacy_keys_of(private_keys.model)]
        privacy = {key: "private" if key in private_keys.keys else "public" for key in keys}
        # A single key is sent by itself: what a POST does not name is public.
        sent = (
            dict.fromkeys(private_keys.keys, "private") if len(private_keys.keys) == 1 else privacy
        )
        rejection: Exchange | None = None
        try:
            entity = make(**body, privacy=sent)
        except PreconditionFailed as rejected:
            rejection = rejected.exchange
            entity = make(**body)
        shown = entity.body.get("privacy")
        known = shown if isinstance(shown, dict) else {}
        missing = {key: level for key, level in privacy.items() if known.get(key) != level}
        if missing:
            self.account.owner.send(
                f"update{private_keys.model}", entity.refs, json={"privacy": missing}
            )
        self.posted[private_keys] = rejection or entity.created
        return entity


@pytest.fixture(scope="session")
def private_entities(account: Account, contract: Contract, target: Target) -> PrivateEntities:
    """The entities that checks of privacy share; nothing is sent before they ask."""
    return PrivateEntities(account, contract, target.fixtures.get("account_id"))

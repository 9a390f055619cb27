"""A private field is null to others and visible to its owner (docs: reference#authentication, models).

For every privacy key there is one member and one group in which it alone is private; the system is made so, one key after
the other. All of them belong together, so that each list shows them all at once.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.conftest import full_body
from conformance.checks.scenes import PLACES, Scene
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.samples import sample
from conformance.wire import Outcome, Unmet
from conformance.wire.expectation import (
    ABSENT,
    expect,
    expect_value,
    need_list,
    need_object,
    need_success,
    same,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field, PrivacyKey
    from conformance.wire import Caller, Exchange
    from conformance.world import Entity, World

OTHERS = ("anonymous", "other")


@dataclasses.dataclass(frozen=True)
class View:
    """One field that one privacy key hides, seen in one place by one caller."""

    field: Field
    key: PrivacyKey
    operation: str
    caller: str


def views(contract: Contract, *callers: str) -> Iterator[Row]:
    """Rows for each hidden field, in each place that shows it, for each caller."""
    for key in contract.privacy_keys:
        for covered in key.hides:
            rules = _rules(contract, key, covered)
            field = contract.field(key.model, covered)
            for operation in PLACES[key.model]:
                for caller in callers:
                    name = f"{key.name}-{covered}-{operation}-{caller}"
                    yield Row(View(field, key, operation, caller), name, rules)


def _rules(contract: Contract, key: PrivacyKey, covered: str) -> tuple[str, ...]:
    """Return the requirements that a shown field breaks: a field that the docs do not tie to the key, only a SHOULD."""
    of_field = contract.about(model=key.model, privacy=key.key, key=covered)
    if of_field and all(contract.requirements[name].level != "must" for name in of_field):
        return of_field
    of_key = contract.about(model=key.model, privacy=key.key)
    return (*of_key, *of_field, "private-field-is-null")


def hidden(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field."""
    return views(contract, *OTHERS)


def kept(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field, without the requirements of each privacy key."""
    return (Row(row.value, row.id) for row in views(contract, *OTHERS))


def foreign(contract: Contract) -> Iterator[Row]:
    """Rows for the owner of another system, to be compared with somebody without a token."""
    return (Row(row.value, row.id) for row in views(contract, "other"))


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the owner, who sees the field."""
    return (Row(row.value, row.id) for row in views(contract, "owner"))


class Gallery:
    """An entity for each privacy key, in which that key alone is private."""

    def __init__(self, world: World, contract: Contract) -> None:
        """Take the world in which the entities live; nothing is sent yet."""
        self.world, self.contract = world, contract
        self._scene: Scene | Outcome | None = None
        self.posted: dict[
            PrivacyKey, Exchange | Unmet
        ] = {}  # answers to a POST with the key private
        self._entities: dict[PrivacyKey, Entity] = {}
        self._system: dict[PrivacyKey, dict[str, Exchange] | Outcome] = {}

    def show(self, view: View, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the entity in which the view's key is private, as the view shows it."""
        self._need_private(view.key)
        return self.look(view, caller)

    def look(self, view: View, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return the same, even if the owner cannot tell whether the key is private."""
        if view.key.model == "System":
            exchange = self._system_views(view.key, caller)
            return exchange, need_object(exchange)
        return self.scene().show(view.operation, caller, self.entity(view.key))

    def _need_private(self, key: PrivacyKey) -> None:
        """Raise Unmet when the owner is shown that the key is not private."""
        field = self.contract.field(key.model, "privacy")
        view = View(field, key, f"get{key.model}", "owner")
        exchange, body = self.look(view, self.world.owner)
        privacy = body.get("privacy")
        if isinstance(privacy, dict) and privacy.get(key.key) != "private":
            reason = f"{key.name} could not be made private"
            raise Unmet(reason, exchange)

    def scene(self) -> Scene:
        """Return the members and groups, made when first asked for."""
        if self._scene is None:
            try:
                self._scene = self._arrange()
            except Outcome as problem:
                self._scene = problem
        if isinstance(self._scene, Outcome):
            raise self._scene
        return self._scene

    def entity(self, key: PrivacyKey) -> Entity:
        """Return the entity in which this key is private."""
        self.scene()
        return self._entities[key]

    def value(self, view: View) -> Any:
        """Return what the owner gave the field; None where the server chose it."""
        if view.key.model == "System":
            return sample(view.field, 0) if view.field.in_patch else None
        return self._entities[view.key].sent.get(view.field.key)

    def _arrange(self) -> Scene:
        for key in self.contract.privacy_keys:
            if key.model != "System" and (key.hides or key.unlists):
                self._entities[key] = self._private(key)
        of_model = {
            model: [e for key, e in self._entities.items() if key.model == model]
            for model in ("Member", "Group")
        }
        return Scene(self.world, of_model["Member"], of_model["Group"]).arrange()

    def _private(self, key: PrivacyKey) -> Entity:
        make = self.world.member if key.model == "Member" else self.world.group
        body = full_body(self.contract, key.model) | {"name": self.world.name()}
        privacy = {k.key: "public" for k in self.contract.privacy_keys_of(key.model)}
        privacy[key.key] = "private"
        try:
            entity = make(**body, privacy=privacy)
        except Unmet as refused:
            self.posted[key] = refused
            entity = make(**body)
        if entity.body.get("privacy") != privacy:
            self.world.owner.send(f"update{key.model}", entity.refs, json={"privacy": privacy})
        self.posted.setdefault(key, entity.created)
        return entity

    def _system_views(self, key: PrivacyKey, caller: Caller) -> Exchange:
        if key not in self._system:
            try:
                self._system[key] = self._private_system(key)
            except Outcome as problem:
                self._system[key] = problem
        found = self._system[key]
        if isinstance(found, Outcome):
            raise found
        return found[caller.name]

    def _private_system(self, key: PrivacyKey) -> dict[str, Exchange]:
        world = self.world
        fields = [f for f in self.contract.fields_of("System") if f.in_patch and f.key != "privacy"]
        privacy = {k.key: "public" for k in self.contract.privacy_keys_of("System")}
        privacy[key.key] = "private"
        # The fields go with it each time: a PATCH that loses what it does not name is for another check.
        need_success(world.change_system(**{f.key: sample(f, 0) for f in fields}, privacy=privacy))
        callers = [world.owner, world.anonymous] + [world.other] * (world.other.token is not None)
        ref = {"systemId": world.system_id}
        return {caller.name: caller.send("getSystem", ref) for caller in callers}


@pytest.fixture(scope="session")
def gallery(world: World, contract: Contract) -> Gallery:
    """What all checks of this module look at."""
    return Gallery(world, contract)


@changes_system
@each("view", hidden)
def check_private_field_is_hidden(view: View, gallery: Gallery, callers: Any) -> None:
    """A private field shows null to others; a private name shows anything but itself."""
    exchange, body = gallery.show(view, callers[view.caller]())
    actual = body.get(view.field.key)
    what = f"{view.field.name} under {view.key.key} in {view.operation}"
    if view.field.hidden_name:
        sent = gallery.value(view)
        expect(what, holds=actual != sent, expected=f"not {sent}", actual=actual, exchange=exchange)
    elif actual is not None:
        expect_value(exchange, what, actual, view.field.hidden_value)


@changes_system
@requirement("foreign-token-does-not-open-privacy")
@each("view", foreign)
def check_foreign_token_opens_no_field(view: View, gallery: Gallery, callers: Any) -> None:
    """The token of another system shows of a private field what no token shows."""
    _, body = gallery.show(view, callers["anonymous"]())
    exchange, shown = gallery.show(view, callers["other"]())
    what = f"{view.field.name} under {view.key.key} in {view.operation}"
    expect_value(exchange, what, shown.get(view.field.key), body.get(view.field.key))


@changes_system
@requirement("private-field-keeps-key")
@each("view", kept)
def check_private_field_keeps_its_key(view: View, gallery: Gallery, callers: Any) -> None:
    """A private field keeps its key in the response."""
    exchange, body = gallery.show(view, callers[view.caller]())
    expect(
        f"{view.field.name} under {view.key.key} in {view.operation}",
        holds=view.field.key in body,
        expected=f"the key {view.field.key}",
        actual=sorted(body),
        exchange=exchange,
    )


@changes_system
@requirement("own-token-shows-private-fields")
@each("view", owned)
def check_owner_sees_private_field(view: View, gallery: Gallery, callers: Any) -> None:
    """The owner sees the private fields of the own system."""
    exchange, body = gallery.show(view, callers[view.caller]())
    actual, sent = body.get(view.field.key), gallery.value(view)
    what = f"{view.field.name} under {view.key.key} in {view.operation}"
    if sent is not None:
        expect_value(exchange, what, actual, sent)
    elif not same(view.field.post_default, None):
        expect(what, holds=actual is not None, expected="a value", actual=actual, exchange=exchange)


def of_owner(contract: Contract, key: str, *callers: str) -> Iterator[Row]:
    """Rows for a field that only the owner ever sees, in each place, for each caller."""
    shown = {hiding.model: hiding for hiding in reversed(contract.privacy_keys) if hiding.hides}
    for model, hiding in shown.items():
        for field in contract.fields_of(model):
            if field.key == key and field.hidden_by == OWNER_ONLY:
                for operation, caller in itertools.product(PLACES[model], callers):
                    name = f"{field.name}-{operation}-{caller}"
                    yield Row(View(field, hiding, operation, caller), name)


@changes_system
@requirement("privacy-object-null-for-others")
@each("view", lambda contract: of_owner(contract, "privacy", *OTHERS))
def check_privacy_object_is_null_for_others(view: View, gallery: Gallery, callers: Any) -> None:
    """Who has no access sees null in place of the privacy object."""
    exchange, body = gallery.show(view, callers[view.caller]())
    expect_value(exchange, f"privacy in {view.operation}", body.get("privacy", ABSENT), None)


@changes_system
@requirement("autoproxy-enabled-own-system-only")
@each("view", lambda contract: of_owner(contract, "autoproxy_enabled", *OTHERS))
def check_autoproxy_enabled_is_null_for_others(view: View, gallery: Gallery, callers: Any) -> None:
    """Whether autoproxy is enabled for a member is shown to the owner alone."""
    exchange, body = gallery.show(view, callers[view.caller]())
    actual = body.get("autoproxy_enabled")
    expect_value(exchange, f"autoproxy_enabled in {view.operation}", actual, None)


@changes_system
@requirement("privacy-object-shown-to-owner")
@each("view", lambda contract: of_owner(contract, "privacy", "owner"))
def check_owner_sees_privacy_object(
    view: View, gallery: Gallery, callers: Any, contract: Contract
) -> None:
    """The owner sees the privacy object with all its keys."""
    exchange, body = gallery.look(view, callers[view.caller]())
    privacy = body.get("privacy")
    keys = [key.key for key in contract.privacy_keys_of(view.key.model)]
    holds = isinstance(privacy, dict) and all(privacy.get(k) in ("public", "private") for k in keys)
    expect(
        f"privacy in {view.operation}",
        holds=holds,
        expected=f"an object with {', '.join(keys)}",
        actual=privacy,
        exchange=exchange,
    )


def unlisted(contract: Contract) -> Iterator[Row]:
    """Rows for each list that an entity with private visibility leaves, for each caller."""
    for key in contract.privacy_keys:
        rules = contract.about(model=key.model, privacy=key.key)
        for operation in key.unlists:
            for caller in (*OTHERS, "owner"):
                field = contract.field(key.model, "privacy")
                name = f"{key.name}-{operation}-{caller}"
                yield Row(View(field, key, operation, caller), name, rules)


@changes_system
@each("view", unlisted)
def check_private_entity_leaves_lists(view: View, gallery: Gallery, callers: Any) -> None:
    """An entity with private visibility is in the lists of its owner, and in nobody else's."""
    caller = callers[view.caller]()
    gallery.show(dataclasses.replace(view, operation=f"get{view.key.model}"), gallery.world.owner)
    exchange = gallery.scene().read(view.operation, caller)
    refs = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    entity = gallery.entity(view.key)
    listed = entity.id in refs
    expect(
        f"{entity.kind} with private visibility in {view.operation} for {view.caller}",
        holds=listed == (view.caller == "owner"),
        expected="listed" if view.caller == "owner" else "not listed",
        actual="listed" if listed else "not listed",
        exchange=exchange,
    )


def settable(contract: Contract) -> Iterator[Row]:
    """Rows for each privacy key of which the gallery has an entity."""
    for key in contract.privacy_keys:
        if key.model != "System" and (key.hides or key.unlists):
            yield Row(key, key.name)


@changes_system
@requirement("create-takes-privacy-keys")
@each("key", settable)
def check_post_takes_privacy_key(key: PrivacyKey, gallery: Gallery) -> None:
    """A member or group that is made with a private key has that key private."""
    gallery.scene()
    posted = gallery.posted[key]
    if isinstance(posted, Unmet):
        raise posted
    privacy = need_object(posted).get("privacy")
    actual = privacy.get(key.key) if isinstance(privacy, dict) else privacy
    expect_value(posted, f"{key.name} after a POST", actual, "private")

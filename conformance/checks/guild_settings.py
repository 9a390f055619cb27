"""Settings of a system and of a member in a guild (docs: models#system-guild-settings-model, endpoints).

The journal does not cover them: what was changed for the system is put back when the last check has looked. Those of
the member go with it. They need `guild_id` in the target file; a guild in which nothing was ever set needs nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each
from conformance.contract.samples import sample
from conformance.wire import NotApplicable, Outcome
from conformance.wire.expectation import (
    ABSENT,
    expect,
    expect_error_object,
    expect_status,
    expect_value,
    need_object,
    need_success,
    same,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field
    from conformance.target import Target
    from conformance.wire import Exchange
    from conformance.world import Entity, World

MODELS = {"SystemGuildSettings": "system", "MemberGuildSettings": "member"}
# At the launch of v2 they stood among the settings in a guild; `autoproxy` has their rules.
OF_AUTOPROXY = ("autoproxy_mode", "autoproxy_member")
UNKNOWN = {"SystemGuildSettings": 20009, "MemberGuildSettings": 20010}
FIRST_SNOWFLAKE = 10**17


@dataclasses.dataclass(frozen=True)
class Change:
    """One key and the value that a PATCH gives it: `kind` is valid (and as long as can be), too-long or no-url."""

    field: Field
    kind: str
    value: Any  # of a boolean: the other one


@dataclasses.dataclass
class Step:
    """What one PATCH did: the settings before it, its answer, and the settings after it."""

    before: dict[str, Any]
    value: Any
    patch: Exchange
    after: Exchange


def all_changes(contract: Contract) -> Iterator[Row]:
    """Rows for all that is sent, in this order."""
    for model in MODELS:
        for field in contract.fields_of(model):
            if field.in_patch and field.key not in OF_AUTOPROXY:
                for kind, value in _values(field):
                    change = Change(field, kind, value)
                    rules = _rules(contract, change)
                    if rules:
                        yield Row(change, f"{field.name}-{kind}", rules)


def _values(field: Field) -> Iterator[tuple[str, Any]]:
    most = field.schema.get("maxLength")
    if most is None:
        yield "valid", sample(field, 0)
    else:
        yield "valid", _text(field, most)
        yield "too-long", _text(field, most + 1)
    if field.schema.get("format") == "uri":
        yield "no-url", "no URL at all"


def _text(field: Field, length: int) -> str:
    if field.schema.get("format") == "uri":
        start, end = "https://example.com/", ".png"
        return start + "a" * (length - len(start) - len(end)) + end
    return "a" * length


def _rules(contract: Contract, change: Change) -> tuple[str, ...]:
    field, place = change.field, f"update-{MODELS[change.field.model]}-guild"
    rules = contract.about(model=field.model, key=field.key)
    if change.kind == "no-url":
        return tuple(rule for rule in rules if rule.endswith("-is-url"))
    longest = tuple(rule for rule in rules if "-max-" in rule)
    if change.kind == "too-long":
        return longest
    nullable = tuple(rule for rule in rules if rule.endswith("-nullable"))
    return (*longest, *nullable, f"{place}-persists", f"{place}-returns-settings")


def accepted(contract: Contract) -> Iterator[Row]:
    """Rows for what must be stored."""
    return (row for row in all_changes(contract) if row.value.kind not in ("too-long", "no-url"))


def refused(contract: Contract) -> Iterator[Row]:
    """Rows for what must be refused."""
    return (row for row in all_changes(contract) if row.value.kind in ("too-long", "no-url"))


def kept(contract: Contract) -> Iterator[Row]:
    """Rows for one PATCH of each key."""
    for row in all_changes(contract):
        if row.value.kind == "valid":
            yield Row(row.value, row.value.field.name, ("patch-preserves-missing-keys",))


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of each model, with the requirement that lists them."""
    for model, owner in MODELS.items():
        listing = (f"{owner}-guild-keys", f"{owner}-guild-keys-{contract.revision}")
        rules = tuple(rule for rule in listing if rule in contract.requirements)
        for field in contract.fields_of(model):
            if field.always:
                nullable = contract.about(model=model, key=field.key)
                own = tuple(rule for rule in nullable if rule.endswith("-nullable"))
                yield Row(field, field.name, (*rules, *own))


def unset(_: Contract) -> Iterator[Row]:
    """Rows for reading and changing settings in a guild in which nothing was set."""
    for model, owner in MODELS.items():
        rules = (f"{owner}-guild-row-must-exist", f"err-{UNKNOWN[model]}")
        yield Row((model, "get"), f"read-{owner}", rules)
        yield Row((model, "update"), f"change-{owner}", rules)


class Series:
    """PATCHes of the settings in the declared guild, one key at a time; each is sent once."""

    def __init__(self, world: World, contract: Contract, target: Target) -> None:
        """Take the world; nothing is sent before the first step is asked for."""
        self.world, self.contract, self.target = world, contract, target
        self._steps: dict[tuple[str, str], Step | Outcome] = {}
        self._first: dict[str, Exchange] = {}
        self._member: Entity | None = None

    def refs(self, model: str, guild: str) -> dict[str, str]:
        """Return the path parameters of the settings in a guild; the member is the run's own."""
        if model == "SystemGuildSettings":
            return {"guildId": guild}
        self._member = self._member or self.world.member()
        return {**self._member.refs, "guildId": guild}

    def first(self, model: str) -> Exchange:
        """Return the settings as they were before the first PATCH."""
        if model not in self._first:
            self._first[model] = self._get(model)
        return self._first[model]

    def step(self, change: Change) -> Step:
        """Return the step that made this change; raises what kept it from being made."""
        model, label = change.field.model, (change.field.name, change.kind)
        if label not in self._steps:
            self._run(model)
        found = self._steps[label]
        if isinstance(found, Outcome):
            raise found
        return found

    def put_back(self) -> None:
        """Give the system the settings in the guild that it had."""
        first = self._first.get("SystemGuildSettings")
        if first is None or not isinstance(first.json, dict) or not self._steps:
            return
        fields = self.contract.fields_of("SystemGuildSettings")
        names = [f.key for f in fields if f.in_patch and f.key not in OF_AUTOPROXY]
        body = {key: first.json[key] for key in names if key in first.json}
        with contextlib.suppress(Outcome):  # a target that is gone cannot be put back
            self.world.owner.send("updateSystemGuildSettings", self._refs(first_model()), json=body)

    def _run(self, model: str) -> None:
        rows = [row.value for row in all_changes(self.contract) if row.value.field.model == model]
        try:
            before = need_object(self.first(model))
            for change in rows:
                step = self._change(change, before)
                self._steps[change.field.name, change.kind] = step
                before = need_object(step.after)
        except Outcome as problem:
            for change in rows:
                self._steps.setdefault((change.field.name, change.kind), problem)

    def _change(self, change: Change, before: dict[str, Any]) -> Step:
        model, owner = change.field.model, self.world.owner
        key, value = change.field.key, change.value
        if isinstance(value, bool):
            value = before.get(key) is not True
        patch = owner.send(f"update{model}", self._refs(model), json={key: value})
        return Step(before, value, patch, self._get(model))

    def _get(self, model: str) -> Exchange:
        return self.world.owner.send(f"get{model}", self._refs(model))

    def _refs(self, model: str) -> dict[str, str]:
        guild = self.target.fixtures.get("guild_id")
        if guild is None:
            reason = "needs guild_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.refs(model, guild)


def first_model() -> str:
    """Return the model of which nothing goes away with an entity of the run."""
    return next(iter(MODELS))


@pytest.fixture(scope="session")
def series(world: World, contract: Contract, target: Target) -> Iterator[Series]:
    """The PATCHes that all checks of this module look at; afterwards everything is as before."""
    made = Series(world, contract, target)
    yield made
    made.put_back()


@changes_system
@each("field", keys)
def check_guild_settings_have_their_keys(field: Field, series: Series) -> None:
    """The settings in a guild have each of their keys."""
    exchange = series.first(field.model)
    actual = need_object(exchange).get(field.key, ABSENT)
    known = bool if "boolean" in field.schema.get("type", ()) else str
    fits = type(actual) is known or (actual is None and field.nullable)
    own = (f"{MODELS[field.model]}-guild-{field.key.replace('_', '-')}-nullable",)
    listed = actual is not ABSENT
    expect(
        f"{field.key} in {exchange.label}",
        holds=listed and fits,
        expected=Wording("a value of its type"),
        actual=actual,
        exchange=exchange,
        breaks=own if listed and "boolean" in field.schema.get("type", ()) else (),
    )


@changes_system
@each("change", accepted)
def check_guild_setting_is_stored(change: Change, series: Series) -> None:
    """A PATCH of one key in a guild answers with the new value, and a GET shows it."""
    step, key = series.step(change), change.field.key
    expect_status(step.patch, 200)
    for exchange, ending in ((step.patch, "returns-settings"), (step.after, "persists")):
        actual = need_object(exchange).get(key, ABSENT)
        place = f"update-{MODELS[change.field.model]}-guild-{ending}"
        expect(
            f"{key} in {exchange.label}",
            holds=same(actual, step.value),
            expected=step.value,
            actual=actual,
            exchange=exchange,
            breaks=(place,),
        )


@changes_system
@each("change", refused)
def check_guild_setting_is_refused(change: Change, series: Series) -> None:
    """A PATCH in a guild with a value that is too long, or no URL, is answered 400 and changes nothing."""
    step, key = series.step(change), change.field.key
    expect_status(step.patch, 400)
    actual, before = need_object(step.after).get(key), step.before.get(key)
    expect_value(step.after, f"{key} after a refused PATCH", actual, before)


@changes_system
@each("change", kept)
def check_other_guild_settings_are_kept(change: Change, series: Series) -> None:
    """A PATCH of one key in a guild leaves all others as they were."""
    step = series.step(change)
    need_success(step.patch)
    now, names = need_object(step.after), series.contract.fields_of(change.field.model)
    others = [field.key for field in names if field.key != change.field.key]
    lost = [
        key for key in others if key in step.before and not same(step.before[key], now.get(key))
    ]
    expect(
        f"settings that a PATCH of {change.field.key} does not name",
        holds=not lost,
        expected={key: step.before[key] for key in lost},
        actual={key: now.get(key, ABSENT) for key in lost},
        exchange=step.after,
    )


@changes_system
@each("case", unset)
def check_unset_guild_settings_are_404(case: tuple[str, str], series: Series, world: World) -> None:
    """Settings in a guild in which nothing was ever set can neither be read nor changed: 404 with their code."""
    model, verb = case
    guild = str(FIRST_SNOWFLAKE + world.random.randrange(FIRST_SNOWFLAKE))
    refs = series.refs(model, guild)
    if verb == "get":
        exchange = world.owner.send(f"get{model}", refs)
    else:
        body = {"display_name" if model.startswith("Member") else "tag": "nothing to change"}
        exchange = world.owner.send(f"update{model}", refs, json=body)
    code = UNKNOWN[model]
    expect_status(exchange, 404)
    expect_error_object(exchange)
    actual = exchange.json["code"]
    expect(
        f"code of {exchange.label}",
        holds=actual == code,
        expected=code,
        actual=actual,
        exchange=exchange,
        breaks=(f"err-{code}",),
    )

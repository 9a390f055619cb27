"""Settings of a system and of a member in a guild (docs: models#system-guild-settings-model, endpoints).

They need `guild_id` in the target file, and `guild_member_id` where new members have no settings in that guild; a guild in which
nothing was ever set needs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.patch.bodies import INVALID, LAUNCH
from conformance.contract import inputs
from conformance.contract.equivalence import same
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_accepted,
    expect_status,
    expect_value,
    need_object,
    need_success,
)
from conformance.http.client import NO_BODY
from conformance.http.outcomes import Wording
from conformance.scenarios.autoproxy_patches import in_guild_settings
from conformance.scenarios.coded_answers import expect_answer
from conformance.scenarios.guild_settings import (
    MODELS,
    GuildSettings,
    changeable,
    is_text,
    nullable,
)
from conformance.scenarios.settings_patches import expect_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.contract.inputs import Cell


LISTED_KEYS = {
    "SystemGuildSettings": ("system-guild-keys-2021-11", "system-guild-keys-2025-08"),
    "MemberGuildSettings": ("member-guild-keys",),
}


def _rows(contract: Contract, rules: Callable[[Field], tuple[str, ...]]) -> Iterator[Row]:
    for model in MODELS:
        for field in changeable(contract, model):
            yield Row(field, field.name, rules(field))


def accepted(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that a PATCH may carry, with what their longest values must be."""

    def rules(field: Field) -> tuple[str, ...]:
        own = contract.named("max_length", "nullable", model=field.model, key=field.key)
        return (*own, *contract.named("persists", "returns", operation=f"update{field.model}"))

    return _rows(contract, rules)


def kept(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on the keys that a PATCH does not name."""
    return _rows(contract, lambda _: ("patch-preserves-missing-keys",))


def clearable(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that null takes away."""
    for model in MODELS:
        for field in nullable(contract, model):
            yield Row(field, field.name, ("patch-null-clears-value",))


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of each model, with the requirement that lists them."""
    for model in MODELS:
        rules = tuple(rule for rule in LISTED_KEYS[model] if rule in contract.requirements)
        for field in contract.fields_of(model):
            if field.always:
                own = contract.named("nullable", model=model, key=field.key)
                yield Row(field, field.name, (*rules, *own))


def unset(contract: Contract) -> Iterator[Row]:
    """Rows for reading and changing settings in a guild in which nothing was set."""
    for cell in inputs.cells(contract, inputs.PATH):
        if cell.input_class.id == "unset":
            yield Row(cell, cell.name, cell.rules(contract), cells=(cell,))


def read(contract: Contract) -> Iterator[Row]:
    """Rows for the settings of a system and of a member, with what a GET of them returns."""
    for model in MODELS:
        yield Row(model, model.lower(), contract.named("returns", operation=f"get{model}"))


@each("model", read)
def check_guild_settings_are_an_object(model: str, guild_settings: GuildSettings) -> None:
    """A GET of the settings in a guild returns an object."""
    exchange = need_success(guild_settings.patches[model].first)
    expect(
        f"response of {exchange.label}",
        holds=isinstance(exchange.json, dict),
        expected=Wording("an object"),
        actual=Wording(exchange.text),
        exchange=exchange,
    )


@each("field", keys)
def check_guild_settings_have_their_keys(field: Field, guild_settings: GuildSettings) -> None:
    """The settings in a guild have each of their keys."""
    exchange = guild_settings.patches[field.model].first
    actual = need_object(exchange).get(field.key, ABSENT)
    known = bool if "boolean" in field.schema.get("type", ()) else str
    fits = type(actual) is known or (actual is None and field.nullable)
    own = guild_settings.account.contract.named("nullable", model=field.model, key=field.key)
    listed = actual is not ABSENT
    expect(
        f"{field.key} in {exchange.label}",
        holds=listed and fits,
        expected=Wording("a value of its type"),
        actual=actual,
        exchange=exchange,
        violates=own if listed and "boolean" in field.schema.get("type", ()) else (),
    )


@each("field", accepted)
def check_guild_setting_is_stored(field: Field, guild_settings: GuildSettings) -> None:
    """A PATCH of a key in a guild returns the new value, and a GET shows it."""
    contract = guild_settings.account.contract
    values = contract.named("nullable", model=field.model, key=field.key)
    limits = contract.named("max_length", model=field.model, key=field.key)
    stored = contract.named("persists", operation=f"update{field.model}")
    patches = guild_settings.patches[field.model]
    for step in patches.steps(field.key):
        expect_accepted(step.patch, violates=limits or values or stored)
        seen = {"returns": step.patch, "persists": step.after}
        actual = {kind: need_object(one).get(field.key, ABSENT) for kind, one in seen.items()}
        if ABSENT in actual.values() and field.key not in step.before:
            reason = f"{step.patch.label} shows no {field.key}, before and after"
            raise PreconditionFailed(reason, step.patch)
        lost = [kind for kind, value in actual.items() if not same(value, step.body[field.key])]
        exchange = seen[lost[0] if lost else "persists"]
        expect(
            f"{field.key} in {exchange.label}",
            holds=not lost,
            expected=step.body[field.key],
            actual=actual[lost[0]] if lost else step.body[field.key],
            exchange=exchange,
            violates=values
            if values
            and patches.keep_values()
            and _is_of_other_type(step.body[field.key], *actual.values())
            else contract.named(*lost, operation=f"update{field.model}"),
        )


def _is_of_other_type(sent: object, *shown: object) -> bool:
    """Whether a value that is shown is of another type than the one that was sent, or null."""
    return any(type(value) is not type(sent) for value in shown)


@requirement("patch-preserves-missing-keys")
@each("model", lambda _: (Row(model, owner) for model, owner in MODELS.items()))
def check_guild_settings_are_not_the_own_ones(
    model: str, guild_settings: GuildSettings, account: Account
) -> None:
    """What is set in a guild is set there alone: the member, or the system, keeps its own."""
    steps = [step for step in guild_settings.patches[model].all_steps() if step.patch.ok]
    texts = [field.key for field in changeable(account.contract, model) if is_text(field)]
    given = {key: [step.body[key] for step in steps if key in step.body] for key in texts}
    own = model.removesuffix("GuildSettings")
    refs = ME if own == "System" else guild_settings.member.refs("short")
    exchange = account.owner.send(f"get{own}", refs)
    shown = need_object(exchange)
    shared = [key for key in texts if shown.get(key) in given[key]]
    expect_value(exchange, "keys with a value that was set in a guild", shared, [])


@requirement("patch-preserves-missing-keys")
@each("model", lambda _: (Row(model, owner) for model, owner in MODELS.items()))
def check_own_values_leave_guild_settings_alone(model: str, guild_settings: GuildSettings) -> None:
    """A PATCH of the member, or of the system, leaves what is set in a guild as it was."""
    step = guild_settings.beside_own(model)
    need_success(step.patch)
    after = need_object(step.after)
    changed = [key for key, value in step.before.items() if not same(after.get(key), value)]
    expect(
        f"settings in the guild after a PATCH of {', '.join(step.body)}",
        holds=not changed,
        expected={key: step.before[key] for key in changed},
        actual={key: after.get(key, ABSENT) for key in changed},
        exchange=step.after,
    )


@each("field", kept)
def check_other_guild_settings_are_kept(field: Field, guild_settings: GuildSettings) -> None:
    """A PATCH of other keys in a guild leaves a key as it was."""
    patches = guild_settings.patches[field.model]
    expect_kept(field.key, [step for step in patches.without_key(field.key) if step.decides])


@each("field", clearable)
def check_null_clears_guild_setting(field: Field, guild_settings: GuildSettings) -> None:
    """A null for a key in a guild takes its value away."""
    step = guild_settings.cleared(field)
    if step.before.get(field.key) is None:
        reason = f"{field.name} could not be set before"
        raise PreconditionFailed(reason, step.patch)
    as_upstream = not is_text(field) and step.patch.status in (400, 500)
    expect_accepted(step.patch, as_upstream=as_upstream)
    actual = need_object(step.after).get(field.key, ABSENT)
    expect_value(step.after, f"{field.key} after null", actual, None)


def without_valid_key(contract: Contract) -> Iterator[Row]:
    """Rows for the bodies without a valid key, for the settings of the system and of the member.

    At the launch those of the system had autoproxy among them, of which production takes bodies that set nothing.
    """
    known = [(rule, body) for rule, body in INVALID.items() if rule in contract.requirements]
    models = [
        name for name in MODELS if not (name.startswith("System") and in_guild_settings(contract))
    ]
    for model in models:
        for rule, body in known:
            name = f"{model.lower()}-{rule}"
            yield Row((model, body, rule), name, (rule, "patch-needs-a-valid-key"))


@each("case", without_valid_key)
def check_guild_patch_without_valid_key_is_400(
    case: tuple[str, dict[str, Any], str], guild_settings: GuildSettings
) -> None:
    """A PATCH in a guild that holds no key that can be set returns 400."""
    model, body, rule = case
    patches = guild_settings.patches[model]
    need_object(patches.first)
    # The docs of 2021-11 describe the 500 as a defect, so 400 is accepted, too.
    statuses = (500, 400) if guild_settings.account.contract.revision == LAUNCH else (400,)
    expect_status(patches.patch(body), *statuses, violates=(rule,))


@requirement("memberref-uuid")
def check_guild_settings_are_found_by_uuid(guild_settings: GuildSettings, account: Account) -> None:
    """The settings of a member in a guild are found when the path names the member by UUID."""
    patches = guild_settings.patches["MemberGuildSettings"]
    need_object(patches.first)
    expect_accepted(account.owner.send("getMemberGuildSettings", guild_settings.by_uuid()))


@each("cell", unset)
def check_unset_guild_settings_are_404(
    cell: Cell, guild_settings: GuildSettings, account: Account
) -> None:
    """Settings in a guild in which nothing was ever set can neither be read nor changed: 404 with their code."""
    operation = cell.operation
    refs = guild_settings.refs(operation.entity, guild_settings.other_guild(operation.action))
    key = "tag" if operation.entity.startswith("System") else "display_name"
    body = {key: "nothing to change"} if operation.writes else NO_BODY
    exchange = account.owner.send(operation.id, refs, json=body)
    expect_answer(cell, exchange, account.contract)


@requirement("patch-preserves-missing-keys")
def check_patch_leaves_guild_settings_of_others_alone(guild_settings: GuildSettings) -> None:
    """A PATCH of the settings of one member in a guild leaves those of another member alone."""
    given, exchange = guild_settings.bystander_settings()
    shown = need_object(exchange)
    model = "MemberGuildSettings"
    texts = [f.key for f in changeable(guild_settings.account.contract, model) if is_text(f)]
    set_by_it = [key for key in texts if given.get(key)]
    if not set_by_it:
        reason = "the member has no settings in the guild to tell them by"
        raise NotApplicable(reason, exchange)
    shared = [key for key in set_by_it if same(shown.get(key), given[key])]
    expect_value(exchange, "settings that two members share", shared, [])

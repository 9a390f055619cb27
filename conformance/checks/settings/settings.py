"""The settings of a system: what they hold, and what a PATCH of them does (docs: models, endpoints#systems).

What others see of them is in `settings.public`; settings in a guild are in `guild_settings`, those of autoproxy in `autoproxy`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row
from conformance.contract.value_types import type_of
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_key,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.settings_patches import SettingsPatch, SettingsPatches, expect_kept
from conformance.scenarios.system_settings import MODEL, read, settable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Exchange

DEFAULTS = ("timezone", "name_format")
# Settings that PluralKit production does not read from a body: alone they are no valid key, beside others ignored.
UNREAD_UPSTREAM = ("show_private_info", "hid_list_padding")
HTTP_BAD_REQUEST = 400
ENOUGH = 4  # settings that two systems hardly have alike by chance


def about_key(contract: Contract, key: str) -> tuple[str, ...]:
    """Return the requirements on the values that one setting can have."""
    return contract.named("boolean", "enum", "nullable", model=MODEL, key=key)


def stored(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that a PATCH may carry, with the requirement on what is read afterwards."""
    for key in settable(contract):
        rules = (*about_key(contract, key), "update-settings-persists")
        yield Row(key, key, rules, about=(MODEL, key))


def responses(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on what a PATCH returns."""
    for key in settable(contract):
        yield Row(key, key, (*about_key(contract, key), "update-settings-returns-settings"))


def kept(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on the keys that a PATCH does not name."""
    for key in settable(contract):
        yield Row(key, key, ("patch-preserves-missing-keys",), about=(MODEL, key))


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for each setting, with the requirements on its type."""
    for field in contract.fields_of(MODEL):
        rules = about_key(contract, field.key)
        yield Row(field, field.key, ("settings-keys", "get-settings-owner", *rules))


def defaults(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that are text until somebody sets them."""
    for field in contract.fields_of(MODEL):
        if field.key in DEFAULTS:
            rules = contract.named("default", model=MODEL, key=field.key)
            yield Row(field, field.key, rules)


def fits(contract: Contract, key: str, value: Any) -> bool:
    """Whether a value has the type that the contract gives a setting."""
    field = contract.field(MODEL, key)
    types, schema = field.schema.get("type", ()), field.schema
    if value is None:
        return field.nullable
    if "enum" in schema:
        return value in schema["enum"]
    known = {"boolean": bool, "integer": int, "string": str}
    return type(value) in {known[name] for name in known if name in types}


def expect_type(contract: Contract, field: Field, exchange: Exchange) -> None:
    """The settings have the key, with a value of its type."""
    actual = need_object(exchange).get(field.key, ABSENT)
    present = actual is not ABSENT
    rules = about_key(contract, field.key)
    expect(
        f"{field.key} in {exchange.label}",
        holds=present and fits(contract, field.key, actual),
        expected=Wording(" or ".join(map(str, field.schema.get("enum", []))) or type_of(field)),
        actual=actual,
        exchange=exchange,
        violates=(rules or ("settings-keys",))
        if present
        else ("settings-keys", "get-settings-owner"),
    )


@each("field", keys)
def check_owner_sees_every_setting(
    field: Field, settings_patches: SettingsPatches, contract: Contract
) -> None:
    """The owner's settings have each documented key, with a value of its type."""
    exchange = settings_patches.first
    expect_status(exchange, 200, violates=("get-settings-owner",))
    if field.key in DEFAULTS and need_object(exchange).get(field.key, ABSENT) is None:
        reason = f"{field.key} is null until it is set, which has a check of its own"
        raise PreconditionFailed(reason, exchange)
    expect_type(contract, field, exchange)


@each("field", defaults)
def check_unset_text_has_its_default(field: Field, settings_patches: SettingsPatches) -> None:
    """A setting that was never set has its documented default."""
    exchange = settings_patches.first
    actual, default = (
        need_key(exchange, need_object(exchange), field.key),
        field.schema.get("default"),
    )
    if isinstance(actual, str) and actual and actual != default:
        reason = f"{field.key} may have been set before the run"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, field.key, actual, default)


@requirement("settings-keys")
def check_patch_returns_every_setting(
    settings_patches: SettingsPatches, contract: Contract
) -> None:
    """The response to a PATCH has each documented key, too."""
    accepted = next((step for step in settings_patches.all_steps() if step.patch.ok), None)
    if accepted is None:
        reason = "no setting could be changed"
        raise PreconditionFailed(reason, settings_patches.all_steps()[0].patch)
    body = need_object(accepted.patch)
    missing = [field.key for field in contract.fields_of(MODEL) if field.key not in body]
    expect(
        "missing settings in the response to a PATCH",
        holds=not missing,
        expected=[],
        actual=missing,
        exchange=accepted.patch,
    )


def unread(key: str, step: SettingsPatch, actual: object) -> bool:
    """Whether a setting fares as with PluralKit production, which does not read it: rejected alone, else left as it was."""
    if key not in UNREAD_UPSTREAM or len(step.body) == 1:
        return key in UNREAD_UPSTREAM and step.patch.status == HTTP_BAD_REQUEST
    return step.patch.ok and same(actual, step.before.get(key, ABSENT))


def expect_changed(
    contract: Contract,
    key: str,
    step: SettingsPatch,
    exchange: Exchange,
    requirement_id: str,
    *,
    is_kept: bool,
) -> None:
    """The setting has the value that the PATCH gave it.

    A value that is rejected, or shown as none that the key can have, is for the requirement on the values of the key, if there
    is one; a valid one that is not there is for `requirement_id`, as are all where no value of the key is kept.
    """
    on_values = about_key(contract, key) or (requirement_id,)
    expect_status(step.patch, 200, as_upstream=unread(key, step, ABSENT), violates=on_values)
    actual = need_object(exchange).get(key, ABSENT)
    if key not in step.before:
        need_key(exchange, need_object(exchange), key)
    never = step.body[key] == 0 and actual is None  # 0 has a meaning of its own
    possible = actual is ABSENT or (fits(contract, key, actual) and not never)
    expect(
        f"{key} in {exchange.label}",
        holds=same(actual, step.body[key]),
        expected=step.body[key],
        actual=actual,
        exchange=exchange,
        as_upstream=unread(key, step, actual),
        violates=(requirement_id,) if possible or not is_kept else on_values,
    )


@each("key", stored)
def check_setting_is_stored(
    key: str, settings_patches: SettingsPatches, contract: Contract
) -> None:
    """A GET after a PATCH of a setting shows its new value."""
    kept = settings_patches.keep_values()
    for step in settings_patches.steps(key):
        expect_changed(contract, key, step, step.after, "update-settings-persists", is_kept=kept)


@each("key", responses)
def check_setting_is_returned(
    key: str, settings_patches: SettingsPatches, contract: Contract
) -> None:
    """The response to a PATCH of a setting shows its new value."""
    kept = settings_patches.keep_values()
    for step in settings_patches.steps(key):
        expect_changed(
            contract, key, step, step.patch, "update-settings-returns-settings", is_kept=kept
        )


@each("key", kept)
def check_other_settings_are_kept(key: str, settings_patches: SettingsPatches) -> None:
    """A PATCH of other settings leaves a setting as it was."""
    expect_kept(key, settings_patches.without_key(key))


@requirement("update-settings-persists")
def check_settings_outlive_a_change_of_the_system(
    account: Account, settings_patches: SettingsPatches
) -> None:
    """What PATCHes of the settings changed is there after a PATCH of the system."""
    if not any(step.patch.ok for step in settings_patches.all_steps()):
        reason = "no setting could be changed"
        raise PreconditionFailed(reason, settings_patches.first)
    before = need_object(read(account))
    need_success(account.change_system(description="beside the settings"))
    exchange = read(account)
    now = need_object(exchange)
    known = {field.key for field in account.contract.fields_of("SystemSettings")}
    lost = {key: before[key] for key in before if not same(now.get(key, ABSENT), before[key])}
    lost = {key: value for key, value in lost.items() if key in known}
    expect(
        "settings after a PATCH of the system",
        holds=not lost,
        expected=lost,
        actual={key: now.get(key, ABSENT) for key in lost},
        exchange=exchange,
    )


@requirement("get-settings-owner")
def check_patch_leaves_settings_of_others_alone(
    settings_patches: SettingsPatches, callers: Any
) -> None:
    """A PATCH of the settings of one system leaves those of another one alone: not all that it set is found there."""
    settings_patches.all_steps()
    first, last = need_object(settings_patches.first), settings_patches.last()
    changed = {key: value for key, value in last.items() if not same(first.get(key), value)}
    if len(changed) < ENOUGH:
        reason = f"too little differs from before to tell settings apart: {', '.join(changed)}"
        raise PreconditionFailed(reason, settings_patches.first)
    exchange = callers["other"]().send("getSystemSettings", ME)
    shown = need_object(exchange)
    expect(
        "settings of another system",
        holds=any(not same(shown.get(key), value) for key, value in changed.items()),
        expected=Wording("its own, not all of those that were set for this one"),
        actual={key: shown.get(key) for key in changed},
        exchange=exchange,
    )

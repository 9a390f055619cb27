"""Values that the settings in a guild must reject (docs: models#system-guild-settings-model, errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_object,
)
from conformance.scenarios.guild_settings import (
    MODELS,
    REJECTED,
    TOO_LONG,
    GuildSettings,
    bad_values,
)
from conformance.scenarios.sent_values import BAD_REQUEST, errors_of, expect_error_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract


def rejected(contract: Contract) -> Iterator[Row]:
    """Rows for the values that must be rejected."""
    for model in MODELS:
        for kind in REJECTED:
            for key in bad_values(contract, model, kind):
                broken = "max_length" if kind == TOO_LONG else "url"
                rules = contract.named(broken, model=model, key=key)
                yield Row((model, kind, key), f"{model.lower()}.{key}-{kind}", rules)


@each("case", rejected)
def check_guild_setting_is_rejected(
    case: tuple[str, str, str], guild_settings: GuildSettings
) -> None:
    """A PATCH in a guild with a value that is too long, or no URL, returns 400 and changes nothing."""
    model, kind, key = case
    step = guild_settings.rejected(model, kind, key)
    expect_status(step.patch, BAD_REQUEST)
    actual, before = need_object(step.after).get(key), step.before.get(key)
    expect_value(step.after, f"{key} after a rejected PATCH", actual, before)


def in_part(contract: Contract) -> Iterator[Row]:
    """Rows for the rejected PATCHes, which hold a valid key as well."""
    return (Row(model, model.lower()) for model in MODELS if bad_values(contract, model, TOO_LONG))


@requirement("errors-are-4xx-json")
@each("model", in_part)
def check_rejected_guild_patch_is_not_carried_out_in_part(
    model: str, guild_settings: GuildSettings
) -> None:
    """Of a PATCH in a guild that is rejected for one key nothing is stored, not its valid keys either."""
    bad = bad_values(guild_settings.account.contract, model, TOO_LONG)
    step = guild_settings.rejected(model, TOO_LONG, next(iter(bad)))
    if step.patch.ok:
        reason = f"{step.patch.label} was not rejected"
        raise NotApplicable(reason, step.patch)
    after = need_object(step.after)
    done = [key for key in step.body if key not in bad and after.get(key) != step.before.get(key)]
    expect_value(step.after, f"what {step.patch.label} changed although it was rejected", done, [])


def blamed(contract: Contract) -> Iterator[Row]:
    """The same rows without the requirements on the values themselves."""
    return (Row(row.value, row.id) for row in rejected(contract))


@requirement("err-40001")
@each("case", blamed)
def check_rejected_guild_setting_has_code_40001(
    case: tuple[str, str, str], guild_settings: GuildSettings
) -> None:
    """The rejection of a value in a guild has code 40001, and `errors` names its key."""
    model, kind, key = case
    exchange = guild_settings.rejected(model, kind, key).patch
    if exchange.status != BAD_REQUEST:
        reason = f"{exchange.label} did not return {BAD_REQUEST}"
        raise NotApplicable(reason, exchange)
    expect_error_names(exchange, key)


def overlong(contract: Contract) -> Iterator[Row]:
    """Rows for the texts that are too long."""
    return (row for row in blamed(contract) if row.value[1] == TOO_LONG)


@requirement("error-object-max-length")
@each("case", overlong)
def check_rejection_in_a_guild_says_the_allowed_length(
    case: tuple[str, str, str], guild_settings: GuildSettings
) -> None:
    """The detail of a text that is too long in a guild has max_length, the length that is allowed."""
    model, kind, key = case
    exchange = guild_settings.rejected(model, kind, key).patch
    found = [one for one in errors_of(exchange).get(key) or [] if isinstance(one, dict)]
    if not found:
        reason = f"errors of {exchange.label} says nothing of {key}"
        raise PreconditionFailed(reason, exchange)
    most = guild_settings.account.contract.field(model, key).schema["maxLength"]
    expect(
        f"max_length of {key}",
        holds=any(one.get("max_length") == most for one in found),
        expected=most,
        actual=[one.get("max_length", ABSENT) for one in found],
        exchange=exchange,
    )

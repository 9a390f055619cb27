"""The autoproxy of a system in a guild (docs: models#autoproxy-settings-model, endpoints#update-system-autoproxy-settings).

At the launch of v2 it was part of the settings in a guild. It needs `guild_id` in the target file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row, table_of
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    described,
    expect,
    expect_accepted,
    expect_error_object,
    expect_status,
    expect_value,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.autoproxy_patches import KEYS, SOME_TIME, in_guild_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.autoproxy_patches import AutoproxyPatches

SERVER_ERROR = 500
MODES = ("off", "front", "latch", "member")
RETURNED, PERSISTS = "update-autoproxy-returns-settings", "update-autoproxy-persists"
RETURNED_IN_GUILD = "update-system-guild-returns-settings"
PERSISTS_IN_GUILD = "update-system-guild-persists"


def modes(contract: Contract) -> Iterator[Row]:
    """Rows for the modes, as far as this revision has operations to set them."""
    stored = ("update-autoproxy-persists", "update-autoproxy-returns-settings")
    rules = tuple(rule for rule in stored if rule in contract.requirements)
    return (Row(mode, mode, ("autoproxy-mode-enum", *rules)) for mode in MODES)


def kept(contract: Contract) -> Iterator[Row]:
    """Rows for the two keys that a PATCH may carry, each left out of one."""
    own = not in_guild_settings(contract)
    model = "AutoproxySettings" if own else "SystemGuildSettings"
    for key, other in zip(KEYS, ("member", "mode"), strict=False):
        yield Row((key, f"{other} alone"), key, about=(model, key))


def cleared(contract: Contract) -> Iterator[Row]:
    """A row for the member at the launch; later docs tie its null to the mode alone."""
    if in_guild_settings(contract):
        yield Row(KEYS[1], KEYS[1], about=("SystemGuildSettings", KEYS[1]))


@requirement("autoproxy-keys")
def check_autoproxy_has_its_keys(autoproxy_patches: AutoproxyPatches) -> None:
    """The autoproxy settings have their keys, in a GET and in the response to a PATCH."""
    for exchange in (autoproxy_patches.first, autoproxy_patches.step("front")[0]):
        missing = [key for key in KEYS if key not in need_object(exchange)]
        expect("missing keys", holds=not missing, expected=[], actual=missing, exchange=exchange)


@requirement("autoproxy-mode-enum")
def check_mode_is_one_of_four(autoproxy_patches: AutoproxyPatches) -> None:
    """The mode is one of the four, also after an attempt to set another one."""
    for exchange in (autoproxy_patches.first, autoproxy_patches.step("unknown")[1]):
        actual = need_object(exchange).get("autoproxy_mode")
        holds, expected = actual in MODES, Wording(" or ".join(MODES))
        expect("autoproxy_mode", holds=holds, expected=expected, actual=actual, exchange=exchange)


@each("mode", modes)
def check_mode_is_stored(mode: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A PATCH of the mode returns the new one, and a GET shows it."""
    patch, after = autoproxy_patches.step(mode)
    expect_accepted(patch, violates=("autoproxy-mode-enum",))
    for exchange, rule in ((patch, RETURNED), (after, PERSISTS)):
        actual = need_object(exchange).get("autoproxy_mode")
        expect(
            f"autoproxy_mode in {exchange.label}",
            holds=actual == mode,
            expected=mode,
            actual=actual,
            exchange=exchange,
            violates=(rule,) if autoproxy_patches.own else (),
        )


def member(contract: Contract) -> Iterator[Row]:
    """A row for the member, with what is returned and what persists."""
    if in_guild_settings(contract):
        model, rules = "SystemGuildSettings", (RETURNED_IN_GUILD, PERSISTS_IN_GUILD)
    else:
        model, rules = "AutoproxySettings", (RETURNED, PERSISTS)
    yield Row((KEYS[1], rules), KEYS[1], rules, about=(model, KEYS[1]))


@each("case", member)
def check_member_is_stored(
    case: tuple[str, tuple[str, str]], autoproxy_patches: AutoproxyPatches
) -> None:
    """A PATCH of the mode member returns the member, and a GET shows it."""
    key, rules = case
    patch, after = autoproxy_patches.step("member")
    expect_status(patch, 200)
    member = autoproxy_patches.member
    for exchange, rule in zip((patch, after), rules, strict=True):
        actual = need_object(exchange).get(key)
        expect(
            f"{key} in {exchange.label}",
            holds=actual in (member.id, member.uuid),
            expected=member.id,
            actual=actual,
            exchange=exchange,
            violates=(rule,),
        )


@requirement("update-autoproxy-persists", "update-autoproxy-returns-settings")
def check_member_mode_can_be_entered_again(autoproxy_patches: AutoproxyPatches) -> None:
    """The mode member that is entered again, after other modes, has the member that this PATCH named."""
    patch, after = autoproxy_patches.step("again")
    expect_status(patch, 200)
    member, wanted = autoproxy_patches.third(), ("member", autoproxy_patches.third().id)
    for exchange, rule in ((patch, RETURNED), (after, PERSISTS)):
        body = need_object(exchange)
        actual = body.get("autoproxy_mode"), body.get("autoproxy_member")
        expect(
            f"mode and member in {exchange.label}",
            holds=actual in (wanted, ("member", member.uuid)),
            expected=wanted,
            actual=actual,
            exchange=exchange,
            violates=(rule,),
        )


@requirement("get-autoproxy-returns-settings")
def check_autoproxy_is_shown_without_its_member(autoproxy_patches: AutoproxyPatches) -> None:
    """The autoproxy is shown when its member was deleted, in whatever mode and with whatever member."""
    exchange = autoproxy_patches.orphaned()
    expect_status(exchange, 200)
    body = need_object(exchange)
    mode, member = body.get("autoproxy_mode"), body.get("autoproxy_member")
    expect(
        "mode and member",
        holds=mode in MODES and (member is None or isinstance(member, str)),
        expected=Wording(f"{', '.join(MODES)}; a text or null"),
        actual=(mode, member),
        exchange=exchange,
    )


@requirement("get-autoproxy-returns-settings")
def check_other_guild_has_its_own_autoproxy(autoproxy_patches: AutoproxyPatches) -> None:
    """What a PATCH set in one guild is not shown in another one; there may be nothing there."""
    need_success(autoproxy_patches.step("member")[0])
    exchange = autoproxy_patches.elsewhere()
    if not exchange.ok:
        reason = "a guild in which nothing was set has no autoproxy"
        raise NotApplicable(reason, exchange)
    actual = need_object(exchange).get("autoproxy_member")
    expect(
        "autoproxy_member in a guild in which nothing was set",
        holds=actual not in (autoproxy_patches.member.id, autoproxy_patches.member.uuid),
        expected=Wording(f"not {autoproxy_patches.member.id}"),
        actual=actual,
        exchange=exchange,
    )


@requirement("patch-preserves-missing-keys")
@each("case", kept)
def check_other_key_is_kept(case: tuple[str, str], autoproxy_patches: AutoproxyPatches) -> None:
    """In the mode member, a PATCH of the mode or of the member alone leaves the other as it was."""
    key, step = case
    patch, after = autoproxy_patches.step(step)
    if not patch.ok:
        reason = "one of the two could not be sent without the other"
        raise NotApplicable(reason, patch)
    before = need_object(autoproxy_patches.step("member")[1]).get(key)
    expect_value(after, f"{key} after a PATCH of the {step}", need_object(after).get(key), before)


@requirement("patch-null-clears-value")
@each("key", cleared)
def check_null_clears_member(key: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A null for the member takes it away."""
    if need_object(autoproxy_patches.step("member alone")[1]).get(key) is None:
        reason = f"{key} could not be set before"
        raise PreconditionFailed(reason, autoproxy_patches.step("member alone")[0])
    patch, after = autoproxy_patches.step("null")
    expect_accepted(patch)
    expect_value(after, f"{key} after null", need_object(after).get(key), None)


@requirement("autoproxy-member-null-for-front")
def check_front_has_no_member(autoproxy_patches: AutoproxyPatches) -> None:
    """In the mode front the member is null, even where there was one before."""
    before = need_object(autoproxy_patches.step("member")[1])
    for exchange in autoproxy_patches.step("front"):
        body = need_object(exchange)
        if before.get("autoproxy_member") is None or body.get("autoproxy_mode") != "front":
            reason = "the mode could not be set to member and then to front"
            raise PreconditionFailed(reason, exchange)
        expect_value(exchange, "autoproxy_member", body.get("autoproxy_member"), None)


def own(contract: Contract) -> Iterator[Row]:
    """A row for the member where autoproxy has operations of its own."""
    if not in_guild_settings(contract):
        yield Row(KEYS[1], KEYS[1], about=("AutoproxySettings", KEYS[1]))


@requirement("autoproxy-member-null-for-front")
@each("key", own)
def check_front_takes_null(key: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A PATCH to the mode front may carry the null that the member is then."""
    patch, after = autoproxy_patches.step("front with null")
    expect_accepted(patch)
    expect_value(after, f"{key} in the mode front", need_object(after).get(key), None)


@requirement("errors-are-4xx-json")
@each("key", own)
def check_null_in_latch_is_no_failure(key: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A PATCH in the mode latch with null for the member is no failure of the server; whether it is rejected is left open."""
    exchange = autoproxy_patches.step("null in latch")[0]
    expect(
        f"{exchange.label} with null for {key}",
        holds=exchange.status is not None and exchange.status < SERVER_ERROR,
        expected=Wording("a rejection (4xx), or success"),
        actual=described(exchange),
        exchange=exchange,
    )


def with_member(contract: Contract) -> Iterator[Row]:
    """Rows for PATCHes that give the mode front a member: with the mode, and in it."""
    for step in (
        "front with member",
        *(() if in_guild_settings(contract) else ("member in front",)),
    ):
        yield Row(step, step)


@requirement("autoproxy-member-null-for-front")
@each("step", with_member)
def check_front_with_member_is_rejected(step: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A PATCH that would give the mode front a member is rejected."""
    response, after = autoproxy_patches.step(step)
    entered = autoproxy_patches.step("front with member")[1]
    if step == "member in front" and need_object(entered).get("autoproxy_mode") != "front":
        reason = "the mode was not front"
        raise PreconditionFailed(reason, entered)
    expect_status(response, 400)
    shown, before = need_object(after), need_object(autoproxy_patches.step("null member")[1])
    changed = [key for key in KEYS[:2] if not same(shown.get(key), before.get(key))]
    expect_value(after, "what a rejected PATCH changed", changed, [])


@requirement("err-40002", "system-guild-autoproxy-member-needed")
@each("step", table_of(("memberless", "null member")))
def check_mode_member_needs_a_member(step: str, autoproxy_patches: AutoproxyPatches) -> None:
    """The mode member without an autoproxy member, or with null for it, returns 400 with code 40002."""
    before = need_object(autoproxy_patches.step("front")[1])
    if before.get("autoproxy_member") is not None:
        reason = "the autoproxy has a member already"
        raise PreconditionFailed(reason, autoproxy_patches.step("front")[1])
    exchange = autoproxy_patches.step(step)[0]
    expect_status(exchange, 400)
    expect_error_object(exchange)
    errors, actual = exchange.json.get("errors"), exchange.json["code"]
    named = isinstance(errors, dict) and "autoproxy_member" in errors
    expect(
        f"code of {exchange.label}",
        holds=actual == 40002,
        expected=40002,
        actual=actual,
        exchange=exchange,
        as_upstream=autoproxy_patches.own and actual == 40001 and named,
    )


@requirement("autoproxy-last-latch-read-only")
def check_last_latch_cannot_be_set(autoproxy_patches: AutoproxyPatches) -> None:
    """A PATCH with last_latch_timestamp beside the mode does not set it."""
    exchange = autoproxy_patches.step("latch")[1]
    actual = need_object(exchange).get("last_latch_timestamp")
    holds = not str(actual).startswith(SOME_TIME.removesuffix("Z"))
    expected = Wording(f"not {SOME_TIME}")
    expect("last_latch_timestamp", holds=holds, expected=expected, actual=actual, exchange=exchange)

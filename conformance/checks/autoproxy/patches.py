"""PATCHes of the autoproxy settings: each key can be sent alone, and what a PATCH returns is there afterwards.

Which modes there are, and which of them have a member, is in `settings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import expect, expect_accepted, need_object
from conformance.scenarios.autoproxy_patches import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.autoproxy_patches import AutoproxyPatches

HTTP_BAD_REQUEST = 400
ALONE = ("mode alone", "member alone")
STORED = ("member", "front", "latch with member", "latch", "off")


@requirement("patch-keys-all-optional")
@each("step", table_of(ALONE))
def check_key_of_autoproxy_can_be_sent_alone(
    step: str, autoproxy_patches: AutoproxyPatches
) -> None:
    """In the mode member, a PATCH of the mode alone or of the member alone is accepted."""
    before = autoproxy_patches.step("member")[1]
    if need_object(before).get("autoproxy_mode") != "member" or not need_object(before).get(
        "autoproxy_member"
    ):
        reason = "the mode could not be set to member"
        raise PreconditionFailed(reason, before)
    patch = autoproxy_patches.step(step)[0]
    # At the launch PluralKit production took a body without a member for one that takes it away.
    as_upstream = not autoproxy_patches.own and patch.status == HTTP_BAD_REQUEST
    expect_accepted(patch, as_upstream=as_upstream)


def stored(contract: Contract) -> Iterator[Row]:
    """Rows for the PATCHes that set a mode, where it is not among the settings in a guild."""
    rules = contract.named("persists", operation="updateAutoproxy")
    return (Row(step, step.replace(" ", "-"), rules) for step in STORED if rules)


@each("step", stored)
def check_what_a_patch_returns_is_stored(step: str, autoproxy_patches: AutoproxyPatches) -> None:
    """A GET shows the mode and the member that the PATCH before it returned, whether or not the mode has a member."""
    patch, after = autoproxy_patches.step(step)
    if not patch.ok:
        reason = "the PATCH was rejected"
        raise NotApplicable(reason, patch)
    returned, shown = setting(patch, autoproxy_patches), setting(after, autoproxy_patches)
    expect(
        f"mode and member in {after.label}",
        holds=shown == returned,
        expected=returned,
        actual=shown,
        exchange=after,
    )


def setting(exchange: Exchange, autoproxy_patches: AutoproxyPatches) -> list[Any]:
    """Return the mode and the member that a response shows, the member by its short id."""
    member, body = autoproxy_patches.member, need_object(exchange)
    ids = {member.uuid: member.id}
    return [ids.get(str(body.get(key)), body.get(key)) for key in KEYS[:2]]

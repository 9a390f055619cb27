"""PATCHes of the autoproxy settings in the declared guild, one after the other, and how the settings show after each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object, need_success
from conformance.http.client import NO_BODY
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.sent_values import BAD_REQUEST

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.target import Target


KEYS = ("autoproxy_mode", "autoproxy_member", "last_latch_timestamp")
SOME_TIME = "2020-02-02T02:02:02Z"
FIRST_SNOWFLAKE = 10**17


class AutoproxyPatches:
    """PATCHes of the autoproxy, in one order; each is sent once and followed by a GET."""

    def __init__(self, account: Account, target: Target, members: tuple[Entity, Entity]) -> None:
        """Take the members; nothing is sent before the first step is asked for."""
        self.account, self.target = account, target
        self.member, self.second = members
        self.own = not in_guild_settings(account.contract)
        self._steps: dict[str, tuple[Exchange, Exchange] | Outcome] = {}
        self._first: Exchange | None = None
        self._elsewhere: Exchange | None = None
        self._third: Entity | None = None
        self._orphaned: Exchange | Outcome = PreconditionFailed("the mode was not member again")

    @property
    def guild(self) -> str:
        """The guild that the target file declares."""
        return self.target.fixture("guild_id")

    @property
    def first(self) -> Exchange:
        """The autoproxy before it is changed."""
        if self._first is None:
            self._first = self.send("get")
        return self._first

    def step(self, name: str) -> tuple[Exchange, Exchange]:
        """Return the response to the PATCH of a step, and the GET after it."""
        if not self._steps:
            self._send_all()
        return value_or_raise(self._steps[name])

    def elsewhere(self) -> Exchange:
        """Return the autoproxy in a guild that no PATCH named, read when the mode was member in the other one."""
        self.step("member")
        if self._elsewhere is None:
            reason = "the autoproxy could not be read in another guild"
            raise PreconditionFailed(reason)
        return self._elsewhere

    def orphaned(self) -> Exchange:
        """Return the autoproxy, read in the mode member when the member was deleted."""
        self.step("again")
        return value_or_raise(self._orphaned)

    def third(self) -> Entity:
        """Return the member with whom the mode member is entered again, and who is deleted then."""
        if self._third is None:
            self._third = self.account.member()
        return self._third

    def _send_all(self) -> None:
        member, nobody = {"autoproxy_member": self.member.id}, {"autoproxy_member": None}
        plan: dict[str, dict[str, Any]] = {
            "member": {"autoproxy_mode": "member", **member},
            "mode alone": {"autoproxy_mode": "member"},
            "member alone": {"autoproxy_member": self.second.id},
            **({} if self.own else {"null": {"autoproxy_mode": "off", **nobody}}),
            "front": {"autoproxy_mode": "front"},
            **({"front with null": {"autoproxy_mode": "front", **nobody}} if self.own else {}),
            "memberless": {"autoproxy_mode": "member"},
            "null member": {"autoproxy_mode": "member", **nobody},
            "front with member": {"autoproxy_mode": "front", **member},
            **({"member in front": member} if self.own else {}),
            "latch with member": {"autoproxy_mode": "latch", **member},
            "latch": {"autoproxy_mode": "latch", "last_latch_timestamp": SOME_TIME},
            **({"null in latch": nobody} if self.own else {}),
            "unknown": {"autoproxy_mode": "sideways"},
            "off": {"autoproxy_mode": "off"},
        }
        for name, body in plan.items():
            try:
                need_object(self.first)
                if name == "off" and self.own:
                    self._enter_again()
                patch = self.send("update", body)
                if (
                    name == "latch" and patch.status == BAD_REQUEST
                ):  # a read-only key may be rejected
                    patch = self.send("update", {"autoproxy_mode": "latch"})
                self._steps[name] = patch, self.send("get")
                if name == "member" and self.own:
                    self._elsewhere = self._read_elsewhere()
            except Outcome as problem:
                self._steps[name] = problem

    def _enter_again(self) -> None:
        """Set the mode member again, with another member, after all other modes; then delete that member."""
        self._steps["again"] = outcome_of(self._send_again)
        self._orphaned = outcome_of(self._read_orphaned)

    def _send_again(self) -> tuple[Exchange, Exchange]:
        body = {"autoproxy_mode": "member", "autoproxy_member": self.third().id}
        return self.send("update", body), self.send("get")

    def _read_orphaned(self) -> Exchange:
        need_success(self.step("again")[0])
        need_success(self.account.delete(self.third()))
        return self.send("get")

    def _read_elsewhere(self) -> Exchange:
        guild = str(FIRST_SNOWFLAKE + self.account.random.randrange(FIRST_SNOWFLAKE))
        return self.account.owner.send("getAutoproxy", query={"guild_id": guild})

    def send(self, verb: str, body: dict[str, Any] | None = None) -> Exchange:
        """Send one more request, to get or update the autoproxy."""
        owner, json = self.account.owner, NO_BODY if body is None else body
        if self.own:
            return owner.send(f"{verb}Autoproxy", query={"guild_id": self.guild}, json=json)
        return owner.send(f"{verb}SystemGuildSettings", {"guildId": self.guild}, json=json)


def in_guild_settings(contract: Contract) -> bool:
    """Whether autoproxy is part of the settings in a guild, as at the launch of v2."""
    return any(field.key == KEYS[0] for field in contract.fields_of("SystemGuildSettings"))


@pytest.fixture(scope="session")
def autoproxy_patches(
    account: Account, target: Target, two_members: tuple[Entity, Entity]
) -> AutoproxyPatches:
    """The PATCHes that all checks of this module look at."""
    return AutoproxyPatches(account, target, two_members)

"""The settings in the declared guild, and the requests that read and change them (docs: models#system-guild-settings-model).

What the responses must be is in `conformance.checks.guilds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.contract.samples import sample
from conformance.http import NotApplicable
from conformance.scenarios.settings_patches import OPPOSITE, SettingsPatch, SettingsPatches

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Exchange
    from conformance.target import Target


MODELS = {"SystemGuildSettings": "system", "MemberGuildSettings": "member"}
# At the launch of v2 these were among the settings in a guild; the checks of autoproxy test them.
OF_AUTOPROXY = ("autoproxy_mode", "autoproxy_member")
UNKNOWN = {"SystemGuildSettings": 20009, "MemberGuildSettings": 20010}
FIRST_SNOWFLAKE = 10**17
PATCHES = 3
OF_ITS_OWN = 7  # which sample the member or the system itself gets


def settable(contract: Contract, model: str) -> dict[str, list[Any]]:
    """Return the keys of a model that a PATCH may carry, each with the values to set: texts of the greatest length."""
    return {field.key: _values(field) for field in changeable(contract, model)}


def changeable(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may carry, but for those of autoproxy."""
    fields = contract.fields_of(model)
    return [field for field in fields if field.in_patch and field.key not in OF_AUTOPROXY]


def _values(field: Field) -> list[Any]:
    if "boolean" in field.schema.get("type", ()):
        return [OPPOSITE]
    most = field.schema.get("maxLength")
    return (
        [sample(field, 0)]
        if most is None
        else [_text(field, most, "a"), _text(field, most, "\u0436")]
    )


def _text(field: Field, length: int, letter: str) -> str:
    """Return a text of this length in characters, however many bytes each takes in UTF-8."""
    if field.schema.get("format") == "uri":
        letter = letter if letter.isascii() else "b"
        start, end = "https://example.com/", ".png"
        return start + letter * (length - len(start) - len(end)) + end
    return letter * length


def nullable(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may carry and that may be null."""
    return [field for field in changeable(contract, model) if field.nullable]


def is_text(field: Field) -> bool:
    """Whether the values of a key are text."""
    return "string" in field.schema.get("type", ())


class GuildSettings:
    """The settings in the declared guild: those of the system, and those of one member of the run."""

    def __init__(self, account: Account, target: Target, members: tuple[Entity, Entity]) -> None:
        """Take members of the run, the second a bystander whose settings stay as they are; nothing is sent before the first response is asked for."""
        self.account, self.target, (member, self.bystander) = account, target, members
        self.own_member = member
        self.member = existing_member(account, target) or Address("Member", member.id, member.uuid)
        self._bystander_settings: tuple[dict[str, Any], Exchange] | None = None
        self.patches = {model: self._patches_of(model) for model in MODELS}
        self._beside_own: dict[str, SettingsPatch] = {}
        self._cleared: dict[tuple[str, ...], SettingsPatch] = {}

    def refs(self, model: str, guild: str) -> dict[str, str]:
        """Return the path parameters of the settings in a guild."""
        if model == "SystemGuildSettings":
            return {"guildId": guild}
        return {**self.member.refs("short"), "guildId": guild}

    def other_guild(self, verb: str) -> str:
        """Return the id of a guild without settings: to read, the one after the declared guild; to change, any."""
        declared = self.target.fixtures.get("guild_id", "")
        if verb == "get" and declared.isdecimal():
            return str(int(declared) + 1)
        return str(FIRST_SNOWFLAKE + self.account.random.randrange(FIRST_SNOWFLAKE))

    def by_uuid(self) -> dict[str, str]:
        """Return the path parameters of the settings of the member, named by UUID."""
        return self._refs("MemberGuildSettings") | self.member.refs("uuid")

    def bystander_settings(self) -> tuple[dict[str, Any], Exchange]:
        """Return the settings that the PATCHes set for the member, and a read of those of the bystander right after them."""
        if self._bystander_settings is None:
            patches = self.patches["MemberGuildSettings"]
            patches.all_steps()
            refs = self._refs("MemberGuildSettings") | self.bystander.refs
            exchange = self.account.owner.send("getMemberGuildSettings", refs)
            self._bystander_settings = patches.last(), exchange
        return self._bystander_settings

    def beside_own(self, model: str) -> SettingsPatch:
        """Return a PATCH of the member, or of the system, that names keys of settings in the guild, and those before and after it."""
        if model not in self._beside_own:
            patches, own = self.patches[model], MODELS[model].capitalize()
            patches.all_steps()
            before, known = patches.last(), changeable(self.account.contract, own)
            body = {f.key: sample(f, OF_ITS_OWN) for f in known if f.key in before and is_text(f)}
            if own == "Member" and self.member.short != self.own_member.id:
                reason = (
                    "only the settings in the guild of the member of guild_member_id may be changed"
                )
                raise NotApplicable(reason)
            member = self.own_member.refs
            send = self.account.owner.send
            patch = (
                self.account.change_system(**body)
                if own == "System"
                else send("updateMember", member, json=body)
            )
            self._beside_own[model] = SettingsPatch(before, body, patch, patches.look())
        return self._beside_own[model]

    def cleared(self, field: Field) -> SettingsPatch:
        """Return the PATCH that set a key to null: text keys are sent together, the others one by one."""
        alike = [f for f in nullable(self.account.contract, field.model) if is_text(f)]
        sent = tuple(f.key for f in alike) if is_text(field) else (field.key,)
        if (field.model, *sent) not in self._cleared:
            patches = self.patches[field.model]
            self.beside_own(field.model)
            step = patches.step(dict.fromkeys(sent), patches.last())
            self._cleared[field.model, *sent] = step
        return self._cleared[field.model, *sent]

    def _patches_of(self, model: str) -> SettingsPatches:
        owner = self.account.owner
        return SettingsPatches(
            lambda: owner.send(f"get{model}", self._refs(model)),
            lambda body: owner.send(f"update{model}", self._refs(model), json=body),
            settable(self.account.contract, model),
            PATCHES,
        )

    def _refs(self, model: str) -> dict[str, str]:
        return self.refs(model, self.target.fixture("guild_id"))


def existing_member(account: Account, target: Target) -> Address | None:
    """Return the member with settings in the guild that the target file names, if it names one."""
    declared = target.fixtures.get("guild_member_id")
    rows = account.snapshot.rows.get("members", ())
    found = (Address("Member", row["id"], str(row.get("uuid"))) for row in rows)
    return next((address for address in found if address.short == declared), None)


@pytest.fixture(scope="session")
def guild_settings(
    account: Account, target: Target, two_members: tuple[Entity, Entity]
) -> GuildSettings:
    """The PATCHes that all checks of this module look at."""
    return GuildSettings(account, target, two_members)

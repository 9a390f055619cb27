"""The settings in the declared guild, and the requests that read and change them (docs: models#system-guild-settings-model).

What is checked of the responses is in `guild_settings`.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.account.refs import Address
from conformance.contract.equivalence import same
from conformance.contract.samples import sample
from conformance.http import NotApplicable, Outcome
from conformance.scenarios.sent_values import BAD_REQUEST, errors_of
from conformance.scenarios.settings_patches import OTHER, Series, Step

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Exchange
    from conformance.target import Target

MODELS = {"SystemGuildSettings": "system", "MemberGuildSettings": "member"}
# At the launch of v2 they stood among the settings in a guild; `autoproxy` has their rules.
OF_AUTOPROXY = ("autoproxy_mode", "autoproxy_member")
UNKNOWN = {"SystemGuildSettings": 20009, "MemberGuildSettings": 20010}
FIRST_SNOWFLAKE = 10**17
PATCHES = 3
TOO_LONG = "too-long"
REJECTED = (TOO_LONG, "no-url")


def settable(contract: Contract, model: str) -> dict[str, list[Any]]:
    """Return the keys of a model that a PATCH may carry, each with the values that it gives them: texts as long as can be."""
    return {field.key: _values(field) for field in changeable(contract, model)}


def changeable(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may carry, but for those of autoproxy."""
    fields = contract.fields_of(model)
    return [field for field in fields if field.in_patch and field.key not in OF_AUTOPROXY]


def _values(field: Field) -> list[Any]:
    if "boolean" in field.schema.get("type", ()):
        return [OTHER]
    most = field.schema.get("maxLength")
    return (
        [sample(field, 0)]
        if most is None
        else [_text(field, most, "a"), _text(field, most, "\u0436")]
    )


def _text(field: Field, length: int, letter: str) -> str:
    """Return a text of this length; a letter that takes two bytes in UTF-8 is one character all the same."""
    if field.schema.get("format") == "uri":
        letter = letter if letter.isascii() else "b"
        start, end = "https://example.com/", ".png"
        return start + letter * (length - len(start) - len(end)) + end
    return letter * length


def bad_values(contract: Contract, model: str, kind: str) -> dict[str, str]:
    """Return the values of one kind (`too-long`, `no-url`) that must be rejected, by their keys."""
    fields = changeable(contract, model)
    if kind == "no-url":
        urls = [field.key for field in fields if contract.named("url", model=model, key=field.key)]
        return dict.fromkeys(urls, "no URL at all")
    most = {field: field.schema["maxLength"] for field in fields if "maxLength" in field.schema}
    return {field.key: _text(field, length + 1, "c") for field, length in most.items()}


def nullable(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may carry and that may be null."""
    return [field for field in changeable(contract, model) if field.nullable]


def is_text(field: Field) -> bool:
    """Whether the values of a key are text."""
    return "string" in field.schema.get("type", ())


class Guild:
    """The settings in the declared guild: those of the system, and those of one member of the run."""

    def __init__(self, account: Account, target: Target, members: tuple[Entity, Entity]) -> None:
        """Take the member, and one who stands by; nothing is sent before the first response is asked for."""
        self.account, self.target, (self.member, self.bystander) = account, target, members
        self._beside: tuple[dict[str, Any], Exchange] | None = None
        self.series = {model: self._series(model) for model in MODELS}
        self._rejected: dict[tuple[str, str], dict[str, Step]] = {}
        self._cleared: dict[tuple[str, ...], Step] = {}

    def refs(self, model: str, guild: str) -> dict[str, str]:
        """Return the path parameters of the settings in a guild."""
        if model == "SystemGuildSettings":
            return {"guildId": guild}
        return {**self.member.refs, "guildId": guild}

    def neighbour(self, verb: str) -> str:
        """Return the id of a guild in which nothing was set: next to the declared one to read, as good as any to change."""
        declared = self.target.fixtures.get("guild_id", "")
        if verb == "get" and declared.isdecimal():
            return str(int(declared) + 1)
        return str(FIRST_SNOWFLAKE + self.account.random.randrange(FIRST_SNOWFLAKE))

    def by_uuid(self) -> dict[str, str]:
        """Return the path parameters of the settings of the member, who is named by UUID."""
        address = Address("Member", self.member.id, self.member.uuid)
        return self._refs("MemberGuildSettings") | address.refs("uuid")

    def beside(self) -> tuple[dict[str, Any], Exchange]:
        """Return the settings that PATCHes gave the member, and those of the bystander, read right after them."""
        if self._beside is None:
            series = self.series["MemberGuildSettings"]
            series.all_steps()
            refs = self._refs("MemberGuildSettings") | self.bystander.refs
            exchange = self.account.owner.send("getMemberGuildSettings", refs)
            self._beside = series.last(), exchange
        return self._beside

    def rejected(self, model: str, kind: str, key: str) -> Step:
        """Return what became of a value that must be rejected; those of one kind are sent together where the response tells of each."""
        if (model, kind) not in self._rejected:
            self._rejected[model, kind] = self._reject(model, kind)
        return self._rejected[model, kind][key]

    def cleared(self, field: Field) -> Step:
        """Return what became of a null for a key: texts are sent together, the others one by one."""
        alike = [f for f in nullable(self.account.contract, field.model) if is_text(f)]
        sent = tuple(f.key for f in alike) if is_text(field) else (field.key,)
        if (field.model, *sent) not in self._cleared:
            series = self.series[field.model]
            series.all_steps()
            step = series.step(dict.fromkeys(sent), series.last())
            self._cleared[field.model, *sent] = step
        return self._cleared[field.model, *sent]

    def put_back(self) -> None:
        """Give the system the settings in the guild that it had."""
        series = self.series["SystemGuildSettings"]
        if not series.has_run:
            return
        first, now = series.first.json, series.last()
        body = {
            key: first[key]
            for key in settable(self.account.contract, "SystemGuildSettings")
            if key in first
        }
        if any(not same(now.get(key), value) for key, value in body.items()):
            with contextlib.suppress(Outcome):  # a target that is gone cannot be put back
                series.patch(body)

    def _series(self, model: str) -> Series:
        owner = self.account.owner
        return Series(
            lambda: owner.send(f"get{model}", self._refs(model)),
            lambda body: owner.send(f"update{model}", self._refs(model), json=body),
            settable(self.account.contract, model),
            PATCHES,
        )

    def _reject(self, model: str, kind: str) -> dict[str, Step]:
        body, series = bad_values(self.account.contract, model, kind), self.series[model]
        series.all_steps()
        beside = self.beside_rejected(model) if kind == TOO_LONG else {}
        together = series.step(beside | body, series.last())
        found = dict.fromkeys(body, together)
        for key, value in body.items() if len(body) > 1 else ():
            if together.patch.status != BAD_REQUEST or key not in errors_of(together.patch):
                found[key] = series.step({key: value}, series.last())
        return found

    def beside_rejected(self, model: str) -> dict[str, bool]:
        """Return the other value for each key of a model that is true or false."""
        now, fields = self.series[model].last(), changeable(self.account.contract, model)
        return {f.key: now.get(f.key) is False for f in fields if not is_text(f)}

    def _refs(self, model: str) -> dict[str, str]:
        guild = self.target.fixtures.get("guild_id")
        if guild is None:
            reason = "needs guild_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.refs(model, guild)

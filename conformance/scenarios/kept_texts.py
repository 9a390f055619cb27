"""Sends the texts of `openapi/texts.yaml` in every text key that can be set: all keys of a model in one request.

A member and a group are created with one text in each key and changed to two others; the system is changed three times. Each text
of a request that is rejected is sent once more alone, so that the right key is reported. The settings of the system, and those
in the guild of the target file, get one text in each key.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.texts import MODELS, mixed, number, text_fields, texts_for
from conformance.http import ME, Outcome
from conformance.http.assertions import need_object, need_row
from conformance.scenarios import system_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.account import Account
    from conformance.contract.texts import Text
    from conformance.http import Exchange
    from conformance.scenarios.guild_settings import GuildSettings

IN_GUILD = ("SystemGuildSettings", "MemberGuildSettings")
SETTINGS = "SystemSettings"
# Which request: the fourth is a GET, the last two are sent between the second and the third, a PATCH of all keys to one number
# and the list of the system.
FIRST, SECOND, THIRD, READ = "first", "second", "third", "read"
DIGITS, LISTED = "digits", "listed"
LISTS = {"Member": "getSystemMembers", "Group": "getSystemGroups"}


@dataclasses.dataclass(frozen=True)
class SentText:
    """One text of one key: the text, the response that shows what became of it, and the text that the key had before.

    `listed` is the id of the entity where the response is a list.
    """

    text: Text
    exchange: Exchange
    before: str | None
    listed: str | None = None

    def shown(self) -> dict[str, Any]:
        """Return the object that has the text."""
        return need_row(self.exchange, self.listed) if self.listed else need_object(self.exchange)


class KeptTexts:
    """What became of each text; the requests of a model are sent once, when the first check asks."""

    def __init__(self, account: Account, guild_settings: GuildSettings) -> None:
        """Take the account, and the settings in the guild; nothing is sent yet."""
        self.account, self.guild_settings = account, guild_settings
        self._sent: dict[tuple[str, str, str], SentText] = {}
        self._problems: dict[str, Outcome] = {}

    def sent(self, model: str, key: str, request: str) -> SentText:
        """Return what became of a text; raises the outcome that prevented the request."""
        if not any(known == model for known, _, _ in self._sent) and model not in self._problems:
            try:
                self._send(model)
            except Outcome as problem:
                self._problems[model] = problem
        if (model, key, request) not in self._sent:
            raise self._problems[model]
        return self._sent[model, key, request]

    def _send(self, model: str) -> None:
        if model in IN_GUILD:
            self._send_in_guild(model)
        elif model == SETTINGS:
            self._send_settings()
        else:
            self._send_entity(model)

    def _send_entity(self, model: str) -> None:
        first, second, third = (texts_for(self.account.contract, model, n) for n in range(3))
        refs = self._system(first) if model == "System" else self._create(model, first)
        self._patch(model, refs, SECOND, second, first)
        if model in LISTS:
            # All keys in turn may be mistaken for something; in a list all of them may be so at once.
            digits = dict.fromkeys(second, number())
            self._patch(model, refs, DIGITS, digits, second)
            listed = self.account.owner.send(LISTS[model], ME)
            for key, text in digits.items():
                [ref] = refs.values()
                self._sent[model, key, LISTED] = SentText(text, listed, second[key].text, ref)
            second = digits
        self._patch(model, refs, THIRD, third, second)
        read = self.account.owner.send(f"get{model}", refs)
        for key, text in third.items():
            self._sent[model, key, READ] = SentText(text, read, second[key].text)

    def _system(self, texts: Mapping[str, Text]) -> dict[str, str]:
        old = {key: self.account.snapshot.system.get(key) for key in texts}
        exchange = self.account.owner.send("updateSystem", ME, json=_body(texts))
        for key, text in texts.items():
            alone = exchange if exchange.ok else self._alone("System", ME, key, text)
            self._sent["System", key, FIRST] = SentText(text, alone, old[key])
        return ME

    def _create(self, model: str, texts: Mapping[str, Text]) -> dict[str, str]:
        account, kind = self.account, model.lower()
        exchange = account.owner.send(f"create{model}", json=_body(texts))
        entity = account.adopt(kind, _body(texts), exchange)
        for key, text in texts.items():
            alone = exchange if exchange.ok else self._create_alone(model, key, text)
            self._sent[model, key, FIRST] = SentText(text, alone, None)
        entity = entity or (account.member() if kind == "member" else account.group())
        return entity.refs

    def _create_alone(self, model: str, key: str, text: Text) -> Exchange:
        body = {"name": self.account.name(), key: text.text}
        exchange = self.account.owner.send(f"create{model}", json=body)
        self.account.adopt(model.lower(), body, exchange)
        return exchange

    def _patch(
        self,
        model: str,
        refs: dict[str, str],
        request: str,
        texts: Mapping[str, Text],
        before: Mapping[str, Text],
    ) -> None:
        exchange = self.account.owner.send(f"update{model}", refs, json=_body(texts))
        for key, text in texts.items():
            alone = exchange if exchange.ok else self._alone(model, refs, key, text)
            self._sent[model, key, request] = SentText(text, alone, before[key].text)

    def _alone(self, model: str, refs: dict[str, str], key: str, text: Text) -> Exchange:
        return self.account.owner.send(f"update{model}", refs, json={key: text.text})

    def _send_settings(self) -> None:
        for field in text_fields(self.account.contract, SETTINGS):
            old = self.account.snapshot.settings.get(field.key)
            patch = system_settings.patch(self.account, {field.key: mixed()[0].text})
            self._sent[SETTINGS, field.key, FIRST] = SentText(mixed()[0], patch, old)
            read = system_settings.read(self.account)
            self._sent[SETTINGS, field.key, READ] = SentText(mixed()[0], read, old)

    def _send_in_guild(self, model: str) -> None:
        fields = text_fields(self.account.contract, model)
        texts = {field.key: mixed()[number % 2] for number, field in enumerate(fields)}
        patches = self.guild_settings.patches[model]
        patches.all_steps()  # what it sets is put back after them
        before = patches.last()
        step = patches.step(_body(texts), before)
        for key, text in texts.items():
            for request, exchange in ((FIRST, step.patch), (READ, step.after)):
                self._sent[model, key, request] = SentText(text, exchange, before.get(key))


def requests_of(model: str) -> Iterator[str]:
    """Yield the requests that show what became of the texts of a model."""
    yield from (FIRST, SECOND, THIRD, READ) if model in MODELS else (FIRST, READ)
    yield from (DIGITS, LISTED) if model in LISTS else ()


def _body(texts: Mapping[str, Text]) -> dict[str, Any]:
    return {key: text.text for key, text in texts.items()}


@pytest.fixture(scope="session")
def kept_texts(account: Account, guild_settings: GuildSettings) -> KeptTexts:
    """What the checks of texts look at."""
    return KeptTexts(account, guild_settings)

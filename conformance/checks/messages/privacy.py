"""What the system and the member of a proxied message show to whom (docs: reference#authentication, models#message-model).

The message is that of the target file. Whose it is, and what is private of it, is found out by asking; the rest of the
message is tested in `messages`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import PARAMETER
from conformance.checks import each, requirement
from conformance.checks.privacy.combinations import rules, violated_by
from conformance.contract.equivalence import same
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.rows import Row, table_of
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import expect, expect_value, need_object
from conformance.scenarios.private_entities import PrivateKeys, upstream_hides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange
    from conformance.target import Target

MODELS = ("System", "Member")
OTHER_USERS = ("anonymous", "other_user")
TOKENS = ("owner", "other")
# They change with every message that the member sends.
BUSY = ("message_count", "last_message_timestamp")


class MessageViews:
    """A proxied message as callers see it; each read is sent once."""

    def __init__(self, account: Account, contract: Contract, ref: str | None, callers: Any) -> None:
        """Take the id of the message, if the target file has one."""
        self.account, self.contract, self.ref, self.callers = account, contract, ref, callers
        self._read: dict[tuple[str, str, str], Exchange] = {}
        self._mine: Caller | None = None

    def show(self, model: str, caller: Caller) -> tuple[Exchange, dict[str, Any]]:
        """Return an object of the message as the caller sees it, with the exchange."""
        if self.ref is None:
            reason = "needs message_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        exchange = self._ask("getMessage", {"messageId": self.ref}, caller)
        shown = need_object(exchange).get(model.lower())
        if not isinstance(shown, dict) or not isinstance(shown.get("id"), str):
            reason = f"the message shows no {model.lower()} with an id"
            raise PreconditionFailed(reason, exchange)
        return exchange, shown

    def owner(self) -> Caller:
        """Return the caller whose system sent the message; NotApplicable when it is nobody's whose token is known."""
        if self._mine is None:
            self._mine = self._owner()
        return self._mine

    def other_user(self) -> Caller:
        """Return the other caller with a token."""
        mine = self.owner()
        other_user: Caller = self.callers["owner" if mine.name == "other" else "other"]()
        return other_user

    def seen_by(self, name: str) -> Caller:
        """Return the caller of a row."""
        self.owner()
        return self.other_user() if name == "other_user" else self.account.anonymous

    def single_read(self, model: str) -> dict[str, Any]:
        """Return an object of the message as its owner sees it when it is read alone."""
        owner = self.owner()
        _, shown = self.show(model, owner)
        operation, refs = f"get{model}", {PARAMETER[model]: shown["id"]}
        return need_object(self._ask(operation, refs, owner))

    def private_keys(self, model: str) -> PrivateKeys:
        """Return the keys that are private in an object of the message."""
        privacy = self.single_read(model).get("privacy")
        kept = privacy if isinstance(privacy, dict) else {}
        private = frozenset(key for key, value in kept.items() if value == "private")
        return PrivateKeys(model, "message", private)

    def _owner(self) -> Caller:
        owner = self.account.owner
        ref = self.show("System", owner)[1]["id"]
        if ref == self.account.system_id:
            return owner
        other: Caller = self.callers["other"]()
        if need_object(self._ask("getSystem", ME, other)).get("id") == ref:
            return other
        reason = "the message was sent by neither of the two systems"
        raise NotApplicable(reason)

    def _ask(self, operation: str, refs: dict[str, str], caller: Caller) -> Exchange:
        key = (operation, str(refs), caller.name)
        if key not in self._read:
            self._read[key] = caller.send(operation, refs)
        return self._read[key]


@pytest.fixture(scope="session")
def message_views(
    account: Account, contract: Contract, target: Target, callers: Any
) -> MessageViews:
    """What all checks of this module look at."""
    return MessageViews(account, contract, target.fixtures.get("message_id"), callers)


def hidden(contract: Contract) -> Iterator[Row]:
    """Rows for the objects of a message as other users see them, with all that a shown field can break."""
    for model in MODELS:
        fields = [field for field in contract.fields_of(model) if field.hidden_by]
        broken = {rule: None for field in fields for rule in rules(contract, field)}
        for caller in OTHER_USERS:
            yield Row((model, caller), f"{model.lower()}-{caller}", tuple(broken))


@each("case", hidden)
def check_message_hides_private_fields(
    case: tuple[str, str], message_views: MessageViews, contract: Contract
) -> None:
    """What is private of the system and the member of a message is null in it for everybody but the owner."""
    model, caller = case
    exchange, shown = message_views.show(model, message_views.seen_by(caller))
    private_keys, single_read = message_views.private_keys(model), message_views.single_read(model)
    leaked = [field for field in contract.fields_of(model) if private_keys.hides(field)]
    leaked = [field for field in leaked if not _hidden(field, shown, single_read)]
    expect(
        f"private fields of the {model.lower()} of a message",
        holds=not leaked,
        expected={
            field.key: _stands_in(single_read) if field.hidden_name else None for field in leaked
        },
        actual={field.key: shown[field.key] for field in leaked},
        exchange=exchange,
        violates=violated_by(
            contract, {f: shown[f.key] for f in leaked}, single_read.get("name"), private_keys
        ),
    )


def _hidden(field: Field, shown: dict[str, Any], single_read: dict[str, Any]) -> bool:
    actual = shown.get(field.key)
    if actual is None or field.hidden_by == OWNER_ONLY:
        return actual is None
    return same(actual, _stands_in(single_read) if field.hidden_name else field.hidden_value)


def _stands_in(single_read: dict[str, Any]) -> object:
    """Return what others see for a hidden name: without a display name the name is not hidden, as the docs' guide for users says."""
    display_name = single_read.get("display_name")
    return single_read.get("name") if display_name is None else display_name


@requirement("auth-optional-for-public-reads")
@each("case", lambda _: (Row((m, c), f"{m.lower()}-{c}") for m in MODELS for c in OTHER_USERS))
def check_message_shows_public_fields(
    case: tuple[str, str], message_views: MessageViews, contract: Contract
) -> None:
    """What is public of the system and the member of a message is shown in it to everybody."""
    model, caller = case
    exchange, shown = message_views.show(model, message_views.seen_by(caller))
    private_keys, single_read = message_views.private_keys(model), message_views.single_read(model)
    privacy = single_read.get("privacy")
    known = {*privacy, OWNER_ONLY, None} if isinstance(privacy, dict) else set()
    fields = [f for f in contract.fields_of(model) if f.always and not private_keys.hides(f)]
    # What lacks a key, or the privacy key that hides it, is for the requirements on keys.
    wanted = [f for f in fields if f.key in shown and f.key in single_read and f.hidden_by in known]
    lost = [
        f
        for f in wanted
        if f.key not in BUSY and not same(shown.get(f.key), single_read.get(f.key))
    ]
    expect(
        f"public fields of the {model.lower()} of a message",
        holds=not lost,
        expected={field.key: single_read.get(field.key) for field in lost},
        actual={field.key: shown.get(field.key) for field in lost},
        exchange=exchange,
        as_upstream=all(upstream_hides(contract, f, private_keys, shown.get(f.key)) for f in lost),
    )


@requirement("own-token-shows-private-fields", "privacy-object-shown-to-owner")
@each("model", table_of(MODELS, str.lower))
def check_message_shows_all_to_its_owner(
    model: str, message_views: MessageViews, contract: Contract
) -> None:
    """The owner sees the private fields of the own system and member in a message, and their privacy."""
    exchange, shown = message_views.show(model, message_views.owner())
    single_read = message_views.single_read(model)
    wanted = [f for f in contract.fields_of(model) if f.always and f.hidden_by]
    lost = [
        field.key
        for field in wanted
        if field.key not in BUSY and not same(shown.get(field.key), single_read.get(field.key))
    ]
    broken = {
        "own-token-shows-private-fields": lost != ["privacy"],
        "privacy-object-shown-to-owner": "privacy" in lost,
    }
    expect(
        f"fields of the {model.lower()} of a message that its owner sees when it is read alone",
        holds=not lost,
        expected={key: single_read.get(key) for key in lost},
        actual={key: shown.get(key) for key in lost},
        exchange=exchange,
        violates=tuple(rule for rule, applies in broken.items() if applies),
    )


@requirement("get-message-returns-message")
@each("case", lambda _: (Row((m, c), f"{m.lower()}-{c}") for m in MODELS for c in TOKENS))
def check_message_names_the_same_to_everybody(
    case: tuple[str, str], message_views: MessageViews
) -> None:
    """The system and the member of a message are those that sent it, whoever reads it."""
    model, caller = case
    _, known = message_views.show(model, message_views.account.anonymous)
    exchange, shown = message_views.show(model, message_views.callers[caller]())
    expect_value(exchange, f"{model.lower()} of a message", shown["id"], known["id"])

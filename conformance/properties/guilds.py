"""Generated settings of a guild: what a PATCH sets is in its answer and in a GET, and all else stays.

The journal does not cover them: the values from before are put back at once.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.contract.samples import sample
from conformance.properties import blame
from conformance.properties.forecast import Forecast
from conformance.properties.sights import SHOWN, Difference
from conformance.properties.taming import tame
from conformance.wire import Outcome, Refuted
from conformance.wire.expectation import ABSENT, lacks_row, need_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Operation
    from conformance.properties.cast import Cast
    from conformance.wire import Exchange

MODELS = {
    "updateSystemGuildSettings": "SystemGuildSettings",
    "updateMemberGuildSettings": "MemberGuildSettings",
    "updateAutoproxy": "AutoproxySettings",
}
KEYS = {
    "SystemGuildSettings": "system-guild-keys",
    "MemberGuildSettings": "member-guild-keys",
    "AutoproxySettings": "autoproxy-keys",
}
MOVING = {"autoproxy_member", "last_latch_timestamp"}
ALONE = {"autoproxy_mode", "autoproxy_member"}  # what they may be depends on each other
NO_NULL = (
    "proxying_enabled",
    "tag_enabled",
    "keep_proxy",
)  # PluralKit's own server does not take it there


def patch_there(cast: Cast, operation: Operation, case: Any) -> bool:
    """PATCH the settings of a guild, and read them; return whether there was anything to send."""
    model = MODELS[operation.id]
    refs, query = cast.refs(operation), cast.query(operation)
    reading = operation.id.replace("update", "get")
    before = need_object(cast.arena.send(reading, "owner", refs, query=query))
    body = tame(cast.contract, model, case.body, post=False)
    sent = {
        key: value
        for key, value in body.items()
        if key not in ALONE and not (value is None and key in NO_NULL)
    }
    if operation.id == "updateAutoproxy":
        sent = {"autoproxy_mode": "off" if before.get("autoproxy_mode") == "front" else "front"}
    if not sent:
        return False
    rules = blame.returned(cast.contract, operation.id)
    stored = blame.known(
        cast.contract, *(rule.replace("returns-settings", "persists") for rule in rules)
    )
    known = {field.key for field in cast.contract.fields_of(model)} - MOVING
    expected = {key: value for key, value in (before | sent).items() if key in known}
    problems: list[Refuted] = []
    if operation.id != "updateAutoproxy":
        # What a PATCH leaves out must have a value, else nobody sees whether it keeps it.
        cast.arena.send(operation.id, "owner", refs, json=_filling(cast, model), query=query)
        before_it = cast.arena.send(reading, "owner", refs, query=query).json
        expected |= (
            {k: v for k, v in before_it.items() if k in known and k not in sent}
            if isinstance(before_it, dict)
            else {}
        )
    try:
        for name, why in ((operation.id, rules), (reading, stored)):
            settings = Settings(cast, model, expected, set(sent), why)
            words: dict[str, Any] = {"json": sent} if name == operation.id else {}
            forecast = Forecast((200,), rules, look=settings.differences)
            try:
                cast.arena.ask(name, "owner", forecast, refs, query=query, **words)
            except Refuted as problem:
                problems.append(problem)
    finally:
        settable = {key: before[key] for key in {*sent, *_filling(cast, model)} & before.keys()}
        with contextlib.suppress(Outcome):
            cast.world.owner.send(operation.id, refs, json=settable, query=query)
            cast.arena.budget.take()
    if problems:
        problems[0].breaks = tuple(rule for problem in problems for rule in problem.breaks)
        raise problems[0]
    return True


def _filling(cast: Cast, model: str) -> dict[str, Any]:
    """Return a value for each key that can be set without another one."""
    fields = cast.contract.fields_of(model)
    free = [field for field in fields if field.in_patch and field.key not in ALONE]
    return {} if model == "AutoproxySettings" else {field.key: sample(field, 1) for field in free}


def has_no_row(cast: Cast, exchange: Exchange | None) -> bool:
    """Whether a member has no settings in the guild: a PATCH has to say the same as what was read."""
    if exchange is None or not lacks_row(exchange):
        return False
    operation = "updateMemberGuildSettings"
    refs = cast.refs(cast.contract.operations[operation])
    cast.arena.budget.take()
    with contextlib.suppress(Outcome):
        return lacks_row(cast.world.owner.send(operation, refs, json={"display_name": None}))
    return False


class Settings:
    """What settings of a guild must look like after a PATCH."""

    def __init__(
        self,
        cast: Cast,
        model: str,
        expected: dict[str, Any],
        named: set[str],
        why: tuple[str, ...],
    ) -> None:
        """Take all keys, those that the PATCH named, and what is broken when one of these is another."""
        self.cast, self.model, self.expected, self.named, self.why = (
            cast,
            model,
            expected,
            named,
            why,
        )

    def differences(self, body: Any) -> Iterator[Difference]:
        """Yield what is different about a body."""
        shown = body if isinstance(body, dict) else {}
        for key, value in self.expected.items():
            actual = shown.get(key, ABSENT)
            if actual != value:
                rules = self._missing() if actual is ABSENT else self._wrong(key)
                yield Difference(key, value, actual, rules, f"{SHOWN}[{key!r}] == {value!r}")

    def _wrong(self, key: str) -> tuple[str, ...]:
        kept = blame.known(self.cast.contract, "patch-preserves-missing-keys")
        return self.why if key in self.named else kept

    def _missing(self) -> tuple[str, ...]:
        """Return the requirements on which keys there are."""
        start = KEYS[self.model]
        known = self.cast.contract.requirements
        return (*(rule for rule in known if rule.startswith(start)), *self.why)

"""Generated settings of a guild: what a PATCH sets is in its answer and in a GET, and all else stays.

The journal does not cover them: the values from before are put back at once.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

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
        settable = {key: value for key, value in before.items() if key in sent}
        with contextlib.suppress(Outcome):
            cast.world.owner.send(operation.id, refs, json=settable, query=query)
            cast.arena.budget.take()
    if problems:
        problems[0].breaks = tuple(rule for problem in problems for rule in problem.breaks)
        raise problems[0]
    return True


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
                kept = blame.known(self.cast.contract, "patch-preserves-missing-keys")
                rules = self.why if key in self.named else kept
                yield Difference(key, value, actual, rules, f"{SHOWN}[{key!r}] == {value!r}")

"""Generated settings of a guild: what a PATCH sets is in its response and in a GET, and all else stays.

The journal does not cover them: the values from before are put back at once.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.samples import sample
from conformance.http import Outcome, Refuted
from conformance.http.assertions import ABSENT, lacks_row, need_object
from conformance.properties import attribution
from conformance.properties.expected_entities import SHOWN, Difference
from conformance.properties.oracle import ExpectedResponse
from conformance.properties.valid_bodies import tame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Operation
    from conformance.http import Exchange
    from conformance.properties.entities import Cast

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
    place = Place(cast, operation, cast.refs(operation), cast.query(operation))
    before = need_object(place.read())
    sent = _sent(cast, operation, case, before)
    if not sent:
        return False
    filling = _filling(cast, operation)
    try:
        if filling:
            # What a PATCH leaves out must have a value, else nobody sees whether it keeps it.
            place.patch(filling)
        place.hold(sent, need_object(place.read()) if filling else before)
    finally:
        place.put_back({key: before[key] for key in {*sent, *filling} & before.keys()})
    return True


def _sent(cast: Cast, operation: Operation, case: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    if operation.id == "updateAutoproxy":
        return {"autoproxy_mode": "off" if before.get("autoproxy_mode") == "front" else "front"}
    body = tame(cast.contract, MODELS[operation.id], case.body, post=False)
    return {
        key: value
        for key, value in body.items()
        if key not in ALONE and not (value is None and key in NO_NULL)
    }


def _filling(cast: Cast, operation: Operation) -> dict[str, Any]:
    """Return a value for each key that can be set without another one."""
    if operation.id == "updateAutoproxy":
        return {}
    fields = cast.contract.fields_of(MODELS[operation.id])
    free = [field for field in fields if field.in_patch and field.key not in ALONE]
    return {field.key: sample(field, 1) for field in free}


@dataclasses.dataclass(frozen=True)
class Place:
    """The settings that one operation changes: those of the system or of a member in the declared guild."""

    cast: Cast
    operation: Operation
    refs: Mapping[str, str]
    query: Mapping[str, str] | None

    @property
    def reading(self) -> str:
        """The operation that reads them."""
        return self.operation.id.replace("update", "get")

    def read(self) -> Exchange:
        """Read them, whatever returns."""
        return self.cast.arena.send(self.reading, "owner", self.refs, query=self.query)

    def patch(self, body: Mapping[str, Any]) -> Exchange:
        """Set some of them, whatever returns."""
        words: dict[str, Any] = {"json": dict(body), "query": self.query}
        return self.cast.arena.send(self.operation.id, "owner", self.refs, **words)

    def hold(self, sent: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Set some of them, and hold the response and a read against what they were before.

        Raises:
            Refuted: one of the two is wrong; it violates what either of them violates.

        """
        contract, model = self.cast.contract, MODELS[self.operation.id]
        known = {field.key for field in contract.fields_of(model)} - MOVING
        expected = {key: value for key, value in {**before, **sent}.items() if key in known}
        returned = attribution.returned(contract, self.operation.id)
        stored = [rule.replace("returns-settings", "persists") for rule in returned]
        problems: list[Refuted] = []
        for exchange, why in (
            (self.patch(sent), returned),
            (self.read(), attribution.known(contract, *stored)),
        ):
            self.cast.arena.kept.append(exchange)
            settings = Settings(self.cast, model, expected, set(sent), why)
            expected_response = ExpectedResponse((200,), returned, look=settings.differences)
            try:
                self.cast.arena.agree(exchange, expected_response)
            except Refuted as problem:
                problems.append(problem)
        if problems:
            problems[0].also_violates(rule for problem in problems for rule in problem.violates)
            raise problems[0]

    def put_back(self, body: Mapping[str, Any]) -> None:
        """Set them to what they were, but for what cannot be set to null; the journal does not cover them."""
        settable = {
            key: value for key, value in body.items() if value is not None or key not in NO_NULL
        }
        with contextlib.suppress(Outcome):
            self.cast.account.owner.send(
                self.operation.id, self.refs, json=settable, query=self.query
            )
            self.cast.arena.budget.take()


def has_no_row(cast: Cast, exchange: Exchange | None) -> bool:
    """Whether a member has no settings in the guild: a PATCH has to say the same as what was read."""
    if exchange is None or not lacks_row(exchange):
        return False
    operation = "updateMemberGuildSettings"
    refs = cast.refs(cast.contract.operations[operation])
    cast.arena.budget.take()
    with contextlib.suppress(Outcome):
        return lacks_row(cast.account.owner.send(operation, refs, json={"display_name": None}))
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
        kept = attribution.known(self.cast.contract, "patch-preserves-missing-keys")
        return self.why if key in self.named else kept

    def _missing(self) -> tuple[str, ...]:
        """Return the requirements on which keys there are."""
        start = KEYS[self.model]
        known = self.cast.contract.requirements
        return (*(rule for rule in known if rule.startswith(start)), *self.why)

"""The system under test in one state of its privacy after the other, and what everybody returns in each.

In the states that bear the name of a privacy key this key alone is private, then all are, and in the end none is, so
that the states leave the lists open.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from conformance.account.refs import rule_of
from conformance.contract.samples import sample
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object, need_success
from conformance.scenarios.shown_entities import WITH_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract, PrivacyKey
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import ShownEntities

OTHERS = ("anonymous", "other")
ALL, NONE = "all", "none"
# Requests for closed lists with a query.
QUERIES = (WITH_MEMBERS, "getSystemSwitches?limit=1&before=2030-01-01T00:00:00Z")
LAUNCH = "2021-11"


@dataclasses.dataclass(frozen=True)
class Look:
    """One request of one caller in one state; `place` is an operation, with its query where it has one."""

    state: str
    place: str
    caller: str
    id_format: str = "short"


def states(contract: Contract) -> dict[str, frozenset[str]]:
    """Return the private keys of each state, in the order in which the system passes them."""
    keys = [key.key for key in contract.privacy_keys_of("System")]
    alone = {key: frozenset({key}) for key in keys}
    return {**alone, ALL: frozenset(keys), NONE: frozenset()}


def closed(contract: Contract) -> tuple[str, ...]:
    """Return the operations that a privacy key of the system closes."""
    return tuple(name for key in contract.privacy_keys_of("System") for name in key.closes)


def id_formats(contract: Contract, model: str) -> tuple[str, ...]:
    """Return the id formats of a ref, other than the stored short id, that the revision accepts."""
    known = ("capitals", "uuid", "account") if model == "System" else ("capitals", "uuid")
    return tuple(name for name in known if rule_of(model, name) in contract.requirements)


def alone(contract: Contract) -> Iterator[Look]:
    """Looks at what a key hides and closes, and, by turns, at what it leaves open."""
    turns = itertools.cycle(OTHERS)
    for key in contract.privacy_keys_of("System"):
        yield from (Look(key.key, "getSystem", caller) for caller in OTHERS if key.hides)
        yield from _lists(contract, key, turns)


def _lists(contract: Contract, key: PrivacyKey, turns: Iterator[str]) -> Iterator[Look]:
    for operation in closed(contract) if key.closes else ():
        if operation in key.closes:
            yield Look(key.key, operation, "owner", owners_id_format(contract, operation))
        callers = OTHERS if operation in key.closes else (next(turns),)
        yield from (Look(key.key, operation, caller) for caller in callers)


def owners_id_format(contract: Contract, operation: str) -> str:
    """Return how the owner names what a closed operation lists: the id or the UUID, by turns."""
    model = "Member" if operation == "getMemberGroups" else "System"
    by_turns = closed(contract).index(operation) % 2 == 0
    return "uuid" if by_turns and "uuid" in id_formats(contract, model) else "short"


def sealed(contract: Contract) -> Iterator[Look]:
    """Looks at what is closed while all is private: by ids of another kind, and with a query."""
    turns = itertools.cycle(OTHERS)
    for operation in closed(contract):
        model = "Member" if operation == "getMemberGroups" else "System"
        for id_format in id_formats(contract, model):
            if id_format != "capitals":
                yield Look(ALL, operation, next(turns), id_format)
    # At the launch with_members had rules of its own.
    for place in QUERIES[contract.revision == LAUNCH :]:
        yield Look(ALL, place, next(turns))


def single() -> Iterator[Look]:
    """Looks at a member and a group while all of the system is private: what closes lists does not close them."""
    yield Look(ALL, "getMember", OTHERS[0])
    yield Look(ALL, "getGroup", OTHERS[1])


def looks(contract: Contract) -> Iterator[Look]:
    """All that is looked at."""
    yield from alone(contract)
    yield from sealed(contract)
    yield from single()
    for caller in OTHERS:
        for id_format in ("short", *id_formats(contract, "System")):
            yield Look(ALL, "getSystem", caller, id_format)
        yield from (Look(NONE, operation, caller) for operation in closed(contract))


class SystemStates:
    """Passes all states when first asked, and keeps the responses."""

    def __init__(
        self, account: Account, contract: Contract, scene: Callable[[], ShownEntities]
    ) -> None:
        """Take what arranges a scene with a member and a switch; nothing is sent yet."""
        self.account, self.contract, self._scene = account, contract, scene
        self._responses: dict[Look, Exchange | Outcome] = {}
        self._entered: dict[str, Exchange | Outcome] = {}

    def response(self, look: Look) -> Exchange:
        """Return the response to a look.

        Raises:
            PreconditionFailed: the system could not be brought into the state, or nobody could ask.

        """
        self.entered(look.state)
        found = self._responses.get(
            look, PreconditionFailed(f"{look.caller} did not ask in this state")
        )
        if isinstance(found, Outcome):
            raise found
        return found

    def entered(self, state: str) -> Exchange:
        """Return how the owner saw the system in a state."""
        if not self._entered:
            for name, private in states(self.contract).items():
                self._pass(name, private)
        found = self._entered[state]
        if isinstance(found, Outcome):
            raise found
        return found

    def need(self, state: str, key: str, value: str) -> None:
        """Raise PreconditionFailed when the owner is shown another value of a key in a state."""
        exchange = self.entered(state)
        shown = need_object(exchange).get("privacy")
        if isinstance(shown, dict) and shown.get(key) != value:
            reason = f"{key} could not be made {value}"
            raise PreconditionFailed(reason, exchange)

    def _pass(self, state: str, private: frozenset[str]) -> None:
        try:
            self._entered[state] = self._enter(private)
        except Outcome as problem:
            self._entered[state] = problem
            return
        for look in looks(self.contract):
            if look.state == state and look not in self._responses:
                self._look(look)

    def _enter(self, private: frozenset[str]) -> Exchange:
        fields = [f for f in self.contract.fields_of("System") if f.in_patch and f.key != "privacy"]
        keys = self.contract.privacy_keys_of("System")
        privacy = {k.key: "private" if k.key in private else "public" for k in keys}
        # The fields go with it each time: a PATCH that loses what it does not name is for another check.
        response = self.account.change_system(
            **{f.key: sample(f, 0) for f in fields}, privacy=privacy
        )
        need_success(response)
        exchange = self.account.owner.send("getSystem", {"systemId": self.account.system_id})
        need_object(exchange)
        return exchange

    def _look(self, look: Look) -> None:
        caller: Caller = getattr(self.account, look.caller)
        if look.caller == "other" and caller.token is None:
            return
        try:
            self._responses[look] = self._send(look, caller)
        except Outcome as problem:
            self._responses[look] = problem

    def _send(self, look: Look, caller: Caller) -> Exchange:
        operation, _, query = look.place.partition("?")
        scene = self._scene()
        if (
            look.state == NONE
        ):  # the last of the states: what is read in it is how the scene is seen
            return scene.read(look.place, caller, id_format=look.id_format)
        if operation == "getSwitch" and scene.switch is None:
            raise scene.trouble["getSwitch"]
        refs = scene.refs(operation, id_format=look.id_format)
        return caller.send(operation, refs, query=dict(parse_qsl(query)) or None)

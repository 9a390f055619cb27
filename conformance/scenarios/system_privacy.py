"""The system under test in one state of its privacy after the other, and the responses to each caller in each state.

In the states named after a privacy key this key alone is private, then all are, and in the end none is, so
that the lists are open afterwards.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from conformance.account.refs import rule_of
from conformance.contract.equivalence import means
from conformance.contract.samples import sample
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object, need_success
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.shown_entities import WITH_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract, PrivacyKey
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import ShownEntities

OTHERS = ("anonymous", "other")
ALL, NONE = "all", "none"
# Requests for closed lists that have a query.
QUERIES = (WITH_MEMBERS, "getSystemSwitches?limit=1&before=2030-01-01T00:00:00Z")
LAUNCH = "2021-11"


@dataclasses.dataclass(frozen=True)
class SystemRead:
    """One request of one caller in one state; `place` is an operation, with its query where it has one."""

    state: str
    place: str
    caller: str
    id_format: str = "short"


def states(contract: Contract) -> dict[str, frozenset[str]]:
    """Return the private keys of each state, in the order in which they are set."""
    keys = [key.key for key in contract.privacy_keys_of("System")]
    by_key = {key: frozenset({key}) for key in keys}
    return {**by_key, ALL: frozenset(keys), NONE: frozenset()}


def closed_operations(contract: Contract) -> tuple[str, ...]:
    """Return the operations that a privacy key of the system closes."""
    return tuple(name for key in contract.privacy_keys_of("System") for name in key.closes)


def id_formats(contract: Contract, model: str) -> tuple[str, ...]:
    """Return the id formats of a ref, other than the stored short id, that the revision accepts."""
    known = ("capitals", "uuid", "account") if model == "System" else ("capitals", "uuid")
    return tuple(name for name in known if rule_of(model, name) in contract.requirements)


def single_key_reads(contract: Contract) -> Iterator[SystemRead]:
    """Yield reads of what a key hides and closes and, by one caller in turn, of what it leaves open."""
    next_callers = itertools.cycle(OTHERS)
    for key in contract.privacy_keys_of("System"):
        yield from (SystemRead(key.key, "getSystem", caller) for caller in OTHERS if key.hides)
        yield from _lists(contract, key, next_callers)


def _lists(
    contract: Contract, key: PrivacyKey, next_callers: Iterator[str]
) -> Iterator[SystemRead]:
    for operation in closed_operations(contract) if key.closes else ():
        if operation in key.closes:
            yield SystemRead(key.key, operation, "owner", owners_id_format(contract, operation))
        callers = OTHERS if operation in key.closes else (next(next_callers),)
        yield from (SystemRead(key.key, operation, caller) for caller in callers)


def owners_id_format(contract: Contract, operation: str) -> str:
    """Return the id format by which the owner names whose list it is: the id or the UUID, by turns."""
    model = "Member" if operation == "getMemberGroups" else "System"
    by_turns = closed_operations(contract).index(operation) % 2 == 0
    return "uuid" if by_turns and "uuid" in id_formats(contract, model) else "short"


def all_private_reads(contract: Contract) -> Iterator[SystemRead]:
    """Yield reads of closed lists while all is private: in other id formats, and with a query."""
    next_callers = itertools.cycle(OTHERS)
    for operation in closed_operations(contract):
        model = "Member" if operation == "getMemberGroups" else "System"
        for id_format in id_formats(contract, model):
            if id_format != "capitals":
                yield SystemRead(ALL, operation, next(next_callers), id_format)
    # At the launch with_members had rules of its own.
    for place in QUERIES[contract.revision == LAUNCH :]:
        yield SystemRead(ALL, place, next(next_callers))


def owner_reads(contract: Contract) -> Iterator[SystemRead]:
    """Yield the owner's reads of closed lists while all is private, by each id format that the reads of single keys do not have."""
    for operation in closed_operations(contract):
        model = "Member" if operation == "getMemberGroups" else "System"
        for id_format in ("short", *id_formats(contract, model)):
            if id_format not in ("capitals", owners_id_format(contract, operation)):
                yield SystemRead(ALL, operation, "owner", id_format)


def single_entity_reads() -> Iterator[SystemRead]:
    """Yield reads of a member and a group while all of the system is private: keys that close lists do not close these."""
    yield SystemRead(ALL, "getMember", OTHERS[0])
    yield SystemRead(ALL, "getGroup", OTHERS[1])


def system_reads(contract: Contract) -> Iterator[SystemRead]:
    """Yield all reads."""
    yield from single_key_reads(contract)
    yield from all_private_reads(contract)
    yield from owner_reads(contract)
    yield from single_entity_reads()
    for caller in OTHERS:
        for id_format in ("short", *id_formats(contract, "System")):
            yield SystemRead(ALL, "getSystem", caller, id_format)
        yield from (
            SystemRead(NONE, operation, caller) for operation in closed_operations(contract)
        )


class SystemStates:
    """Sets all states when first asked, and keeps the responses."""

    def __init__(
        self, account: Account, contract: Contract, shown_entities: Callable[[], ShownEntities]
    ) -> None:
        """Take a function that makes a member, a group and a switch; nothing is sent yet."""
        self.account, self.contract, self._shown_entities = account, contract, shown_entities
        self._responses: dict[SystemRead, Exchange | Outcome] = {}
        self._entered: dict[str, Exchange | Outcome] = {}
        self._last: Exchange | None = None  # read by the owner

    def response(self, read: SystemRead) -> Exchange:
        """Return the response to a read.

        Raises:
            PreconditionFailed: the state could not be set, or the target file has no token of the caller.

        """
        self.entered(read.state)
        found = self._responses.get(
            read, PreconditionFailed(f"{read.caller} sent no request in this state")
        )
        if isinstance(found, Outcome):
            raise found
        return found

    def entered(self, state: str) -> Exchange:
        """Return the system as the owner read it in a state."""
        if not self._entered:
            for name, private in states(self.contract).items():
                self._read_in_state(name, private)
        return value_or_raise(self._entered[state])

    def need(self, state: str, key: str, value: str) -> None:
        """Raise PreconditionFailed when the owner is shown another value of a key in a state."""
        exchange = self.entered(state)
        shown = need_object(exchange).get("privacy")
        if isinstance(shown, dict) and shown.get(key) != value:
            reason = f"{key} could not be made {value}"
            raise PreconditionFailed(reason, exchange)

    def _read_in_state(self, state: str, private: frozenset[str]) -> None:
        self._entered[state] = outcome_of(lambda: self._set_privacy(private))
        if isinstance(self._entered[state], Outcome):
            return
        for read in system_reads(self.contract):
            if read.state == state and read not in self._responses:
                self._send_as_caller(read)

    def _set_privacy(self, private: frozenset[str]) -> Exchange:
        """Send what is not yet as it is to be, and no more; a privacy key that is private alone is sent alone."""
        keys = self.contract.privacy_keys_of("System")
        levels = {k.key: "private" if k.key in private else "public" for k in keys}
        exchange = self._last or self._read_by_owner()
        shown = need_object(exchange).get("privacy")
        known = shown if isinstance(shown, dict) else {}
        missing = {key: level for key, level in levels.items() if known.get(key) != level}
        if len(private) == 1:
            for key, level in missing.items():
                need_success(self.account.change_system(privacy={key: level}))
        elif missing:
            need_success(self.account.change_system(privacy=missing))
        exchange = self._read_by_owner()
        lost = self._fields_to_set(need_object(exchange))
        if lost:  # also again: a PATCH that loses keys it does not name is for another check
            need_success(self.account.change_system(**lost))
            exchange = self._read_by_owner()
        return exchange

    def _read_by_owner(self) -> Exchange:
        self._last = self.account.owner.send("getSystem", {"systemId": self.account.system_id})
        need_object(self._last)
        return self._last

    def _fields_to_set(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Return a value for each key whose value is another one."""
        fields = [f for f in self.contract.fields_of("System") if f.in_patch and f.key != "privacy"]
        wanted = {field.key: sample(field, 0) for field in fields}
        return {key: one for key, one in wanted.items() if not means(key, shown.get(key), one)}

    def _send_as_caller(self, read: SystemRead) -> None:
        caller: Caller = getattr(self.account, read.caller)
        if read.caller == "other" and caller.token is None:
            return
        self._responses[read] = outcome_of(lambda: self._send(read, caller))

    def _send(self, read: SystemRead, caller: Caller) -> Exchange:
        operation, _, query = read.place.partition("?")
        shown_entities = self._shown_entities()
        if read.state == NONE:  # the last state, in which `shown_entities` may keep what it reads
            return shown_entities.read(read.place, caller, id_format=read.id_format)
        if operation == "getSwitch" and shown_entities.switch is None:
            raise shown_entities.problems["getSwitch"]
        refs = shown_entities.refs(operation, id_format=read.id_format)
        return caller.send(operation, refs, query=dict(parse_qsl(query)) or None)

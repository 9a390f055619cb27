"""Requests about one switch that name the system in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import described, need_object
from conformance.http.client import NO_BODY
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.switch_history import SwitchHistory, member_ids, moment

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Exchange
    from conformance.target import Target


OF_ONE = ("getSwitch", "updateSwitch", "updateSwitchMembers", "deleteSwitch")

READS = ("getFronters", "getSystemSwitches", "getSwitch")
UPDATES = ("updateSwitch", "updateSwitchMembers")
SYSTEM_FORMS = ("short-id", "uuid", "account")
# With each form a switch goes through all operations.
IN_TURN = tuple(
    (operation, form)
    for form in SYSTEM_FORMS
    for operation in ("createSwitch", *READS, *UPDATES, "deleteSwitch")
)


class SystemFormRequests:
    """A switch goes through all operations for each way to name the system but @me."""

    def __init__(self, account: Account, target: Target, members: tuple[Entity, Entity]) -> None:
        """Take the members; nothing is sent before the first response is asked for."""
        self.account, self.target, self.members = account, target, members
        self.times = SwitchHistory(account, *members)
        self._responses: dict[tuple[str, str], Exchange | Outcome] = {}
        self._read_again: dict[tuple[str, str], Exchange] = {}
        self._refs: dict[str, str | Outcome] = {}
        self._switch: Entity | None = None

    def response(self, operation: str, form: str) -> Exchange:
        """Return what an operation returned when the system was named so."""
        if not self._responses:
            for step in IN_TURN:
                self._responses[step] = self._tried(*step)
        return value_or_raise(self._responses[operation, form])

    def shown(self, operation: str, form: str) -> Exchange:
        """Return what shows the switch after an update: the response, or a read where that shows another state."""
        return self._read_again.get((operation, form)) or self.response(operation, form)

    def under_id(self, operation: str) -> Exchange:
        """Return what a write returns that names the system by its id where it must be @me."""
        ref = self._ref("short-id")
        if operation != "createSwitch":
            self._made()
        exchange = self._send(operation, ref, "short-id")
        if operation == "createSwitch":
            self.account.adopt("switch", {}, exchange)
        if operation == "deleteSwitch" and exchange.ok:
            self.account.journal.deleted("switch", self._made().id)
        return exchange

    def expected(self, operation: str, form: str) -> dict[str, Any]:
        """Return what the response shows of the switch: its time, or its members."""
        return self._body(operation, form) if operation in UPDATES else {}

    def _tried(self, operation: str, form: str) -> Exchange | Outcome:
        try:
            exchange = self._send(operation, self._ref(form), form)
        except Outcome as problem:
            return problem
        if operation in READS and not exchange.ok and not self._send(operation, "@me", form).ok:
            reason = f"{exchange.label} returned {described(exchange)}, as with @me"
            return PreconditionFailed(reason, exchange)
        if operation == "createSwitch":
            self._switch = self.account.adopt("switch", {}, exchange)
        if operation == "deleteSwitch" and exchange.ok and self._switch:
            self.account.journal.deleted("switch", self._switch.id)
            self._switch = None
        if operation in UPDATES and not shows(exchange, self._body(operation, form)):
            refs = ME | {"switchId": self._made().id}
            self._read_again[operation, form] = self.account.owner.send("getSwitch", refs)
        return exchange

    def _send(self, operation: str, ref: str, form: str) -> Exchange:
        refs, body = {"systemId": ref}, self._body(operation, form)
        if operation in OF_ONE:
            refs["switchId"] = self._made().id
        json = body["members"] if operation == "updateSwitchMembers" else body or NO_BODY
        return self.account.owner.send(operation, refs, json=json)

    def _body(self, operation: str, form: str) -> dict[str, Any]:
        first, second = (member.id for member in self.members)
        number = SYSTEM_FORMS.index(form)
        if operation == "createSwitch":
            return {"members": [second, first], "timestamp": self.times.at(30 + number)}
        if operation == "updateSwitch":
            return {"timestamp": self.times.at(40 + number)}
        return {"members": [first]} if operation == "updateSwitchMembers" else {}

    def _made(self) -> Entity:
        """Return the switch; it is logged under @me when that was not possible otherwise."""
        if self._switch is None:
            self._switch = self.account.switch(*self.members, timestamp=self.times.at(50))
        return self._switch

    def _ref(self, form: str) -> str:
        """Return the system's name in this form, when a GET of the system takes it."""
        if form not in self._refs:
            self._refs[form] = outcome_of(lambda: self._known(form))
        return value_or_raise(self._refs[form])

    def _known(self, form: str) -> str:
        known = {
            "short-id": self.account.system_id,
            "uuid": str(self.account.snapshot.system.get("uuid")),
        }
        ref = known.get(form) or self.target.fixture("account_id")
        exchange = self.account.owner.send("getSystem", {"systemId": ref})
        if need_object(exchange).get("id") != self.account.system_id:
            reason = f"the {form} {ref} does not name the system under test"
            raise PreconditionFailed(reason, exchange)
        self.account.owner.client.guard.allow(ref)
        return ref


def shows(exchange: Exchange, expected: dict[str, Any]) -> bool:
    """Whether a response shows a switch with this time, or these members; one that failed is judged for that."""
    if not exchange.ok or not isinstance(exchange.json, dict):
        return True
    if "timestamp" in expected:
        return moment(exchange.json.get("timestamp")) == moment(expected["timestamp"])
    return set(expected["members"]) <= set(member_ids(exchange.json))


@pytest.fixture(scope="session")
def system_form_requests(
    account: Account, target: Target, two_members: tuple[Entity, Entity]
) -> SystemFormRequests:
    """The requests that checks of the system's id formats share."""
    return SystemFormRequests(account, target, two_members)

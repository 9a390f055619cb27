"""Valid generated requests for every operation: they succeed, and what was sent is what every caller is shown.

Bodies and queries are drawn by schemathesis from the schemas of the contract; what the docs leave open is taken out of
them (`valid_bodies`), refs are those of entities that the property created (`own_entities`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each
from conformance.contract import value_cases
from conformance.contract.rows import Row
from conformance.http import NotApplicable, Outcome, Refuted
from conformance.http.outcomes import BudgetSpent
from conformance.properties import attribution, generation, strategies
from conformance.properties.expected_response import ExpectedResponse
from conformance.properties.guilds import lacks_guild_settings, patch_guild_settings
from conformance.properties.sender import SpentError
from conformance.properties.valid_bodies import valid_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import RunBudget
    from conformance.properties.expected_reads import ExpectedRead
    from conformance.properties.own_entities import OwnEntities

# How many parts of the budget an operation gets: each body takes two or three requests.
PARTS = {
    "createMember": 9,
    "updateMember": 6,
    "createGroup": 6,
    "updateGroup": 4,
    "updateSystem": 4,
    "updateSystemSettings": 4,
}
OF_WRITES, OF_READS = 2, 1
LEAST = 2  # requests of an attempt
TURN = 8  # attempts between two changes of privacy
STRIDE = 7  # through the reads, so that id formats and callers take turns
NO_KEY = {"no_such_key": "of no model"}
READ_ONLY = {"uuid": "00000000-0000-4000-8000-000000000000", "created": "2001-01-01T00:00:00Z"}


def all_operations(contract: Contract) -> Iterator[Row]:
    """Rows for all operations, each with what the docs say that it returns."""
    for operation in contract.operations.values():
        yield Row(operation, operation.id, attribution.returned(contract, operation.id))


def parts(operation: Operation) -> int:
    """Return how many parts of the budget an operation gets."""
    return PARTS.get(operation.id, OF_WRITES if operation.writes else OF_READS)


def least(operation: Operation) -> int:
    """Return how many requests an operation needs to be of use: the entities that it names may have to be created first."""
    return 6 if operation.writes else 4


@each("operation", all_operations)
def check_valid_request_is_returned_as_documented(
    operation: Operation, contract: Contract, entities: OwnEntities, run_budget: RunBudget
) -> None:
    """A valid request succeeds, its response fits its model, and what it sent is stored."""
    whole = sum(parts(row.value) for row in all_operations(contract))
    requests = ValidRequests(operation, entities)
    with run_budget.part("valid", parts(operation), whole, least(operation)) as budget:
        cases = budget.limit // LEAST + 1
        with entities.within(budget):
            generation.for_each(
                contract, operation.id, cases, entities.account.seed, requests.attempt
            )
            if requests.problem is not None:
                raise requests.problem
    if not requests.successes:  # none that had something to send
        raise BudgetSpent(operation.id)


class ValidRequests:
    """The generated requests of one operation, and the failure that ends them."""

    def __init__(self, operation: Operation, entities: OwnEntities) -> None:
        """Take the operation and the entities to name."""
        self.operation, self.entities, self.contract = operation, entities, entities.contract
        self.problem: Outcome | None = None
        self.successes = self.attempts = 0

    def attempt(self, case: Any) -> bool:
        """Send one generated case and read what it changed; return whether to go on."""
        entities = self.entities
        if entities.sender.budget.left < (LEAST if self.attempts else 1):
            return False
        self.attempts += 1
        entities.sender.evidence.clear()
        try:
            done = self._send(case)
        except SpentError:
            self.attempts -= 1  # not all of it could be sent: that is no failure
            return False
        except Outcome as problem:
            self.problem = self._or_not_applicable(problem)
            return False
        self.successes += done
        return True

    def _or_not_applicable(self, problem: Outcome) -> Outcome:
        reason = "the members of the run have no settings in the declared guild"
        unset = isinstance(problem, Refuted) and lacks_guild_settings(
            self.entities, problem.exchange
        )
        return NotApplicable(reason, problem.exchange) if unset else problem

    def _send(self, case: Any) -> bool:  # noqa: PLR0911 one kind of operation after the other
        """Send the case; return whether there was anything to send."""
        operation = self.operation
        if not operation.writes:
            return self._read(case)
        if operation.needs or operation.entity == "AutoproxySettings":
            return patch_guild_settings(self.entities, operation, case)
        if operation.entity in ("Switch", "SwitchMembers"):
            return self._write_switch()
        if operation.action == "create":
            return self._create(operation.entity, case.body)
        if operation.action == "update":
            return self._update(operation.entity, case.body)
        if operation.action == "delete":
            return self._delete(operation.entity)
        return self._change_memberships()

    def _create(self, model: str, body: dict[str, Any]) -> bool:
        requests = self.entities.requests
        sent = valid_body(self.contract, model, body, post=True)
        if self.attempts == 1:
            sent = self._longest(model)
        if self.attempts == 2:
            sent |= READ_ONLY
        created = requests.create(model, sent)
        if created is not None:
            self._compare_read(f"get{model}", created.id)
            if len(requests.account_state.of(model)) > 1:
                requests.delete(created)
        return True

    def _update(self, model: str, body: dict[str, Any]) -> bool:
        special = self._special(model)
        sent = (
            special[self.attempts - 1]
            if self.attempts <= len(special)
            else valid_body(self.contract, model, body, post=False)
        )
        if not sent:
            return False
        if model == "SystemSettings":
            self.entities.requests.patch_settings(sent)
            self._compare_read("getSystemSettings", "")
            return True
        entity = self.entities.entity(model)
        self.entities.requests.patch(entity, sent, beside=NO_KEY if self.attempts == 2 else None)
        self._compare_read(f"get{model}", "" if model == "System" else entity.id)
        return True

    def _special(self, model: str) -> list[dict[str, Any]]:
        """Return the bodies that are sent before random ones: all keys at once, and the values at the bounds of what is valid."""
        known = value_cases.cases(self.contract, "update")
        taken = [c for c in known if (c.model, c.stage) == (model, value_cases.TAKEN)]
        bounds = [{case.key: case.value for case in some} for some in value_cases.rounds(taken)]
        return [strategies.everything(self.contract, model, self.entities.account.seed), *bounds]

    def _longest(self, model: str) -> dict[str, Any]:
        """Return the body of a POST with the longest text in every key."""
        posted = {field.key for field in self.contract.fields_of(model) if field.in_post}
        known = value_cases.cases(self.contract, "create")
        taken = [c for c in known if (c.model, c.stage) == (model, value_cases.TAKEN)]
        longest = [case for case in taken if case.label in value_cases.LIMITS]
        return {case.key: case.value for case in longest if case.key in posted - {"name"}}

    def _compare_read(self, operation: str, ref: str) -> None:
        """Read an entity as the owner, and as one of the other callers."""
        reads = [
            read for read in self.entities.reads(operation) if not ref or ref in read.refs.values()
        ]
        others = [read for read in reads if read.caller != "owner"]
        number = self.attempts % max(1, len(others))
        chosen = [read for read in reads if read.caller == "owner"] + others[number : number + 1]
        for read in chosen:
            self.entities.requests.read(read, as_evidence=False)

    def _write_switch(self) -> bool:
        entities, requests = self.entities, self.entities.requests
        member = entities.entity("Member")
        if self.operation.action == "create":
            for switch in list(requests.account_state.switches):
                requests.delete(switch)
            requests.create_switch(entities.free_hour(), [member], by_uuid=bool(self.attempts % 2))
            return True
        switch = entities.switch()
        if self.operation.action == "delete":
            requests.delete(switch)
            return True
        if self.operation.entity == "Switch":
            requests.patch_switch_time(switch, entities.free_hour())
        else:
            second = entities.second_member()
            members = [second] if switch.members == [member] else [member]
            requests.patch_switch_members(switch, members, by_uuid=True)
        self._compare_read("getSwitch", switch.id)
        return True

    def _delete(self, model: str) -> bool:
        created = self.entities.requests.create(model, {})
        if created is not None:
            self.entities.requests.delete(created)
            reads = self.entities.reads(f"get{model}")
            for read in [read for read in reads if created.id in read.refs.values()][:1]:
                self.entities.requests.read(read, as_evidence=False)
        return True

    def _change_memberships(self) -> bool:
        member, group = self.entities.entity("Member"), self.entities.entity("Group")
        of_member = self.operation.entity == "MemberGroups"
        entity, other = (member, group) if of_member else (group, member)
        self.entities.requests.change_memberships(
            entity, self.operation.action, [other], by_uuid=bool(self.attempts % 2)
        )
        self._compare_read(f"get{self.operation.entity}", entity.id)
        return True

    def _read(self, case: Any) -> bool:
        if self.attempts % TURN == 2:
            self._change_privacy()
        if self.attempts == TURN // 2 and self.operation.id == "getSystemSwitches":
            self._create_switches()
        reads = (
            self.entities.reads(self.operation.id) if self.attempts == 1 else self._next_in_format()
        )
        for read in reads[: self.entities.sender.budget.left]:
            self.entities.requests.read(read, as_evidence=False)
        if not reads:
            query = {name: str(value) for name, value in (case.query or {}).items()}
            query |= self.entities.query(self.operation) or {}
            success = tuple(
                int(status) for status in self.operation.responses if status.startswith("2")
            )
            expected_response = ExpectedResponse(
                success, attribution.returned(self.contract, self.operation.id)
            )
            self.entities.sender.send_and_compare(
                self.operation.id,
                "owner",
                expected_response,
                self.entities.refs(self.operation),
                query=query,
            )
        return True

    def _change_privacy(self) -> None:
        """Set all privacy to private, and to public the next time."""
        level = "public" if self.attempts // TURN % 2 else "private"
        for model in ("System", "Member", "Group"):
            rows = self.contract.privacy_keys_of(model)
            keys = [row.key for row in rows if strategies.sends(self.contract, model, row.key)]
            if keys:
                levels = dict.fromkeys(keys, level)
                self.entities.requests.patch(self.entities.entity(model), {"privacy": levels})

    def _create_switches(self) -> None:
        """Create switches, so that there are pages of them."""
        requests = self.entities.requests
        one, two = self.entities.entity("Member"), self.entities.second_member()
        for members in ([one], [two], [one, two]):
            if requests.account_state.may_create_switch(members, now=False):
                requests.create_switch(self.entities.free_hour(), members)

    def _next_in_format(self) -> list[ExpectedRead]:
        """Return every other time the next of the other reads."""
        if self.attempts % 2:
            return []
        found = self.entities.other_reads(self.operation.id)
        return (
            found[(self.attempts // 2 + self.entities.account.seed) * STRIDE % len(found) :][:1]
            if found
            else []
        )

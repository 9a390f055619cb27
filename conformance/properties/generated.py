"""Valid generated requests for every operation: they succeed, and what was sent is what everybody then sees.

Bodies and queries are drawn by schemathesis from the schemas of the contract; what the docs leave open is taken out of
them (`taming`), refs are those of disposable entities (`cast`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each
from conformance.contract import value_cases
from conformance.contract.rows import Row
from conformance.http import Inconclusive, NotApplicable, Outcome, Refuted
from conformance.properties import attribution, generation, strategies
from conformance.properties.comparison import SpentError
from conformance.properties.guilds import has_no_row, patch_there
from conformance.properties.oracle import ExpectedResponse
from conformance.properties.valid_bodies import tame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import Shares
    from conformance.properties.entities import Cast
    from conformance.properties.expected_views import View

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
CLEARING = 2  # requests that an attempt needs at least
TURNING = 8  # attempts after which privacy is turned
STRIDE = 7  # through the ways to look, so that id formats and callers take turns
NO_KEY = {"no_such_key": "of no model"}
READ_ONLY = {"uuid": "00000000-0000-4000-8000-000000000000", "created": "2001-01-01T00:00:00Z"}
VERBS = ("add", "remove", "overwrite")


def generated(contract: Contract) -> Iterator[Row]:
    """Rows for all operations, each with what the docs say that it returns."""
    for operation in contract.operations.values():
        yield Row(operation, operation.id, attribution.returned(contract, operation.id))


def parts(operation: Operation) -> int:
    """Return how many parts of the budget an operation gets."""
    return PARTS.get(operation.id, OF_WRITES if operation.writes else OF_READS)


def least(operation: Operation) -> int:
    """Return how many requests an operation needs to be of use: what it works on may have to be made first."""
    return 6 if operation.writes else 4


@changes_system
@each("operation", generated)
def check_valid_request_is_returned_as_documented(
    operation: Operation, contract: Contract, cast: Cast, shares: Shares
) -> None:
    """A valid request succeeds, its response fits its model, and what it sent is stored."""
    whole = sum(parts(row.value) for row in generated(contract))
    trial = Trial(operation, cast)
    with shares.part("valid", parts(operation), whole, least(operation)) as budget:
        cases = budget.limit // CLEARING + 1
        with cast.lent(budget):
            generation.for_each(contract, operation.id, cases, cast.account.seed, trial.attempt)
            if trial.problem is not None:
                raise trial.problem
    if not trial.attempts:
        reason = f"the budget left too few requests for {operation.id}"
        raise NotApplicable(reason)
    if not trial.successes:
        reason = f"no generated request to {operation.id} succeeded"
        raise Inconclusive(reason)


class Trial:
    """The generated requests of one operation."""

    def __init__(self, operation: Operation, cast: Cast) -> None:
        """Take the operation and what it works with."""
        self.operation, self.cast, self.contract = operation, cast, cast.contract
        self.problem: Outcome | None = None
        self.successes = self.attempts = 0

    def attempt(self, case: Any) -> bool:
        """Send one generated case and look at what it did; return whether to go on."""
        cast = self.cast
        if cast.arena.budget.left < (CLEARING if self.attempts else 1):
            return False
        self.attempts += 1
        cast.arena.kept.clear()
        try:
            done = self._send(case)
        except SpentError:
            self.attempts -= 1  # it could not be sent to its end: that is no failure
            return False
        except Outcome as problem:
            self.problem = self._or_not_applicable(problem)
            return False
        self.successes += done
        return True

    def _or_not_applicable(self, problem: Outcome) -> Outcome:
        reason = "the members of the run have no settings in the declared guild"
        unset = isinstance(problem, Refuted) and has_no_row(self.cast, problem.exchange)
        return NotApplicable(reason, problem.exchange) if unset else problem

    def _send(self, case: Any) -> bool:  # noqa: PLR0911 one kind of operation after the other
        """Send the case; return whether there was anything to send."""
        operation = self.operation.id
        if operation in ("createMember", "createGroup"):
            return self._create(operation.removeprefix("create"), case.body)
        if operation in ("updateSystem", "updateMember", "updateGroup", "updateSystemSettings"):
            return self._update(operation.removeprefix("update"), case.body)
        if self.operation.needs or "autoproxy" in self.operation.path:
            return (
                patch_there(self.cast, self.operation, case)
                if self.operation.writes
                else self._read(case)
            )
        if "Switch" in operation and self.operation.writes:
            return self._front(operation)
        if operation.startswith("delete"):
            return self._delete(operation.removeprefix("delete"))
        if self.operation.writes:
            return self._belong(operation)
        return self._read(case)

    def _create(self, model: str, body: dict[str, Any]) -> bool:
        moves = self.cast.moves
        sent = tame(self.contract, model, body, post=True)
        if self.attempts == 1:
            sent = self._longest(model)
        if self.attempts == 2:
            sent |= READ_ONLY
        made = moves.create(model, sent)
        if made is not None:
            self._look(f"get{model}", made.id)
            if len(moves.account_state.of(model)) > 1:
                moves.delete(made)
        return True

    def _update(self, model: str, body: dict[str, Any]) -> bool:
        special = self._special(model)
        sent = (
            special[self.attempts - 1]
            if self.attempts <= len(special)
            else tame(self.contract, model, body, post=False)
        )
        if not sent:
            return False
        if model == "SystemSettings":
            self.cast.moves.settle(sent)
            self._look("getSystemSettings", "")
            return True
        thing = self.cast.thing(model)
        self.cast.moves.patch(thing, sent, beside=NO_KEY if self.attempts == 2 else None)
        self._look(f"get{model}", "" if model == "System" else thing.id)
        return True

    def _special(self, model: str) -> list[dict[str, Any]]:
        """Return the bodies that are tried before random ones: everything at once, and the values at the edges of what is valid."""
        known = [case for case in value_cases.cases(self.contract) if case.model == model]
        taken = [case for case in known if case.schedule == value_cases.TAKEN]
        edges = [{case.key: case.value for case in some} for some in value_cases.rounds(taken)]
        return [strategies.everything(self.contract, model, self.cast.account.seed), *edges]

    def _longest(self, model: str) -> dict[str, Any]:
        """Return the body of a POST with the longest text in every key."""
        posted = {field.key for field in self.contract.fields_of(model) if field.in_post}
        known = [case for case in value_cases.cases(self.contract) if case.model == model]
        taken = [case for case in known if case.schedule == value_cases.TAKEN]
        longest = [case for case in taken if case.label in value_cases.LIMITS]
        return {case.key: case.value for case in longest if case.key in posted - {"name"}}

    def _look(self, operation: str, ref: str) -> None:
        """Read something as the owner, and as one of the others."""
        views = [
            view for view in self.cast.views(operation) if not ref or ref in view.refs.values()
        ]
        others = [view for view in views if view.caller != "owner"]
        number = self.attempts % max(1, len(others))
        chosen = [view for view in views if view.caller == "owner"] + others[number : number + 1]
        for view in chosen:
            self.cast.moves.look(view, passing=True)

    def _front(self, operation: str) -> bool:
        cast, moves = self.cast, self.cast.moves
        member = cast.thing("Member")
        if operation == "createSwitch":
            for switch in list(moves.account_state.switches):
                moves.delete(switch)
            moves.log(cast.slot(), [member], by_uuid=bool(self.attempts % 2))
            return True
        switch = cast.switch()
        if operation == "updateSwitch":
            moves.move(switch, cast.slot())
        elif operation == "updateSwitchMembers":
            partner = cast.partner()
            moves.replace(
                switch, [partner] if switch.members == [member] else [member], by_uuid=True
            )
        else:
            moves.delete(switch)
            return True
        self._look("getSwitch", switch.id)
        return True

    def _delete(self, model: str) -> bool:
        made = self.cast.moves.create(model, {})
        if made is not None:
            self.cast.moves.delete(made)
            gone = [
                view for view in self.cast.views(f"get{model}") if made.id in view.refs.values()
            ]
            for view in gone[:1]:
                self.cast.moves.look(view, passing=True)
        return True

    def _belong(self, operation: str) -> bool:
        verb = next(verb for verb in VERBS if operation.startswith(verb))
        member, group = self.cast.thing("Member"), self.cast.thing("Group")
        of_member = operation.endswith("MemberGroups")
        side, other = (member, group) if of_member else (group, member)
        self.cast.moves.belong(side, verb, [other], by_uuid=bool(self.attempts % 2))
        self._look("getMemberGroups" if of_member else "getGroupMembers", side.id)
        return True

    def _read(self, case: Any) -> bool:
        if self.attempts % TURNING == 2:
            self._turn_privacy()
        if self.attempts == TURNING // 2 and self.operation.id == "getSystemSwitches":
            self._log_more()
        views = self.cast.views(self.operation.id) if self.attempts == 1 else self._next_in_format()
        for view in views[: self.cast.arena.budget.left]:
            self.cast.moves.look(view, passing=True)
        if not views:
            query = {name: str(value) for name, value in (case.query or {}).items()}
            query |= self.cast.query(self.operation) or {}
            success = tuple(
                int(status) for status in self.operation.responses if status.startswith("2")
            )
            expected_response = ExpectedResponse(
                success, attribution.returned(self.contract, self.operation.id)
            )
            self.cast.arena.ask(
                self.operation.id,
                "owner",
                expected_response,
                self.cast.refs(self.operation),
                query=query,
            )
        return True

    def _turn_privacy(self) -> None:
        """Hide all that can be hidden, and show it again the next time."""
        level = "public" if self.attempts // TURNING % 2 else "private"
        for model in ("System", "Member", "Group"):
            rows = self.contract.privacy_keys_of(model)
            keys = [row.key for row in rows if strategies.sends(self.contract, model, row.key)]
            if keys:
                levels = dict.fromkeys(keys, level)
                self.cast.moves.patch(self.cast.thing(model), {"privacy": levels})

    def _log_more(self) -> None:
        """Log switches, so that there are pages of them."""
        moves = self.cast.moves
        one, two = self.cast.thing("Member"), self.cast.partner()
        for members in ([one], [two], [one, two]):
            if moves.account_state.may_log(members, now=False):
                moves.log(self.cast.slot(), members)

    def _next_in_format(self) -> list[View]:
        """Return every other time the next way to look at what there is."""
        if self.attempts % 2:
            return []
        found = self.cast.ways(self.operation.id)
        return (
            found[(self.attempts // 2 + self.cast.account.seed) * STRIDE % len(found) :][:1]
            if found
            else []
        )

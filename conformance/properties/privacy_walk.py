"""A walk through an account: it is filled, one state of its privacy follows the other, and in each everybody looks at it.

At the end of a round things are taken out of each other and deleted, and another round begins with new ones. What to
expect of every response is in `expected_response`; which of them were otherwise is kept by operation.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from conformance.account.refs import ID_FORMATS, rule_of
from conformance.contract.samples import sample
from conformance.http import AsUpstream, Outcome, PreconditionFailed, Refuted
from conformance.properties import strategies
from conformance.properties.comparison import SpentError
from conformance.properties.shortening import Shortener
from conformance.properties.write_requests import slot_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.properties.budget import Budget
    from conformance.properties.entities import Cast
    from conformance.properties.model import Thing
    from conformance.properties.steps import Step
    from conformance.properties.write_requests import Moves

LEAST = 24  # requests for which a round is worth while
# Which keys are private, one state after the other.
ALL, ALL_BUT_ONE, ONE, NONE, SOME = "all", "all but one", "one", "none", "some"
STATES = (ALL, ALL_BUT_ONE, ONE, NONE, SOME)
LOOKS = 28  # in each state
LAST_LOOKS = 10  # when something is deleted
LEAVING = 6  # requests that are kept for the deletion of what is left
MANY = 400  # requests of which some are spent on a crowd
CROWD = {"Member": 11, "Group": 9}
# What shows things that belong together, and so what is deleted of them.
TOGETHER = ("getGroupMembers", "getMemberGroups", "getFronters")
LISTS = ("getSystemMembers", "getSystemGroups", "getGroupMembers", "getMemberGroups")
MOST_SHORTENED = 6  # findings, for which a part of the reserve is set aside
MOST_FALLS = 4  # rounds that a wrong response to a write ended


class PrivacyWalk:
    """What a walk found, by the operation whose response reported of it."""

    def __init__(self, cast: Cast) -> None:
        """Take what to work with; nothing is sent yet."""
        self.cast, self.contract = cast, cast.contract
        self.random = random.Random(f"walk {cast.account.seed}")  # noqa: S311 no secret
        self.found: dict[str, list[Refuted]] = {}
        self.seen: set[str] = set()
        self.trouble: Outcome | None = None
        self._trails: dict[Refuted, tuple[Step, ...]] = {}
        self._variant = cast.account.seed % 1000
        self._falls = 0

    @property
    def moves(self) -> Moves:
        """What can be done to the account."""
        return self.cast.moves

    def go(self, budget: Budget) -> None:
        """Walk until the budget is used up, and leave nothing behind."""
        self.cast.arena.budget = budget
        self.cast.start_anew()
        if budget.left >= MANY:
            self._attempt(self._crowd)
        while budget.left >= LEAST and self.trouble is None and self._falls < MOST_FALLS:
            self._attempt(self._round)

    def telling(self, operation: str) -> Refuted | None:
        """Return what an operation's responses showed: rather what fails a run than a known known deviation."""
        found = self.found.get(operation, [])
        return min(found, key=lambda problem: isinstance(problem, AsUpstream), default=None)

    def shorten(self, budget: Budget) -> None:
        """Put the shortest chains that can be found within the budget in the place of those that the walk took."""
        if self.trouble is not None:
            return
        cast, linked = self.cast, self.cast.target.fixtures.get("account_id")
        shortener = Shortener(cast.arena, ("owner", *cast.others), budget, linked)
        telling = [found for found in map(self.telling, self.found) if found is not None]
        worth = [found for found in telling if not isinstance(found, AsUpstream)][:MOST_SHORTENED]
        for problem in sorted(worth, key=lambda problem: len(self._trails[problem])):
            found = self.found[_shown_by(problem)]
            found[found.index(problem)] = shortener.shortest(problem, self._trails[problem])
        cast.start_anew()

    def _attempt(self, walk: Callable[[], None]) -> None:
        try:
            walk()
        except Refuted as problem:  # by a write, and what the account holds is not known any more
            self._falls += 1
            self._note(problem)
        except SpentError:
            pass
        except Outcome as problem:
            self.trouble = problem
        self.cast.start_anew()

    def _round(self) -> None:
        self._settle_in()
        for state in STATES:
            self._change(state)
            self._rejoin(state)
            self._front(state)
            self._look_around(LOOKS)
        self._take_leave()

    def _crowd(self) -> None:
        """Make so many that a server which gives lists by pages shows it, all with one another."""
        moves, account_state = self.moves, self.moves.account_state
        for model, number in CROWD.items():
            for _ in range(number):
                self._do(self._make, model, {})
        group, member = account_state.groups[0], account_state.members[0]
        self._do(moves.belong, group, "add", account_state.members, by_uuid=self._toss())
        self._do(moves.belong, member, "overwrite", account_state.groups, by_uuid=self._toss())
        named = {"@me", group.id, member.id}
        for view in self.cast.expected_views().views():
            lists = view.operation in LISTS and named & {*view.refs.values()}
            if lists and view.caller == "owner":
                self._do(moves.look, view, passing=True)

    def _do(self, move: Callable[..., object], *words: Any, **named: Any) -> None:
        """Carry out a move if there is room for it, and for the deletion of all that was made.

        Raises:
            Refuted: what the account holds is not known any more.
            SpentError: there is no room.

        """
        arena = self.cast.arena
        if arena.budget.left <= len(arena.made) + LEAVING:
            raise SpentError
        try:
            move(*words, **named)
        except Refuted as problem:
            if not self.moves.is_harmless(problem):
                raise
            self._note(problem)
        self.seen.add(arena.sent[-1].operation.id)

    def _note(self, problem: Refuted) -> None:
        self._trails[problem] = tuple(self.moves.trail)
        self.found.setdefault(_shown_by(problem), []).append(problem)

    def _settle_in(self) -> None:
        """Fill the system; make members and groups with values in every key, and without; log switches of them."""
        moves, account_state = self.moves, self.moves.account_state
        self._do(moves.patch, account_state.system, self._values("System"))
        if account_state.settings:
            self._do(
                moves.settle, self._values("SystemSettings"), self._id_format(account_state.system)
            )
        for model in CROWD:
            self._do(self._make, model, self._values(model))
            self._do(self._make, model, self.random.choice(strategies.FORGED))
        full, bare = account_state.members
        for thing in (account_state.system, full, account_state.groups[0]):
            body = {**self._other_value(thing.model), **self.random.choice(strategies.FORGED)}
            self._do(moves.patch, thing, body)
        one, other = account_state.groups
        by_uuid = self._toss()
        self._do(moves.belong, one, "add", [full, bare], by_uuid=by_uuid)
        self._do(moves.belong, full, "add", [other], by_uuid=not by_uuid)
        for members in ([bare], [full]):
            self._do(moves.log, self.cast.slot(), members, by_uuid=by_uuid)
        self._do(moves.log, None, [full, bare], by_uuid=by_uuid)

    def _make(self, model: str, body: dict[str, Any]) -> None:
        made = self.moves.create(model, body)
        if made is None and body in strategies.FORGED:  # a server may reject such a body
            made = self.moves.create(model, {})
        if made is None:
            reason = f"a {model.lower()} could not be made"
            raise PreconditionFailed(reason)

    def _values(self, model: str) -> dict[str, Any]:
        """Return a body with a value in every key that a POST and a PATCH take, nothing in it private."""
        self._variant += 1
        body = strategies.everything(self.contract, model, self._variant)
        fields = {field.key: field for field in self.contract.fields_of(model)}
        return {
            key: value
            for key, value in body.items()
            if key != "privacy" and (fields[key].in_post or model not in CROWD)
        }

    def _change(self, state: str) -> None:
        """Make other things private, and change one more key of each, in the same request or alone."""
        account_state = self.moves.account_state
        things = [account_state.system, account_state.members[0], account_state.groups[0]]
        if state == ALL_BUT_ONE:
            things += [account_state.members[1], account_state.groups[1]]
        # Alone at this state: a request must not undo what only an earlier one said.
        alone = state == ALL_BUT_ONE or (state != ALL and self._toss())
        for thing in things:
            other, privacy = self._other_value(thing.model), self._privacy(thing.model, state)
            for body in [privacy, other] if alone else [{**other, **privacy}]:
                if body:
                    self._do(self.moves.patch, thing, body, self._id_format(thing))

    def _rejoin(self, state: str) -> None:
        """Take a member out of a group, and put it in again at the next state, on either side."""
        verbs = {ALL_BUT_ONE: "remove", ONE: "add"}
        if state in verbs:
            member, group = self.moves.account_state.members[0], self.moves.account_state.groups[0]
            side, other = (member, group) if self._toss() else (group, member)
            self._do(self.moves.belong, side, verbs[state], [other], by_uuid=self._toss())

    def _front(self, state: str) -> None:
        """Log switches that must not be, move one past another, and take everybody out of one."""
        moves, account_state = self.moves, self.moves.account_state
        full, bare = account_state.members
        earlier, later, *_ = account_state.switches
        if state == ALL and earlier.time is not None:
            self._do(moves.log, slot_of(earlier.time), [full])
            self._do(moves.log, self.cast.slot(), [full, full])
            self._do(moves.log, None, [full, bare])
        elif state == NONE:
            self._do(moves.move, earlier, self.cast.slot())
        elif state == SOME:
            self._do(moves.replace, later, [])

    def _id_format(self, thing: Thing) -> str:
        """Return a way to name something in the path of a write."""
        names = [name for name in ID_FORMATS if self._takes(thing.model, name)]
        if thing.model != "System":
            return self.random.choice(names)
        # At the launch PluralKit's own server changed a system under @me alone.
        wide = self._takes("System", "upper")
        account_state = ["account"] if self.moves.account_state.linked else []
        return self.random.choice(["short", "uuid", *account_state] if wide else ["short"])

    def _takes(self, model: str, id_format: str) -> bool:
        return rule_of(model, id_format) in self.contract.requirements

    def _other_value(self, model: str) -> dict[str, Any]:
        """Return a new value for one key."""
        self._variant += 1
        fields = [
            field
            for field in self.contract.fields_of(model)
            if field.in_patch
            and field.key != "privacy"
            and (field.key != "name" or model in CROWD)
            and strategies.sends(self.contract, model, field.key)
        ]
        field = self.random.choice(fields)
        if field.key == "name":
            return {"name": self.cast.account.name()}
        return {field.key: sample(field, self._variant % 1000)}

    def _privacy(self, model: str, state: str) -> dict[str, Any]:
        """Return the privacy of a state."""
        rows = self.contract.privacy_keys_of(model)
        keys = [row.key for row in rows if strategies.sends(self.contract, model, row.key)]
        if not keys:
            return {}
        one = self.random.choice(keys)
        chosen = {
            ALL: keys,
            ALL_BUT_ONE: [key for key in keys if key != one],
            ONE: [one],
            NONE: [],
            SOME: [key for key in keys if self._toss()],
        }[state]
        return {"privacy": {key: "private" if key in chosen else "public" for key in keys}}

    def _toss(self) -> bool:
        return self.random.random() < 1 / 2

    def _look_around(self, looks: int, first: tuple[str, ...] = ()) -> None:
        """Look at things in any order, as everybody, half of the times by another name than the short id.

        The owner's views of some operations may come first.
        """
        expected_views = self.cast.expected_views()
        found = [*expected_views.views(), *expected_views.pages()]
        self.random.shuffle(found)
        found.sort(key=lambda view: view.caller != "owner" or view.operation not in first)
        for view in found[:looks]:
            ways = list(expected_views.in_format(view)) if self._toss() else []
            chosen = self.random.choice(ways) if ways else view
            self._do(self.moves.look, chosen, passing=True)

    def _take_leave(self) -> None:
        """Delete a group, a member and a switch while they belong to others, then empty what is left; the member fronts."""
        moves, account_state = self.moves, self.moves.account_state
        one, other = account_state.groups
        full, bare = account_state.members
        self._do(moves.belong, other, "overwrite", [full, bare], by_uuid=self._toss())
        for thing, id_format in ((one, self._id_format(one)), (full, self._id_format(full))):
            self._do(moves.delete, thing, id_format)
            self._look_around(LAST_LOOKS, first=TOGETHER)
        self._do(moves.delete, account_state.history()[0])
        self._do(moves.belong, other, "overwrite", [], by_uuid=False)
        self._look_around(LAST_LOOKS, first=TOGETHER)


def _shown_by(problem: Refuted) -> str:
    assert problem.exchange is not None
    return problem.exchange.operation.id

"""A walk through an account: it is filled, one state of its privacy follows the other, and in each everybody looks at it.

At the end of a round things are taken out of each other and deleted, and another round begins with new ones. What to
expect of every answer is in `forecast`; which of them were otherwise is kept by operation.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from conformance.contract.samples import sample
from conformance.properties import values
from conformance.properties.arena import SpentError
from conformance.properties.generated import everything
from conformance.wire import AsUpstream, Outcome, Refuted, Unmet

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.properties.budget import Budget
    from conformance.properties.cast import Cast
    from conformance.properties.model import Thing
    from conformance.properties.moves import Moves
    from conformance.properties.panorama import View

LEAST = 24  # requests for which a round is worth while
STATES = 5  # of privacy in a round
LOOKS = 28  # at each of them
LAST_LOOKS = 8  # when something is deleted
LEAVING = 6  # requests that are kept for the deletion of what is left
MANY = 400  # requests of which some are spent on a crowd
CROWD = {"Member": 11, "Group": 9}
LISTS = ("getSystemMembers", "getSystemGroups", "getGroupMembers", "getMemberGroups")
MOST_FALLS = 4  # rounds that a wrong answer to a write ended
SPELLINGS = ("short", "uuid", "upper", "dashed", "upper-uuid")


class Walk:
    """What a walk found, by the operation whose answer told of it."""

    def __init__(self, cast: Cast) -> None:
        """Take what to work with; nothing is sent yet."""
        self.cast, self.contract = cast, cast.contract
        self.random = random.Random(f"walk {cast.world.seed}")  # noqa: S311 no secret
        self.found: dict[str, list[Refuted]] = {}
        self.seen: set[str] = set()
        self.trouble: Outcome | None = None
        wide = "id-accepted-uppercase" in cast.contract.requirements
        self._spellings = SPELLINGS if wide else SPELLINGS[:2]
        self._variant = cast.world.seed % 1000
        self._falls = 0
        self._slots: list[int] = []  # times of the two switches in the past

    @property
    def moves(self) -> Moves:
        """What can be done to the account."""
        return self.cast.moves

    def go(self, budget: Budget) -> None:
        """Walk until the budget is used up, and leave nothing behind."""
        arena = self.cast.arena
        arena.budget = budget
        self.cast.start_anew()
        if budget.left >= MANY:
            self._attempt(self._crowd)
        while budget.left >= LEAST and self.trouble is None and self._falls < MOST_FALLS:
            self._attempt(self._round)

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
        for state in range(STATES):
            self._change(state)
            self._look_around(LOOKS)
        self._take_leave()

    def _crowd(self) -> None:
        """Make so many that a server which gives lists by pages shows it, all with one another."""
        moves, account = self.moves, self.moves.account
        for model, number in CROWD.items():
            for _ in range(number):
                self._do(lambda model=model: self._need(moves.create(model, {})))  # type: ignore[misc]
        group, member = account.groups[0], account.members[0]
        self._do(lambda: moves.belong(group, "add", account.members, by_uuid=self._toss()))
        self._do(lambda: moves.belong(member, "overwrite", account.groups, by_uuid=self._toss()))
        named = {"@me", group.id, member.id}
        for view in self.cast.panorama().views():
            lists = view.operation in LISTS and named & {*view.refs.values()}
            if lists and view.caller == "owner":
                self._look(view)

    def _do(self, move: Callable[[], object]) -> None:
        """Carry out a move if there is room for it, and for the deletion of all that was made."""
        arena = self.cast.arena
        if arena.budget.left <= len(arena.made) + LEAVING:
            raise SpentError
        self.moves.is_known = False
        try:
            move()
        except Refuted as problem:
            if not isinstance(problem, AsUpstream) and not self.moves.is_known:
                raise
            self._note(problem)
        self.seen.add(arena.sent[-1].operation.id)

    def _note(self, problem: Refuted) -> None:
        assert problem.exchange is not None
        self.found.setdefault(problem.exchange.operation.id, []).append(problem)

    def _settle_in(self) -> None:
        """Fill the system; make members and groups with values in every key, and without; log switches of them."""
        moves, account = self.moves, self.moves.account
        self._do(lambda: moves.patch(account.system, self._values("System")))
        if account.settings:
            self._do(lambda: moves.settle(self._values("SystemSettings")))
        for model in ("Member", "Group"):
            for body in (self._values(model), {}):
                self._do(lambda model=model, body=body: self._need(moves.create(model, body)))  # type: ignore[misc]
        full, bare = account.members
        one, other = account.groups
        by_uuid = self._toss()
        self._do(lambda: moves.belong(one, "add", [full, bare], by_uuid=by_uuid))
        self._do(lambda: moves.belong(full, "add", [other], by_uuid=not by_uuid))
        self._slots = [self.cast.slot(), self.cast.slot()]
        for slot, members in zip((*self._slots, None), ([bare], [full], [full, bare]), strict=True):
            self._do(lambda slot=slot, members=members: moves.log(slot, members, by_uuid=by_uuid))  # type: ignore[misc]

    @staticmethod
    def _need(made: Thing | None) -> None:
        if made is None:
            reason = "nothing could be made"
            raise Unmet(reason)

    def _front(self, state: int) -> None:
        """Log switches that must not be, move one past another, and take everybody out of one."""
        moves, account = self.moves, self.moves.account
        full, bare = account.members
        earlier, later, *_ = account.switches
        if state == 0:
            wrong = (
                (self._slots[0], [full]),
                (self.cast.slot(), [full, full]),
                (None, [full, bare]),
            )
            for slot, members in wrong:
                self._do(lambda slot=slot, members=members: moves.log(slot, members))  # type: ignore[misc]
        elif state == 3:
            self._do(lambda: moves.move(earlier, self.cast.slot()))
        elif state == 4:
            self._do(lambda: moves.replace(later, [], by_uuid=False))

    def _values(self, model: str) -> dict[str, Any]:
        """Return a body with a value in every key that a POST and a PATCH take, nothing in it private."""
        self._variant += 1
        body = everything(self.contract, model, self._variant)
        fields = {field.key: field for field in self.contract.fields_of(model)}
        created = model in ("Member", "Group")
        return {
            key: value
            for key, value in body.items()
            if key != "privacy" and (fields[key].in_post or not created)
        }

    def _change(self, state: int) -> None:
        """Make other things private, and change one more key of each, in the same request or alone."""
        account = self.moves.account
        things = [account.system, account.members[0], account.groups[0]]
        if state == 1:
            things += [account.members[1], account.groups[1]]
        for thing in things:
            other, privacy = self._other_value(thing.model), self._privacy(thing.model, state)
            # At the second state always alone: a request must not undo what only an earlier one said.
            alone = state == 1 or (state > 1 and self._toss())
            for body in [privacy, other] if alone else [{**other, **privacy}]:
                self._patch(thing, body)
        self._rejoin(state)
        self._front(state)

    def _patch(self, thing: Thing, body: dict[str, Any]) -> None:
        if body:
            spelling = self._spelling(thing)
            self._do(lambda: self.moves.patch(thing, body, spelling))

    def _rejoin(self, state: int) -> None:
        """Take a member out of a group, and put it in again at the next state, on either side."""
        verbs = {1: "remove", 2: "add"}
        if state in verbs:
            member, group = self.moves.account.members[0], self.moves.account.groups[0]
            side, other = (member, group) if self._toss() else (group, member)
            verb, by_uuid = verbs[state], self._toss()
            self._do(lambda: self.moves.belong(side, verb, [other], by_uuid=by_uuid))

    def _spelling(self, thing: Thing) -> str:
        if thing.model != "System":
            return self.random.choice(self._spellings)
        # At the launch PluralKit's own server changed a system under @me alone.
        names = ["short", "uuid", *(["account"] if self.moves.linked else [])]
        return self.random.choice(names if len(self._spellings) > 2 else ["short"])

    def _other_value(self, model: str) -> dict[str, Any]:
        """Return a new value for one key."""
        self._variant += 1
        fields = [
            field
            for field in self.contract.fields_of(model)
            if field.in_patch
            and field.key not in ("name", "privacy")
            and values.sends(self.contract, model, field.key)
        ]
        field = self.random.choice(fields)
        return {field.key: sample(field, self._variant % 1000)}

    def _privacy(self, model: str, state: int) -> dict[str, Any]:
        """Return the privacy of a state: all keys at first, then all but one of them, one, none, some."""
        rows = self.contract.privacy_keys_of(model)
        keys = [row.key for row in rows if values.sends(self.contract, model, row.key)]
        if not keys:
            return {}
        one = self.random.choice(keys)
        chosen = {
            0: set(keys),
            1: set(keys) - {one},
            2: {one},
            3: set(),
        }.get(state % STATES, {key for key in keys if self._toss()})
        return {"privacy": {key: "private" if key in chosen else "public" for key in keys}}

    def _toss(self) -> bool:
        return self.random.random() < 1 / 2

    def _look_around(self, looks: int) -> None:
        """Look at things in any order, as everybody, half of the times by another name than the short id."""
        panorama = self.cast.panorama()
        found = [*panorama.views(), *panorama.pages()]
        self.random.shuffle(found)
        for view in found[:looks]:
            self._look(self._other_name(view) if self._toss() else view)

    def _other_name(self, view: View) -> View:
        ways = list(self.cast.panorama().spelled(view))
        return self.random.choice(ways) if ways else view

    def _look(self, view: View) -> None:
        try:
            self._do(lambda: self.moves.look(view, passing=True))
        except Refuted as problem:
            self._note(problem)

    def _take_leave(self) -> None:
        """Delete a group, a member and a switch while they belong to others, then empty what is left."""
        moves, account = self.moves, self.moves.account
        one, other = account.groups
        full, bare = account.members
        self._do(lambda: moves.belong(other, "overwrite", [full, bare], by_uuid=self._toss()))
        self._do(lambda: moves.delete(one, self._spelling(one)))
        self._do(lambda: moves.delete(account.history()[0]))
        self._look_around(LAST_LOOKS)
        self._do(lambda: moves.delete(full, self._spelling(full)))
        self._look_around(LAST_LOOKS)
        self._do(lambda: moves.belong(other, "overwrite", [], by_uuid=False))
        self._look_around(LAST_LOOKS)

"""The requests of one round: an account is filled, its privacy takes one state after the other, and entities are deleted.

After each change of privacy, and each deletion, reads are sent as every caller. How many rounds there are, and what becomes
of wrong responses, is decided in `privacy_changes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.refs import ID_FORMATS, rule_of
from conformance.http import PreconditionFailed
from conformance.properties import strategies
from conformance.properties.switch_requests import hour_of
from conformance.properties.varied_bodies import ALL, ALL_BUT_ONE, NONE, ONE, SOME, VariedBodies

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from conformance.properties.account_state import EntityState
    from conformance.properties.own_entities import OwnEntities
    from conformance.properties.write_requests import WriteRequests

STATES = (ALL, ALL_BUT_ONE, ONE, NONE, SOME)
READS = 28  # in each state of privacy
LAST_READS = 10  # when something is deleted
LONG_LISTS = {"Member": 11, "Group": 9}  # entities; a server that gives pages of ten shows it
LISTS = ("getSystemMembers", "getSystemGroups", "getGroupMembers", "getMemberGroups")
# Reads of an entity with others, which show whether a deleted one is left in them.
WITH_OTHERS = ("getGroupMembers", "getMemberGroups", "getFronters")


class PrivacyRounds:
    """The requests to one account; each is passed to `send` with its arguments."""

    def __init__(
        self, entities: OwnEntities, draw: random.Random, send: Callable[..., None]
    ) -> None:
        """Take the account, the source of all choices, and what sends."""
        self.entities, self.contract, self.random = entities, entities.contract, draw
        self.bodies = VariedBodies(entities.account, entities.contract, draw)
        self._send = send

    @property
    def requests(self) -> WriteRequests:
        """The requests to the account."""
        return self.entities.requests

    def send_round(self) -> None:
        """Send all requests of a round."""
        self._fill_account()
        for state in STATES:
            self._change_privacy(state)
            self._change_memberships(state)
            self._change_switches(state)
            self._read_some(READS)
        self._delete_some()

    def send_long_lists(self) -> None:
        """Create so many members and groups that a server which gives pages of a list shows it, all members of each other."""
        requests, account_state = self.requests, self.requests.account_state
        for model, number in LONG_LISTS.items():
            for _ in range(number):
                self._send(self._create, model, {})
        group, member = account_state.groups[0], account_state.members[0]
        self._send(
            requests.change_memberships,
            group,
            "add",
            account_state.members,
            by_uuid=self._random_bool(),
        )
        self._send(
            requests.change_memberships,
            member,
            "overwrite",
            account_state.groups,
            by_uuid=self._random_bool(),
        )
        named = {"@me", group.id, member.id}
        for read in self.entities.expected_reads().plain():
            lists = read.operation in LISTS and named & {*read.refs.values()}
            if lists and read.caller == "owner":
                self._send(requests.read, read, as_evidence=False)

    def _fill_account(self) -> None:
        """Fill the system; create members and groups with values in every key, and without, and switches of them."""
        requests, account_state = self.requests, self.requests.account_state
        self._send(requests.patch, account_state.system, self.bodies.with_all_keys("System"))
        if account_state.settings:
            self._send(
                requests.patch_settings,
                self.bodies.with_all_keys("SystemSettings"),
                self._id_format(account_state.system),
            )
        for model in LONG_LISTS:
            self._send(self._create, model, self.bodies.with_all_keys(model))
            self._send(self._create, model, self.random.choice(strategies.READ_ONLY_VALUES))
        full, bare = account_state.members
        for entity in (account_state.system, full, account_state.groups[0]):
            body = {
                **self.bodies.with_one_key(entity.model),
                **self.random.choice(strategies.READ_ONLY_VALUES),
            }
            self._send(requests.patch, entity, body)
        one, other = account_state.groups
        by_uuid = self._random_bool()
        self._send(requests.change_memberships, one, "add", [full, bare], by_uuid=by_uuid)
        self._send(requests.change_memberships, full, "add", [other], by_uuid=not by_uuid)
        for members in ([bare], [full]):
            self._send(requests.create_switch, self.entities.free_hour(), members, by_uuid=by_uuid)
        self._send(requests.create_switch, None, [full, bare], by_uuid=by_uuid)

    def _create(self, model: str, body: dict[str, Any]) -> None:
        created = self.requests.create(model, body)
        if created is None and body in strategies.READ_ONLY_VALUES:
            # A server may reject such a body.
            created = self.requests.create(model, {})
        if created is None:
            reason = f"a {model.lower()} could not be created"
            raise PreconditionFailed(reason)

    def _change_privacy(self, state: str) -> None:
        """Set the privacy of some entities, and change one more key of each, in the same request or in another."""
        account_state = self.requests.account_state
        entities = [account_state.system, account_state.members[0], account_state.groups[0]]
        if state == ALL_BUT_ONE:
            entities += [account_state.members[1], account_state.groups[1]]
        # In another at this state: it must not undo what only the earlier one set.
        separate = state == ALL_BUT_ONE or (state != ALL and self._random_bool())
        for entity in entities:
            other = self.bodies.with_one_key(entity.model)
            privacy = self.bodies.with_privacy(entity.model, state)
            for body in [privacy, other] if separate else [{**other, **privacy}]:
                if body:
                    self._send(self.requests.patch, entity, body, self._id_format(entity))

    def _change_memberships(self, state: str) -> None:
        """Remove a member from a group, and add it again at the next state, from either side."""
        verbs = {ALL_BUT_ONE: "remove", ONE: "add"}
        if state in verbs:
            account_state = self.requests.account_state
            member, group = account_state.members[0], account_state.groups[0]
            entity, other = (member, group) if self._random_bool() else (group, member)
            self._send(
                self.requests.change_memberships,
                entity,
                verbs[state],
                [other],
                by_uuid=self._random_bool(),
            )

    def _change_switches(self, state: str) -> None:
        """Create switches that must be rejected, set the time of one past that of another, and remove all members of one."""
        requests, account_state = self.requests, self.requests.account_state
        full, bare = account_state.members
        earlier, later, *_ = account_state.switches
        if state == ALL and earlier.time is not None:
            self._send(requests.create_switch, hour_of(earlier.time), [full])
            self._send(requests.create_switch, self.entities.free_hour(), [full, full])
            self._send(requests.create_switch, None, [full, bare])
        elif state == NONE:
            self._send(requests.patch_switch_time, earlier, self.entities.free_hour())
        elif state == SOME:
            self._send(requests.patch_switch_members, later, [])

    def _id_format(self, entity: EntityState) -> str:
        """Return an id format for the path of a write."""
        accepted = [one for one in ID_FORMATS if self._accepts(entity.model, one)]
        if entity.model != "System":
            return self.random.choice(accepted)
        # At the launch PluralKit production changed a system under @me only.
        if not self._accepts("System", "upper"):
            return self.random.choice(["short"])
        account = ["account"] if self.requests.account_state.linked else []
        return self.random.choice(["short", "uuid", *account])

    def _accepts(self, model: str, id_format: str) -> bool:
        return rule_of(model, id_format) in self.contract.requirements

    def _random_bool(self) -> bool:
        return self.random.random() < 1 / 2

    def _read_some(self, number: int, first: tuple[str, ...] = ()) -> None:
        """Send so many of all reads in any order, half of them by another id format than the short one.

        Those of the owner by the `first` operations come before all others.
        """
        expected_reads = self.entities.expected_reads()
        found = [*expected_reads.plain(), *expected_reads.pages()]
        self.random.shuffle(found)
        found.sort(key=lambda read: read.caller != "owner" or read.operation not in first)
        for read in found[:number]:
            others = list(expected_reads.in_format(read)) if self._random_bool() else []
            chosen = self.random.choice(others) if others else read
            self._send(self.requests.read, chosen, as_evidence=False)

    def _delete_some(self) -> None:
        """Delete a group, a member who is fronting and a switch while they have memberships, then remove all members of a group."""
        requests, account_state = self.requests, self.requests.account_state
        one, other = account_state.groups
        full, bare = account_state.members
        self._send(
            requests.change_memberships,
            other,
            "overwrite",
            [full, bare],
            by_uuid=self._random_bool(),
        )
        for entity, id_format in ((one, self._id_format(one)), (full, self._id_format(full))):
            self._send(requests.delete, entity, id_format)
            self._read_some(LAST_READS, first=WITH_OTHERS)
        self._send(requests.delete, account_state.history()[0])
        self._send(requests.change_memberships, other, "overwrite", [], by_uuid=False)
        self._read_some(LAST_READS, first=WITH_OTHERS)

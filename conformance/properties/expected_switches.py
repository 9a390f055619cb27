"""What reads of switches return: one switch, the current one, and pages of the list. Nothing is sent from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.properties import attribution
from conformance.properties.expected_entities import ExpectedEntity
from conformance.properties.expected_response import SHOWN, Difference, ExpectedResponse, success
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.contract import Contract
    from conformance.properties.account_state import Switch


class ExpectedSwitches:
    """The expected reads of the switches of one account."""

    def __init__(self, contract: Contract) -> None:
        """Take the contract; the switches are given with each read."""
        self.contract = contract

    def switch(self, switch: Switch, operation: str, *, owner: bool) -> ExpectedResponse:
        """Return the expected response that shows one switch with its members in full."""
        return success(
            self.contract, operation, partial(self._switch, switch, operation, owner=owner)
        )

    def _switch(
        self, switch: Switch, operation: str, body: Any, *, owner: bool
    ) -> Iterator[Difference]:
        if not isinstance(body, dict):
            yield Difference(
                "the response",
                "a switch",
                body,
                attribution.returned(self.contract, operation),
                f"isinstance({SHOWN}, dict)",
            )
            return
        if operation == "getFronters" and body.get("id") != switch.id:
            requirements = attribution.known(self.contract, "create-switch-becomes-fronters")
            test = f"{SHOWN}['id'] == {switch.id!r}"
            yield Difference("the current switch", switch.id, body.get("id"), requirements, test)
        yield from self._time_and_members(switch, operation, body, SHOWN)
        shown = body.get("members")
        for row in shown if isinstance(shown, list) and switch.members else ():
            known = {one.id: one for one in switch.members or ()}
            if isinstance(row, dict) and row.get("id") in known:
                where = f"next(row for row in {SHOWN}['members'] if row['id'] == {row['id']!r})"
                yield from ExpectedEntity(known[row["id"]], operation, owner, where).differences(
                    row
                )

    def unknown_fronters(self, deleted: Iterable[Switch]) -> ExpectedResponse:
        """Return the expected fronters when it is not known which switch is the current one, but that these are deleted."""
        differences = partial(self._not_deleted, [switch.id for switch in deleted])
        return ExpectedResponse(
            (200, 204), attribution.returned(self.contract, "getFronters"), differences=differences
        )

    def _not_deleted(self, deleted: list[str], body: Any) -> Iterator[Difference]:
        shown = body.get("id") if isinstance(body, dict) else None
        if shown in deleted:
            requirements = attribution.known(self.contract, "deleted-switch-is-gone")
            wanted = "another switch, or none"
            yield Difference(
                "the current switch", wanted, shown, requirements, f"{SHOWN}['id'] != {shown!r}"
            )

    def _time_and_members(
        self, switch: Switch, operation: str, row: dict[str, Any], where: str
    ) -> Iterator[Difference]:
        requirements = attribution.returned(self.contract, operation) or attribution.known(
            self.contract, "update-switch-members", "create-switch-timestamp-used"
        )
        if switch.time is not None and moment(row.get("timestamp")) != switch.time:
            stamp = attribution.known(
                self.contract,
                "update-switch-timestamp"
                if switch.time_changed
                else "create-switch-timestamp-used",
                *(("update-switch-members",) if switch.members_changed else ()),
            )
            yield Difference(
                f"timestamp of switch {switch.id}",
                switch.time.isoformat(),
                row.get("timestamp"),
                stamp,
                f"{where}['timestamp'].startswith({switch.time.isoformat()[:19]!r})",
            )
        if switch.members is None:
            return
        expected = sorted(member.id for member in switch.members)
        actual = member_ids(row)
        secret = [one.id for one in switch.members if one.privacy.get("visibility") == "private"]
        if actual != expected and actual != sorted(set(expected) - set(secret)):
            changed = (
                attribution.known(self.contract, "update-switch-members")
                if switch.members_changed
                else requirements
            )
            yield Difference(
                f"members of switch {switch.id}",
                expected,
                actual,
                changed or requirements,
                f"sorted(one if isinstance(one, str) else one['id'] for one in {where}['members']) == {expected!r}",
            )

    def history(self, switches: list[Switch], deleted: Iterable[Switch]) -> ExpectedResponse:
        """Return the expected page of the switch list that begins with exactly these switches."""
        return success(
            self.contract, "getSystemSwitches", partial(self._history, switches, list(deleted))
        )

    def page(self, switches: list[Switch], limit: int) -> ExpectedResponse:
        """Return the expected page of at most so many switches that begins with exactly these."""
        return success(self.contract, "getSystemSwitches", partial(self._page, switches, limit))

    def _page(self, switches: list[Switch], limit: int, body: Any) -> Iterator[Difference]:
        yield from self._history(switches, [], body)
        if isinstance(body, list) and len(body) > limit:
            requirements = attribution.known(
                self.contract, "get-switches-limit", "get-switches-pagination"
            )
            yield Difference(
                "the number of switches",
                limit,
                len(body),
                requirements,
                f"len({SHOWN}) <= {limit}",
            )

    def _history(
        self, switches: list[Switch], deleted: list[Switch], body: Any
    ) -> Iterator[Difference]:
        shown = [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []
        expected, actual = (
            [switch.id for switch in switches],
            [row.get("id") for row in shown][: len(switches)],
        )
        ids = [row.get("id") for row in shown]
        for switch in deleted:
            if switch.id in ids:
                requirements = attribution.known(self.contract, "deleted-switch-is-gone")
                yield Difference(
                    f"switch {switch.id}",
                    "not listed",
                    "listed",
                    requirements,
                    f"{switch.id!r} not in [row['id'] for row in {SHOWN}]",
                )
        if actual != expected:
            times = [str(moment(row.get("timestamp"))) for row in shown]
            violated = (
                ("get-switches-newest-first",)
                if times != sorted(times, reverse=True)
                else (
                    "get-switches-returns-list-with-ids",
                    "get-switches-before",
                    "get-switches-pagination",
                )
            )
            requirements = attribution.known(self.contract, *violated)
            yield Difference(
                "switches up to that time",
                expected,
                actual,
                requirements,
                f"[row['id'] for row in {SHOWN}][:{len(switches)}] == {expected!r}",
            )
            return
        for number, (switch, row) in enumerate(zip(switches, shown, strict=False)):
            yield from self._time_and_members(
                switch, "getSystemSwitches", row, f"{SHOWN}[{number}]"
            )

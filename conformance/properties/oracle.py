"""What the docs say that each request returns, given what the system holds. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.expected_entities import SHOWN, Difference, Sight
from conformance.properties.model import Thing
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract import Contract
    from conformance.properties.model import AccountState, Switch

Look = "Callable[[Any], Iterable[Difference]]"
LAUNCH = "2021-11"
REJECTED = (*range(400, 429), *range(430, 500))  # 429 is of the rate limit


@dataclasses.dataclass(frozen=True)
class ExpectedResponse:
    """The statuses that the docs allow, the codes of a rejection, what another status violates, and how to look at the body."""

    statuses: tuple[int, ...]
    violates: tuple[str, ...]
    codes: tuple[int, ...] = ()
    look: Callable[[Any], Iterable[Difference]] | None = None
    any_code: bool = False  # a rejection whose code the docs do not tell


def nothing(_body: Any) -> tuple[Difference, ...]:
    """Look at nothing: the docs do not tell what is there."""
    return ()


class Oracle:
    """Forecasts reads of one account, by caller."""

    def __init__(self, contract: Contract, account_state: AccountState) -> None:
        """Take the account; it changes between the forecasts."""
        self.contract, self.account_state = contract, account_state

    def thing(self, thing: Thing, *, owner: bool) -> ExpectedResponse:
        """Forecast a GET of one system, member or group."""
        operation = f"get{thing.model}"
        return self.shown(operation, partial(self._alone, thing, operation, owner=owner))

    def _alone(
        self, thing: Thing, operation: str, body: Any, *, owner: bool
    ) -> Iterator[Difference]:
        yield from Sight(thing, operation, owner).differences(body)
        system = f"{thing.model.lower()}-system-key"
        if isinstance(body, dict) and system in self.contract.requirements:
            expected = self.account_state.system.id
            if body.get("system") != expected:
                yield Difference(
                    "system",
                    expected,
                    body.get("system", ABSENT),
                    (system,),
                    f"{SHOWN}.get('system') == {expected!r}",
                )

    def listed(
        self,
        operation: str,
        things: Iterable[Thing],
        absent: Iterable[Thing],
        *,
        owner: bool,
        why: tuple[str, ...],
    ) -> ExpectedResponse:
        """Forecast a list that shows these things, and not those."""
        look = partial(
            self._rows,
            operation,
            list(things),
            list(absent),
            attribution.known(self.contract, *why),
            owner=owner,
        )
        return self.shown(operation, look)

    def _rows(
        self,
        operation: str,
        things: list[Thing],
        absent: list[Thing],
        why: tuple[str, ...],
        body: Any,
        *,
        owner: bool,
    ) -> Iterator[Difference]:
        if not isinstance(body, list):
            yield Difference(
                "the response",
                "a list",
                body,
                attribution.returned(self.contract, operation),
                f"isinstance({SHOWN}, list)",
            )
            return
        rows = {row.get("id"): row for row in body if isinstance(row, dict)}
        for thing in things:
            if not owner and thing.privacy.get("visibility") == "private":
                yield from self._unlisted(thing, rows)
            elif thing.id not in rows:
                yield self._row(thing, "listed", "not listed", why, "in")
            else:
                where = f"next(row for row in {SHOWN} if row['id'] == {thing.id!r})"
                yield from Sight(thing, operation, owner, where).differences(rows[thing.id])
        for thing in absent:
            if thing.id in rows:
                gone = thing in self.account_state.gone[thing.model]
                rules = (
                    attribution.known(self.contract, f"deleted-{thing.model.lower()}-is-gone")
                    if gone
                    else why
                )
                yield self._row(thing, "not listed", "listed", rules, "not in")

    def _unlisted(self, thing: Thing, rows: dict[Any, Any]) -> Iterator[Difference]:
        if thing.id in rows:
            rules = attribution.known(self.contract, f"{thing.model.lower()}-visibility-private")
            yield self._row(thing, "not listed", "listed", rules, "not in")

    @staticmethod
    def _row(
        thing: Thing, expected: str, actual: str, rules: tuple[str, ...], holds: str
    ) -> Difference:
        test = f"{thing.id!r} {holds} [row['id'] for row in {SHOWN}]"
        return Difference(f"{thing.model.lower()} {thing.id}", expected, actual, rules, test)

    def groups(self, operation: str, *, owner: bool, with_members: bool) -> ExpectedResponse:
        """Forecast the list of the system's groups."""
        account_state = self.account_state
        plain = self.listed(
            operation,
            account_state.groups,
            [thing for thing in account_state.gone["Group"] if isinstance(thing, Thing)],
            owner=owner,
            why=("get-groups-contains-created",),
        )
        assert plain.look is not None
        look = partial(self._with_members, plain.look, owner=owner, asked=with_members)
        return dataclasses.replace(plain, look=look)

    def _with_members(
        self, plain: Callable[[Any], Iterable[Difference]], body: Any, *, owner: bool, asked: bool
    ) -> Iterator[Difference]:
        yield from plain(body)
        rows = (
            {row.get("id"): row for row in body if isinstance(row, dict)}
            if isinstance(body, list)
            else {}
        )
        for group in self.account_state.groups:
            if group.id in rows:
                yield from self._reported_members(
                    group, rows[group.id].get("members", ABSENT), owner=owner, asked=asked
                )

    def _reported_members(
        self, group: Thing, actual: Any, *, owner: bool, asked: bool
    ) -> Iterator[Difference]:
        where = f"next(row for row in {SHOWN} if row['id'] == {group.id!r})"
        if not asked:
            if actual is not ABSENT:
                rules = attribution.known(self.contract, "get-groups-without-members")
                yield Difference(
                    f"members of group {group.id}",
                    ABSENT,
                    actual,
                    rules,
                    f"'members' not in {where}",
                )
            return
        members = self.account_state.members_of(group)
        moved = self.account_state.moved.get(group, ()) if owner else ()
        rules = attribution.known(self.contract, *moved, "get-groups-with-members")
        if not owner:
            members = [one for one in members if one.privacy.get("visibility") != "private"]
            if group.privacy.get("list_privacy") == "private":
                members, rules = (
                    [],
                    attribution.known(self.contract, "group-list-privacy-covers-with-members"),
                )
                if not isinstance(actual, list):
                    return
        expected = sorted(member.uuid for member in members)
        known = sorted(map(str, actual)) if isinstance(actual, list) else actual
        if known != expected:
            yield Difference(
                f"members of group {group.id}",
                expected,
                known,
                rules,
                f"sorted({where}['members']) == {expected!r}",
            )

    def switch(self, switch: Switch, operation: str, *, owner: bool) -> ExpectedResponse:
        """Forecast a response that shows one switch with its members in full."""
        return self.shown(operation, partial(self._switch, switch, operation, owner=owner))

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
            why = attribution.known(self.contract, "create-switch-becomes-fronters")
            test = f"{SHOWN}['id'] == {switch.id!r}"
            yield Difference("the current switch", switch.id, body.get("id"), why, test)
        yield from self._outline(switch, operation, body, SHOWN)
        shown = body.get("members")
        for row in shown if isinstance(shown, list) and switch.members else ():
            known = {one.id: one for one in switch.members or ()}
            if isinstance(row, dict) and row.get("id") in known:
                where = f"next(row for row in {SHOWN}['members'] if row['id'] == {row['id']!r})"
                yield from Sight(known[row["id"]], operation, owner, where).differences(row)

    def fronters_of_others(self, gone: Iterable[Switch]) -> ExpectedResponse:
        """Forecast the fronters when it is not known which switch is the current one, but that these are deleted."""
        look = partial(self._not_deleted, [switch.id for switch in gone])
        return ExpectedResponse(
            (200, 204), attribution.returned(self.contract, "getFronters"), look=look
        )

    def _not_deleted(self, gone: list[str], body: Any) -> Iterator[Difference]:
        shown = body.get("id") if isinstance(body, dict) else None
        if shown in gone:
            rules = attribution.known(self.contract, "deleted-switch-is-gone")
            wanted = "another switch, or none"
            yield Difference(
                "the current switch", wanted, shown, rules, f"{SHOWN}['id'] != {shown!r}"
            )

    def _outline(
        self, switch: Switch, operation: str, row: dict[str, Any], where: str
    ) -> Iterator[Difference]:
        rules = attribution.returned(self.contract, operation) or attribution.known(
            self.contract, "update-switch-members", "create-switch-timestamp-used"
        )
        if switch.time is not None and moment(row.get("timestamp")) != switch.time:
            stamp = attribution.known(
                self.contract,
                "update-switch-timestamp" if switch.moved else "create-switch-timestamp-used",
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
                if switch.changed
                else rules
            )
            yield Difference(
                f"members of switch {switch.id}",
                expected,
                actual,
                changed or rules,
                f"sorted(one if isinstance(one, str) else one['id'] for one in {where}['members']) == {expected!r}",
            )

    def history(self, rows: list[Switch], gone: Iterable[Switch]) -> ExpectedResponse:
        """Forecast a page of the switch list that begins with exactly these switches."""
        return self.shown("getSystemSwitches", partial(self._history, rows, list(gone)))

    def page(self, rows: list[Switch], limit: int) -> ExpectedResponse:
        """Forecast a page of at most so many switches that begins with exactly these."""
        return self.shown("getSystemSwitches", partial(self._page, rows, limit))

    def _page(self, rows: list[Switch], limit: int, body: Any) -> Iterator[Difference]:
        yield from self._history(rows, [], body)
        if isinstance(body, list) and len(body) > limit:
            rules = attribution.known(
                self.contract, "get-switches-limit", "get-switches-pagination"
            )
            yield Difference(
                "the number of switches",
                limit,
                len(body),
                rules,
                f"len({SHOWN}) <= {limit}",
            )

    def _history(self, rows: list[Switch], gone: list[Switch], body: Any) -> Iterator[Difference]:
        shown = [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []
        expected, actual = [row.id for row in rows], [row.get("id") for row in shown][: len(rows)]
        ids = [row.get("id") for row in shown]
        for switch in gone:
            if switch.id in ids:
                rules = attribution.known(self.contract, "deleted-switch-is-gone")
                yield Difference(
                    f"switch {switch.id}",
                    "not listed",
                    "listed",
                    rules,
                    f"{switch.id!r} not in [row['id'] for row in {SHOWN}]",
                )
        if actual != expected:
            times = [str(moment(row.get("timestamp"))) for row in shown]
            reported = (
                ("get-switches-newest-first",)
                if times != sorted(times, reverse=True)
                else (
                    "get-switches-returns-list-with-ids",
                    "get-switches-before",
                    "get-switches-pagination",
                )
            )
            rules = attribution.known(self.contract, *reported)
            yield Difference(
                "switches up to that time",
                expected,
                actual,
                rules,
                f"[row['id'] for row in {SHOWN}][:{len(rows)}] == {expected!r}",
            )
            return
        for number, (switch, row) in enumerate(zip(rows, shown, strict=False)):
            yield from self._outline(switch, "getSystemSwitches", row, f"{SHOWN}[{number}]")

    def shown(
        self, operation: str, look: Callable[[Any], Iterable[Difference]]
    ) -> ExpectedResponse:
        """Forecast a success whose body looks so."""
        rules = attribution.returned(self.contract, operation)
        return ExpectedResponse((200,), rules, look=look)

    def closed(self, operation: str, *, owner: bool) -> ExpectedResponse | None:
        """Forecast the rejection of a list that privacy closes, or None while it is open."""
        private = self.contract.operations[operation].private_list
        if owner or private is None or private.model != "System":
            return None
        if self.account_state.system.privacy.get(private.key) != "private":
            return None
        return self.rejected_list(operation)

    def rejected_list(self, operation: str) -> ExpectedResponse:
        """Forecast what a closed list returns."""
        private = self.contract.operations[operation].private_list
        assert private is not None
        rules = (
            *self.contract.about(code=private.code, status=private.status),
            *self.contract.about(operation=operation, list=private.key),
            *(("private-list-is-403",) if private.status == 403 else ()),
        )
        return ExpectedResponse(
            (private.status,), attribution.known(self.contract, *rules), (private.code,)
        )

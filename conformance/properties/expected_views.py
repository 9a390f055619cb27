"""Every way to look at an account, with what must be seen. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from conformance.account.entities import path_refs
from conformance.account.refs import ID_FORMATS, PARAMETER, Address, rule_of
from conformance.properties import attribution, expected_settings
from conformance.properties.model import Thing
from conformance.properties.oracle import LAUNCH, ExpectedResponse, Oracle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


CALLERS = ("owner", "other", "anonymous")
CODES = {"Member": 20002, "Group": 20004, "Switch": 20008}


@dataclasses.dataclass(frozen=True)
class View:
    """A read: who asks for what, and what the docs say that is seen."""

    operation: str
    caller: str
    refs: Mapping[str, str]
    expected_response: ExpectedResponse
    query: Mapping[str, str] | None = None


class ExpectedViews:
    """The views of one account as it is now."""

    def __init__(self, oracle: Oracle, callers: tuple[str, ...]) -> None:
        """Take the forecaster, and who may look: without its token there is no other system."""
        self.oracle, self.callers = oracle, callers
        self.account_state, self.contract = oracle.account_state, oracle.contract

    def views(self) -> list[View]:
        """Return all views, those that show most first."""
        found = [*self._lists("owner")]
        found += [view for caller in self.callers for view in self._wide(caller)]
        found += [view for caller in self.callers[1:] for view in self._lists(caller)]
        found += [view for caller in self.callers for view in self._single(caller)]
        return [*map(self._for_everybody, found), *self._gone()]

    def _for_everybody(self, view: View) -> View:
        """Take it for a matter of who may read when others do not get what is public."""
        if view.caller == "owner" or 200 not in view.expected_response.statuses:
            return view
        public = attribution.known(self.contract, "auth-optional-for-public-reads")
        violates = (*view.expected_response.violates, *public)
        return dataclasses.replace(
            view, expected_response=dataclasses.replace(view.expected_response, violates=violates)
        )

    def _wide(self, caller: str) -> Iterator[View]:
        owner, account_state, make = caller == "owner", self.account_state, self.oracle
        system = self.system(caller)
        if account_state.system.named:
            yield View("getSystem", caller, system, make.thing(account_state.system, owner=owner))
        members = make.listed(
            "getSystemMembers",
            account_state.members,
            self._others("Member", account_state.members),
            owner=owner,
            why=("get-members-contains-created",),
        )
        yield self._list("getSystemMembers", caller, members)
        for word in ("true", "false", None) if account_state.groups else ():
            asked = word == "true"
            if not asked or owner or self.contract.revision != LAUNCH:
                groups = make.groups("getSystemGroups", owner=owner, with_members=asked)
                query = {"with_members": word} if word else None
                yield dataclasses.replace(
                    self._list("getSystemGroups", caller, groups), query=query
                )
        yield from self._switches(caller)
        if account_state.settings_why:
            expected_response = expected_settings.own if owner else expected_settings.public
            shown = expected_response(
                self.contract, account_state.settings, account_state.settings_why
            )
            yield View("getSystemSettings", caller, system, shown)

    def _switches(self, caller: str) -> Iterator[View]:
        owner, history = caller == "owner", self.account_state.history()
        gone = [row for row in self.account_state.gone["Switch"] if not isinstance(row, Thing)]
        if history:
            assert history[0].time is not None
            before = history[0].time + dt.timedelta(seconds=1)
            expected_response = self.oracle.history(history, gone)
            query = {"before": before.strftime("%Y-%m-%dT%H:%M:%SZ")}
            yield dataclasses.replace(
                self._list("getSystemSwitches", caller, expected_response), query=query
            )
        current = self.account_state.current()
        if current is not None:
            yield self._list(
                "getFronters", caller, self.oracle.switch(current, "getFronters", owner=owner)
            )
        elif gone and owner:
            expected_response = self.oracle.fronters_of_others(gone)
            yield View("getFronters", caller, self.system(caller), expected_response)

    def pages(self) -> Iterator[View]:
        """Yield the parts in which the switches can be read: the first of them, and those before each."""
        history = self.account_state.history()
        for caller in self.callers:
            for number, switch in enumerate(history):
                assert switch.time is not None
                up_to = switch.time + dt.timedelta(seconds=1)
                for limit in (1, 2):
                    rows = history[number : number + limit]
                    page = self.oracle.page(rows, limit)
                    query = {"before": f"{up_to:%Y-%m-%dT%H:%M:%SZ}", "limit": str(limit)}
                    yield dataclasses.replace(
                        self._list("getSystemSwitches", caller, page), query=query
                    )

    def in_format(self, view: View) -> Iterator[View]:
        """Yield a view once for each other way in which the docs let its path be written."""
        for model, name in PARAMETER.items():
            if name not in view.refs:
                continue
            thing = self._named(model, view.refs[name])
            if thing is None or not thing.uuid:
                continue
            linked = self.account_state.linked if model == "System" else None
            for id_format in (*ID_FORMATS, *(("account",) if linked else ())):
                dashed = id_format == "dashed" and len(thing.id) != len("abcdef")
                if not dashed and rule_of(model, id_format) in self.contract.requirements:
                    address = Address(model, thing.id, thing.uuid, linked)
                    refs = {**view.refs, **address.refs(id_format)}
                    expected_response = view.expected_response
                    if 200 in expected_response.statuses:
                        expected_response = dataclasses.replace(
                            expected_response, violates=(rule_of(model, id_format),)
                        )
                    yield dataclasses.replace(view, refs=refs, expected_response=expected_response)

    def _named(self, model: str, ref: str) -> Thing | None:
        if model == "System":
            return self.account_state.system
        return next((thing for thing in self.account_state.of(model) if thing.id == ref), None)

    def _lists(self, caller: str) -> Iterator[View]:
        owner, account_state, make = caller == "owner", self.account_state, self.oracle
        privacy = account_state.system.privacy
        for group in account_state.groups:
            if group.privacy.get("list_privacy") == "private" and not owner:
                yield View(
                    "getGroupMembers",
                    caller,
                    path_refs("group", group.id),
                    make.rejected_list("getGroupMembers"),
                )
            elif owner or privacy.get("member_list_privacy") != "private":
                inside = account_state.members_of(group)
                outside = self._others("Member", inside)
                expected_response = make.listed(
                    "getGroupMembers", inside, outside, owner=owner, why=self._moved(group, "Group")
                )
                yield View(
                    "getGroupMembers", caller, path_refs("group", group.id), expected_response
                )
        for member in account_state.members:
            closed = make.closed("getMemberGroups", owner=owner)
            inside = account_state.groups_of(member)
            outside = self._others("Group", inside)
            expected_response = closed or make.listed(
                "getMemberGroups", inside, outside, owner=owner, why=self._moved(member, "Member")
            )
            hidden = not owner and any(
                group.privacy.get("list_privacy") == "private" for group in inside
            )
            if closed or not hidden:
                yield View(
                    "getMemberGroups", caller, path_refs("member", member.id), expected_response
                )

    def _others(self, model: str, inside: list[Thing]) -> list[Thing]:
        """Return what must not be in a list with these things: all others, and those that are deleted."""
        gone = [thing for thing in self.account_state.gone[model] if isinstance(thing, Thing)]
        return [*(thing for thing in self.account_state.of(model) if thing not in inside), *gone]

    def _moved(self, thing: Thing, model: str) -> tuple[str, ...]:
        returned = {
            "Group": "get-group-members-returns-members",
            "Member": "get-member-groups-returns-groups",
        }
        return self.account_state.moved.get(thing, (returned[model], "membership-symmetric"))

    def _single(self, caller: str) -> Iterator[View]:
        owner, make = caller == "owner", self.oracle
        for thing in (*self.account_state.members, *self.account_state.groups):
            refs = path_refs(thing.model.lower(), thing.id)
            yield View(f"get{thing.model}", caller, refs, make.thing(thing, owner=owner))
        for switch in self.account_state.switches:
            refs = {**self.system(caller), "switchId": switch.id}
            expected_response = make.closed("getSwitch", owner=owner) or make.switch(
                switch, "getSwitch", owner=owner
            )
            if expected_response.codes:
                expected_response = dataclasses.replace(expected_response, codes=(20007, 20008))
            yield View("getSwitch", caller, refs, expected_response)

    def _gone(self) -> Iterator[View]:
        for model, things in self.account_state.gone.items():
            for thing in things:
                refs = path_refs(model.lower(), thing.id)
                yield View(f"get{model}", "owner", refs, unknown(self.oracle, model, gone=True))

    def _list(self, operation: str, caller: str, expected_response: ExpectedResponse) -> View:
        closed = self.oracle.closed(operation, owner=caller == "owner")
        return View(operation, caller, self.system(caller), closed or expected_response)

    def system(self, caller: str) -> dict[str, str]:
        """Return how this caller names the system."""
        return {"systemId": "@me" if caller == "owner" else self.account_state.system.id}


def unknown(oracle: Oracle, model: str, *, gone: bool) -> ExpectedResponse:
    """Forecast the rejection of a ref that names nothing (any more)."""
    code = CODES[model]
    rules = (f"err-{code}", *((f"deleted-{model.lower()}-is-gone",) if gone else ()))
    known = tuple(rule for rule in rules if rule in oracle.contract.requirements)
    codes = (20007, 20008) if model == "Switch" else (code,)
    return ExpectedResponse((404,), known, codes)

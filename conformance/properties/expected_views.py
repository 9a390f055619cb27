"""Every way to look at an account, with what must be seen. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from conformance.account.entities import path_refs
from conformance.account.refs import PARAMETER, SPELLINGS, Address, rule_of
from conformance.properties import attribution, expected_settings
from conformance.properties.model import Thing
from conformance.properties.oracle import LAUNCH, Forecast, Forecaster

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
    forecast: Forecast
    query: Mapping[str, str] | None = None


class Panorama:
    """The views of one account as it is now."""

    def __init__(self, forecaster: Forecaster, callers: tuple[str, ...]) -> None:
        """Take the forecaster, and who may look: without its token there is no other system."""
        self.forecaster, self.callers = forecaster, callers
        self.account, self.contract = forecaster.account, forecaster.contract

    def views(self) -> list[View]:
        """Return all views, those that show most first."""
        found = [*self._lists("owner")]
        found += [view for caller in self.callers for view in self._wide(caller)]
        found += [view for caller in self.callers[1:] for view in self._lists(caller)]
        found += [view for caller in self.callers for view in self._single(caller)]
        return [*map(self._for_everybody, found), *self._gone()]

    def _for_everybody(self, view: View) -> View:
        """Take it for a matter of who may read when others do not get what is public."""
        if view.caller == "owner" or 200 not in view.forecast.statuses:
            return view
        public = attribution.known(self.contract, "auth-optional-for-public-reads")
        breaks = (*view.forecast.breaks, *public)
        return dataclasses.replace(view, forecast=dataclasses.replace(view.forecast, breaks=breaks))

    def _wide(self, caller: str) -> Iterator[View]:
        owner, account, make = caller == "owner", self.account, self.forecaster
        system = self.system(caller)
        if account.system.named:
            yield View("getSystem", caller, system, make.thing(account.system, owner=owner))
        members = make.listed(
            "getSystemMembers",
            account.members,
            self._others("Member", account.members),
            owner=owner,
            why=("get-members-contains-created",),
        )
        yield self._list("getSystemMembers", caller, members)
        for word in ("true", "false", None) if account.groups else ():
            asked = word == "true"
            if not asked or owner or self.contract.revision != LAUNCH:
                groups = make.groups("getSystemGroups", owner=owner, with_members=asked)
                query = {"with_members": word} if word else None
                yield dataclasses.replace(
                    self._list("getSystemGroups", caller, groups), query=query
                )
        yield from self._switches(caller)
        if account.settings_why:
            forecast = expected_settings.own if owner else expected_settings.public
            shown = forecast(self.contract, account.settings, account.settings_why)
            yield View("getSystemSettings", caller, system, shown)

    def _switches(self, caller: str) -> Iterator[View]:
        owner, history = caller == "owner", self.account.history()
        gone = [row for row in self.account.gone["Switch"] if not isinstance(row, Thing)]
        if history:
            assert history[0].time is not None
            before = history[0].time + dt.timedelta(seconds=1)
            forecast = self.forecaster.history(history, gone)
            query = {"before": before.strftime("%Y-%m-%dT%H:%M:%SZ")}
            yield dataclasses.replace(
                self._list("getSystemSwitches", caller, forecast), query=query
            )
        current = self.account.current()
        if current is not None:
            yield self._list(
                "getFronters", caller, self.forecaster.switch(current, "getFronters", owner=owner)
            )
        elif gone and owner:
            forecast = self.forecaster.fronters_of_others(gone)
            yield View("getFronters", caller, self.system(caller), forecast)

    def pages(self) -> Iterator[View]:
        """Yield the parts in which the switches can be read: the first of them, and those before each."""
        history = self.account.history()
        for caller in self.callers:
            for number, switch in enumerate(history):
                assert switch.time is not None
                up_to = switch.time + dt.timedelta(seconds=1)
                for limit in (1, 2):
                    rows = history[number : number + limit]
                    page = self.forecaster.page(rows, limit)
                    query = {"before": f"{up_to:%Y-%m-%dT%H:%M:%SZ}", "limit": str(limit)}
                    yield dataclasses.replace(
                        self._list("getSystemSwitches", caller, page), query=query
                    )

    def spelled(self, view: View) -> Iterator[View]:
        """Yield a view once for each other way in which the docs let its path be written."""
        for model, name in PARAMETER.items():
            if name not in view.refs:
                continue
            thing = self._named(model, view.refs[name])
            if thing is None or not thing.uuid:
                continue
            linked = self.account.linked if model == "System" else None
            for spelling in (*SPELLINGS, *(("account",) if linked else ())):
                dashed = spelling == "dashed" and len(thing.id) != len("abcdef")
                if not dashed and rule_of(model, spelling) in self.contract.requirements:
                    address = Address(model, thing.id, thing.uuid, linked)
                    refs = {**view.refs, **address.refs(spelling)}
                    forecast = view.forecast
                    if 200 in forecast.statuses:
                        forecast = dataclasses.replace(forecast, breaks=(rule_of(model, spelling),))
                    yield dataclasses.replace(view, refs=refs, forecast=forecast)

    def _named(self, model: str, ref: str) -> Thing | None:
        if model == "System":
            return self.account.system
        return next((thing for thing in self.account.of(model) if thing.id == ref), None)

    def _lists(self, caller: str) -> Iterator[View]:
        owner, account, make = caller == "owner", self.account, self.forecaster
        privacy = account.system.privacy
        for group in account.groups:
            if group.privacy.get("list_privacy") == "private" and not owner:
                yield View(
                    "getGroupMembers",
                    caller,
                    path_refs("group", group.id),
                    make.refused_list("getGroupMembers"),
                )
            elif owner or privacy.get("member_list_privacy") != "private":
                inside = account.members_of(group)
                outside = self._others("Member", inside)
                forecast = make.listed(
                    "getGroupMembers", inside, outside, owner=owner, why=self._moved(group, "Group")
                )
                yield View("getGroupMembers", caller, path_refs("group", group.id), forecast)
        for member in account.members:
            closed = make.closed("getMemberGroups", owner=owner)
            inside = account.groups_of(member)
            outside = self._others("Group", inside)
            forecast = closed or make.listed(
                "getMemberGroups", inside, outside, owner=owner, why=self._moved(member, "Member")
            )
            hidden = not owner and any(
                group.privacy.get("list_privacy") == "private" for group in inside
            )
            if closed or not hidden:
                yield View("getMemberGroups", caller, path_refs("member", member.id), forecast)

    def _others(self, model: str, inside: list[Thing]) -> list[Thing]:
        """Return what must not be in a list with these things: all others, and those that are deleted."""
        gone = [thing for thing in self.account.gone[model] if isinstance(thing, Thing)]
        return [*(thing for thing in self.account.of(model) if thing not in inside), *gone]

    def _moved(self, thing: Thing, model: str) -> tuple[str, ...]:
        returned = {
            "Group": "get-group-members-returns-members",
            "Member": "get-member-groups-returns-groups",
        }
        return self.account.moved.get(thing, (returned[model], "membership-symmetric"))

    def _single(self, caller: str) -> Iterator[View]:
        owner, make = caller == "owner", self.forecaster
        for thing in (*self.account.members, *self.account.groups):
            refs = path_refs(thing.model.lower(), thing.id)
            yield View(f"get{thing.model}", caller, refs, make.thing(thing, owner=owner))
        for switch in self.account.switches:
            refs = {**self.system(caller), "switchId": switch.id}
            forecast = make.closed("getSwitch", owner=owner) or make.switch(
                switch, "getSwitch", owner=owner
            )
            if forecast.codes:
                forecast = dataclasses.replace(forecast, codes=(20007, 20008))
            yield View("getSwitch", caller, refs, forecast)

    def _gone(self) -> Iterator[View]:
        for model, things in self.account.gone.items():
            for thing in things:
                refs = path_refs(model.lower(), thing.id)
                yield View(f"get{model}", "owner", refs, unknown(self.forecaster, model, gone=True))

    def _list(self, operation: str, caller: str, forecast: Forecast) -> View:
        closed = self.forecaster.closed(operation, owner=caller == "owner")
        return View(operation, caller, self.system(caller), closed or forecast)

    def system(self, caller: str) -> dict[str, str]:
        """Return how this caller names the system."""
        return {"systemId": "@me" if caller == "owner" else self.account.system.id}


def unknown(forecaster: Forecaster, model: str, *, gone: bool) -> Forecast:
    """Forecast the refusal of a ref that names nothing (any more)."""
    code = CODES[model]
    rules = (f"err-{code}", *((f"deleted-{model.lower()}-is-gone",) if gone else ()))
    known = tuple(rule for rule in rules if rule in forecaster.contract.requirements)
    codes = (20007, 20008) if model == "Switch" else (code,)
    return Forecast((404,), known, codes)

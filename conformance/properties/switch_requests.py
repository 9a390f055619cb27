"""POST and PATCH of switches: sent, compared with the docs, and carried out in the account state."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http import ME
from conformance.properties import attribution
from conformance.properties.account_requests import AccountRequests
from conformance.properties.account_state import EntityState, Switch
from conformance.properties.entity_requests import CREATED
from conformance.properties.expected_response import LAUNCH, Difference, ExpectedResponse
from conformance.properties.steps import step

if TYPE_CHECKING:
    from collections.abc import Iterable

START = dt.datetime(2012, 2, 3, 4, tzinfo=dt.UTC)  # no other check creates switches near it


def time_at(hour: int) -> dt.datetime:
    """Return the time so many hours after START; generated switches are at full hours."""
    return START + dt.timedelta(hours=hour)


def hour_of(time: dt.datetime) -> int:
    """Return how many hours after START a time is."""
    return (time - START) // dt.timedelta(hours=1)


class SwitchRequests(AccountRequests):
    """The requests that create and change switches."""

    @step
    def create_switch(
        self, hour: int | None, members: list[EntityState], *, by_uuid: bool = False
    ) -> Switch | None:
        """POST a switch at this hour, or without a timestamp."""
        time = None if hour is None else time_at(hour)
        refs = [member.uuid if by_uuid else member.id for member in members]
        body: dict[str, Any] = {"members": refs}
        if time is not None:
            body["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        switch = Switch("", time, list(members))
        exchange = self.sender.send("createSwitch", "owner", dict(ME), json=body)
        adopted = self.sender.adopt(exchange, body)
        if adopted is not None:
            switch.id = adopted.id
        self.sender.evidence.append(exchange)
        self.sender.compare(exchange, self._expected_response(switch, by_uuid=by_uuid))
        if adopted is None:
            return None
        self.account_state.switches.append(switch)
        return switch

    def _expected_response(self, switch: Switch, *, by_uuid: bool) -> ExpectedResponse:
        taken = [one for one in self.account_state.switches if one.time == switch.time]
        if len(set(switch.members or ())) < len(switch.members or ()):
            # Which of two mistakes it reports is up to the server.
            codes = (40003, 40005) if taken and switch.time else (40003,)
            return ExpectedResponse((400,), ("err-40003",), codes)
        if taken and switch.time is None:
            # On a server that keeps whole seconds it may have the time of the last one as well.
            return ExpectedResponse((400,), ("err-40004",), (40004, 40005))
        if taken:
            return ExpectedResponse((400,), ("err-40005",), (40005,))
        requirements = [
            *attribution.returned(self.contract, "createSwitch"),
            "create-switch-timestamp-used" if switch.time else "create-switch-timestamp-optional",
        ]
        requirements += ["create-switch-short-ids-or-uuids"] if by_uuid else []
        requirements += [] if switch.members else ["create-switch-empty-members"]
        plain = self.oracle.switches.switch(switch, "createSwitch", owner=True)
        return ExpectedResponse(
            CREATED,
            attribution.known(self.contract, *requirements),
            differences=plain.differences,
        )

    @step
    def patch_switch_time(self, switch: Switch, hour: int) -> None:
        """PATCH the time of a switch; whether it may be given the one that it has is left open."""
        time = time_at(hour)
        if time == switch.time:
            return
        taken = any(one.time == time for one in self.account_state.switches)
        refs = {**ME, "switchId": switch.id}
        body = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ")}
        if taken:
            expected_response = ExpectedResponse((400,), ("err-40005",), (40005,))
        else:
            self.sender.require_budget()
            switch.time, switch.time_changed = time, True
            plain = self.oracle.switches.switch(switch, "updateSwitch", owner=True)
            expected_response = ExpectedResponse(
                (200,),
                ("update-switch-timestamp",),
                differences=partial(self._differences_of_new_time, plain),
            )
        self.sender.send_and_compare("updateSwitch", "owner", expected_response, refs, json=body)

    def _differences_of_new_time(self, plain: ExpectedResponse, body: Any) -> Iterable[Difference]:
        """Yield all differences but, at the launch, that of the time: PluralKit production returns the old one."""
        for one in plain.differences(body):
            if self.contract.revision != LAUNCH or not one.what.startswith("timestamp"):
                yield one

    @step
    def patch_switch_members(
        self, switch: Switch, members: list[EntityState], *, by_uuid: bool = False
    ) -> None:
        """PATCH the members of a switch."""
        self.sender.require_budget()
        switch.members, switch.members_changed = list(members), True
        body = [member.uuid if by_uuid else member.id for member in members]
        plain = self.oracle.switches.switch(switch, "updateSwitchMembers", owner=True)
        expected_response = ExpectedResponse(
            (200,), ("update-switch-members",), differences=plain.differences
        )
        refs = {**ME, "switchId": switch.id}
        self.sender.send_and_compare(
            "updateSwitchMembers", "owner", expected_response, refs, json=body
        )

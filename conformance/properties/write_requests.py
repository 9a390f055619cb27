"""The requests that change an account: each is sent, its response held against the docs, and carried out in the model.

What is valid must succeed, what is not must be rejected and change nothing. Which move comes when is decided elsewhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.account.entities import PATH_PARAMETER
from conformance.account.refs import Address, rule_of
from conformance.http import ME, AsUpstream, Refuted
from conformance.properties import attribution, expected_settings
from conformance.properties.comparison import SpentError
from conformance.properties.expected_entities import SHOWN, Difference, Sight
from conformance.properties.expected_views import unknown
from conformance.properties.model import READ_ONLY, AccountState, Switch, Thing
from conformance.properties.oracle import LAUNCH, ExpectedResponse, Oracle
from conformance.properties.steps import Step, step
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.properties.comparison import Arena
    from conformance.properties.expected_views import View

START = dt.datetime(2012, 2, 3, 4, tzinfo=dt.UTC)  # no other check logs switches near it
CREATED = (200, 201)
NOT_YOURS = {"Member": 30006, "Group": 30007}
SIDES = {
    "Group": ("GroupMembers", "group-members", "Member"),
    "Member": ("MemberGroups", "member-groups", "Group"),
}


def moment_of(slot: int) -> dt.datetime:
    """Return one of the times at which generated switches are."""
    return START + dt.timedelta(hours=slot)


def slot_of(time: dt.datetime) -> int:
    """Return which of these times it is."""
    return (time - START) // dt.timedelta(hours=1)


class Moves:
    """What a run can do to its account."""

    def __init__(self, arena: Arena, account_state: AccountState) -> None:
        """Take where requests are sent from, and what they change."""
        self.arena, self.account_state = arena, account_state
        self.contract = arena.contract
        self.oracle = Oracle(arena.contract, account_state)
        self.trail: list[Step] = []
        # The last wrong response to a write after which all was stored as it must be.
        self.harmless: Refuted | None = None

    @property
    def wrote(self) -> bool:
        """Whether anything was sent that may have changed the account."""
        return any(exchange.operation.writes for exchange in self.arena.kept)

    def is_harmless(self, problem: Refuted) -> bool:
        """Return whether the account holds what it must all the same."""
        read = problem.exchange is not None and not problem.exchange.operation.writes
        return read or isinstance(problem, AsUpstream) or problem is self.harmless

    @step
    def create(self, model: str, body: Mapping[str, Any]) -> Thing | None:
        """POST a member or group; read-only keys in the body may be rejected, but never count."""
        sent = {"name": self.arena.account.name(), **body}
        thing = Thing.posted(
            self.contract, model, {k: v for k, v in sent.items() if k not in READ_ONLY}
        )
        operation = f"create{model}"
        extra = [key for key in READ_ONLY if key in body]
        rules = (
            *attribution.returned(self.contract, operation),
            *attribution.of_key(self.contract, model, body),
            *(
                attribution.known(self.contract, "create-takes-privacy-keys")
                if "privacy" in body
                else ()
            ),
        )
        look = partial(self._created, thing, operation, sent, extra)
        exchange = self.arena.send(operation, "owner", json=sent)
        entity = self.arena.adopt(exchange, sent)
        self.arena.kept.append(exchange)
        self.arena.agree(
            exchange, ExpectedResponse((*CREATED, *((400,) if extra else ())), rules, look=look)
        )
        if not exchange.ok or entity is None:
            return None
        thing.learn(exchange.json)
        self.account_state.of(model).append(thing)
        return thing

    def _created(
        self, thing: Thing, operation: str, sent: Mapping[str, Any], extra: list[str], body: Any
    ) -> Iterable[Difference]:
        yield from Sight(thing, operation, owner=True, responses=dict(sent)).differences(body)
        for key in extra:
            reported = body.get(key) if isinstance(body, dict) else None
            if reported == sent[key] or (
                moment(reported) and moment(reported) == moment(sent[key])
            ):
                rules = attribution.known(
                    self.contract, READ_ONLY[key], "id-uuid-created-ignored-on-post"
                )
                yield Difference(
                    f"{key} of the new {thing.model.lower()}",
                    "a value of the server",
                    sent[key],
                    rules,
                    f"{SHOWN}[{key!r}] != {sent[key]!r}",
                )

    @step
    def patch(
        self,
        thing: Thing,
        body: Mapping[str, Any],
        id_format: str = "short",
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        """PATCH a system, member or group; keys `beside` those of the body are none of its model, and must not matter."""
        operation = f"update{thing.model}"
        refs = self.refs(thing, id_format)
        extra = [key for key in READ_ONLY if key in body]
        if thing.model == "System":
            self.arena.account.will_change(operation)
        self.arena.need_budget()
        before = dict(thing.values), dict(thing.privacy), dict(thing.why)
        thing.patch(body)
        look = Sight(thing, operation, owner=True, responses=dict(body)).differences
        rules = (
            attribution.of_values(self.contract, thing.model, body)
            if id_format == "short"
            else (rule_of(thing.model, id_format),)
        )
        rules += attribution.known(self.contract, "patch-needs-a-valid-key") if beside else ()
        sent = {**body, **(beside or {})}
        expected_response = ExpectedResponse((200, *((400,) if extra else ())), rules, look=look)
        with self._stored_as_well(f"get{thing.model}", refs, thing):
            exchange = self.arena.ask(operation, "owner", expected_response, refs, json=sent)
        if not exchange.ok:
            thing.values, thing.privacy, thing.why = before

    @contextlib.contextmanager
    def _stored_as_well(
        self, operation: str, refs: Mapping[str, str], thing: Thing | None
    ) -> Iterator[None]:
        """When a response to a write is wrong, read what is stored: if that is wrong too, the requirements on it are broken as well."""
        try:
            yield
        except Refuted as problem:
            if problem.exchange is not None and problem.exchange.ok:
                with contextlib.suppress(SpentError):
                    more = self._broken(operation, refs, thing)
                    problem.also_violates(more)
                    self.harmless = self.harmless if more else problem
            raise

    def _broken(self, operation: str, refs: Mapping[str, str], thing: Thing | None) -> list[str]:
        """Return what the read of a thing, or of the settings, violates."""
        make, account_state = self.oracle, self.account_state
        expected_response = (
            expected_settings.own(self.contract, account_state.settings, account_state.settings_why)
            if thing is None
            else make.thing(thing, owner=True)
        )
        try:
            self.arena.ask(operation, "owner", expected_response, refs, passing=True)
        except AsUpstream:
            return []
        except Refuted as problem:
            return list(problem.violates)
        return []

    def refs(self, thing: Thing, id_format: str) -> dict[str, str]:
        """Return the path parameter that names something, written so where it can be; the short name of the system is @me, and its last resort."""
        if thing.model == "System" and id_format == "short":
            return dict(ME)
        if id_format == "dashed" and len(thing.id) != 6:
            id_format = "short"
        refs = Address(thing.model, thing.id, thing.uuid, self.account_state.linked).refs(id_format)
        away = thing.model == "System" and not self.arena.leads_home(refs)
        return dict(ME) if away else refs

    @step
    def delete(self, thing: Thing | Switch, id_format: str = "short") -> None:
        """DELETE something."""
        model = "Switch" if isinstance(thing, Switch) else thing.model
        refs = (
            {**ME, "switchId": thing.id}
            if isinstance(thing, Switch)
            else self.refs(thing, id_format)
        )
        rules = (
            (f"delete-{model.lower()}-204",)
            if id_format == "short"
            else (rule_of(model, id_format),)
        )
        exchange = self.arena.ask(f"delete{model}", "owner", ExpectedResponse((204,), rules), refs)
        if exchange.status == 204:
            self.arena.forget(thing.id)
        self.account_state.delete(thing)

    @step
    def trespass(self, thing: Thing, caller: str, body: Mapping[str, Any] | None) -> None:
        """Try to change (or, without a body, to delete) something as somebody else."""
        verb = "delete" if body is None else "update"
        if caller == "anonymous":
            rules = (
                "auth-missing-gives-401",
                f"auth-401-for-{thing.model.lower()}-writes",
                "err-0-401",
            )
            if thing.model == "System":
                rules = ("auth-missing-gives-401", "auth-401-for-writes", "err-0-401")
            expected_response = ExpectedResponse(
                (401,), attribution.known(self.contract, *rules), (0,)
            )
        else:
            code = NOT_YOURS[thing.model]
            expected_response = ExpectedResponse((403,), (f"err-{code}",), (code,))
        refs = dict(ME) if thing.model == "System" else self.refs(thing, "short")
        words: dict[str, Any] = {} if body is None else {"json": dict(body)}
        self.arena.ask(f"{verb}{thing.model}", caller, expected_response, refs, **words)

    @step
    def revive(self, model: str, thing: Thing, body: Mapping[str, Any]) -> None:
        """Try to change what is deleted."""
        expected_response = unknown(self.oracle, model, gone=True)
        refs = {PATH_PARAMETER[model.lower()]: thing.id}
        self.arena.ask(f"update{model}", "owner", expected_response, refs, json=dict(body))

    @step
    def belong(
        self,
        side: Thing,
        verb: str,
        listed: list[Thing],
        *,
        by_uuid: bool,
        ghost: str | None = None,
    ) -> None:
        """Add, remove or overwrite the members of a group, or the groups of a member; a ghost in the list names nothing."""
        suffix, word, other = SIDES[side.model]
        refs = [thing.uuid if by_uuid else thing.id for thing in listed] + (
            [ghost] if ghost else []
        )
        special = (f"{other.lower()}-refs-by-uuid",) if by_uuid else ()
        rules = attribution.known(self.contract, f"{verb}-{word}-204", *special)
        expected_response = self.ghostly(other) if ghost else ExpectedResponse((204,), rules)
        self.arena.ask(
            f"{verb}{suffix}", "owner", expected_response, self.refs(side, "short"), json=refs
        )
        if not ghost:
            self.account_state.belong(side, verb, listed, word, special)

    @staticmethod
    def ghostly(model: str) -> ExpectedResponse:
        """Forecast the rejection of a list with an entry that names nothing; both codes are about it."""
        codes = {"Member": (20003, 20002), "Group": (20005, 20004)}[model]
        return ExpectedResponse((404,), (f"err-{codes[0]}",), codes)

    @step
    def settle(self, body: Mapping[str, Any], id_format: str = "short") -> None:
        """PATCH the settings of the system."""
        account_state, contract = self.account_state, self.contract
        refs = self.refs(account_state.system, id_format)
        self.arena.need_budget()
        self.arena.account.will_change("updateSystemSettings")
        account_state.settings = {**account_state.settings, **body}
        responses = {
            key: attribution.of_returned(contract, "SystemSettings", value, private=False)
            for key, value in body.items()
        }
        plain = expected_settings.own(contract, account_state.settings, responses)
        rules = (
            *attribution.known(contract, "update-settings-returns-settings"),
            *attribution.of_key(contract, "SystemSettings", body),
        )
        rules = rules if id_format == "short" else (rule_of("System", id_format),)
        look = partial(self._settled, plain, body)
        account_state.settings_why = {
            key: attribution.of_stored(contract, "SystemSettings", value, private=False)
            for key, value in body.items()
        }
        with self._stored_as_well("getSystemSettings", ME, None):
            self.arena.ask(
                "updateSystemSettings",
                "owner",
                ExpectedResponse((200,), rules, look=look),
                refs,
                json=dict(body),
            )

    @staticmethod
    def _settled(
        plain: ExpectedResponse, body: Mapping[str, Any], shown: Any
    ) -> Iterable[Difference]:
        unset = (
            isinstance(shown, dict)
            and shown.get("name_format", 0) is None
            and "name_format" not in body
        )
        for one in plain.look(shown) if plain.look else ():
            if not (unset and one.what == "name_format"):
                yield one

    @step
    def log(
        self, slot: int | None, members: list[Thing], *, by_uuid: bool = False
    ) -> Switch | None:
        """POST a switch at one of the times, or now."""
        time = None if slot is None else moment_of(slot)
        refs = [member.uuid if by_uuid else member.id for member in members]
        body: dict[str, Any] = {"members": refs}
        if time is not None:
            body["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        switch = Switch("", time, list(members))
        exchange = self.arena.send("createSwitch", "owner", dict(ME), json=body)
        entity = self.arena.adopt(exchange, body)
        if entity is not None:
            switch.id = entity.id
        self.arena.kept.append(exchange)
        self.arena.agree(exchange, self._logged(switch, by_uuid=by_uuid))
        if entity is None:
            return None
        self.account_state.switches.append(switch)
        return switch

    def _logged(self, switch: Switch, *, by_uuid: bool) -> ExpectedResponse:
        taken = [one for one in self.account_state.switches if one.time == switch.time]
        if len(set(switch.members or ())) < len(switch.members or ()):
            # Which of two mistakes it tells of is up to the server.
            codes = (40003, 40005) if taken and switch.time else (40003,)
            return ExpectedResponse((400,), ("err-40003",), codes)
        if taken and switch.time is None:
            # On a server that keeps whole seconds it may have the time of the last one as well.
            return ExpectedResponse((400,), ("err-40004",), (40004, 40005))
        if taken:
            return ExpectedResponse((400,), ("err-40005",), (40005,))
        rules = [
            *attribution.returned(self.contract, "createSwitch"),
            "create-switch-timestamp-used" if switch.time else "create-switch-timestamp-optional",
        ]
        rules += ["create-switch-short-ids-or-uuids"] if by_uuid else []
        rules += [] if switch.members else ["create-switch-empty-members"]
        look = self.oracle.switch(switch, "createSwitch", owner=True).look
        return ExpectedResponse(CREATED, attribution.known(self.contract, *rules), look=look)

    @step
    def move(self, switch: Switch, slot: int) -> None:
        """PATCH the time of a switch; whether it may be given the one that it has is left open."""
        time = moment_of(slot)
        if time == switch.time:
            return
        taken = any(one.time == time for one in self.account_state.switches)
        refs, body = (
            {**ME, "switchId": switch.id},
            {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        if taken:
            self.arena.ask(
                "updateSwitch",
                "owner",
                ExpectedResponse((400,), ("err-40005",), (40005,)),
                refs,
                json=body,
            )
            return
        self.arena.need_budget()
        switch.time, switch.moved = time, True
        plain = self.oracle.switch(switch, "updateSwitch", owner=True)
        look = partial(self._moved, plain)
        self.arena.ask(
            "updateSwitch",
            "owner",
            ExpectedResponse((200,), ("update-switch-timestamp",), look=look),
            refs,
            json=body,
        )

    def _moved(self, plain: ExpectedResponse, body: Any) -> Iterable[Difference]:
        """Look at a moved switch: at the launch the response still has the old time, on PluralKit's own server."""
        for one in plain.look(body) if plain.look else ():
            if self.contract.revision != LAUNCH or not one.what.startswith("timestamp"):
                yield one

    @step
    def replace(self, switch: Switch, members: list[Thing], *, by_uuid: bool = False) -> None:
        """PATCH the members of a switch."""
        self.arena.need_budget()
        switch.members, switch.changed = list(members), True
        refs = [member.uuid if by_uuid else member.id for member in members]
        plain = self.oracle.switch(switch, "updateSwitchMembers", owner=True)
        expected_response = ExpectedResponse((200,), ("update-switch-members",), look=plain.look)
        self.arena.ask(
            "updateSwitchMembers",
            "owner",
            expected_response,
            {**ME, "switchId": switch.id},
            json=refs,
        )

    @step
    def look(self, view: View, *, passing: bool) -> None:
        """Send a read; in `passing` when nothing may depend on it."""
        self.arena.ask(
            view.operation,
            view.caller,
            view.expected_response,
            view.refs,
            query=view.query,
            passing=passing,
        )

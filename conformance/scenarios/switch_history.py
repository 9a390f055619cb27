"""A switch history that the run makes: each request is sent once, and many checks share the responses.

All but two switches are years old, where no other check logs any: the current fronters change only with those two.
Which responses are expected is in `conformance.checks.switches`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import need_list
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account, Entity
    from conformance.http import Exchange

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
MICROSECONDS = 6
DASHED = 6  # letters of a short id that can be split by a dash


def moment(text: object) -> dt.datetime | None:
    """Return the instant that an RFC 3339 text names, to the microsecond; None when it names none."""
    if not isinstance(text, str) or not MOMENT.fullmatch(text):
        return None
    shortened = re.sub(r"\.(\d+)", lambda found: f".{found[1][:MICROSECONDS]:0<6}", text)
    try:
        return dt.datetime.fromisoformat(shortened)
    except ValueError:
        return None


def member_ids(row: dict[str, Any]) -> list[str]:
    """Return the ids of a switch's members, sorted, whether it shows ids or objects."""
    members = row.get("members")
    rows = members if isinstance(members, list) else []
    return sorted(str(one.get("id") if isinstance(one, dict) else one) for one in rows)


class SwitchHistory:
    """Switches of two members, `first` and `second`, and the response to each step."""

    def __init__(self, account: Account, first: Entity, second: Entity) -> None:
        """Take the members; nothing is sent before the first response is asked for."""
        self.account, self.first, self.second = account, first, second
        start = dt.datetime(2014, 3, 4, 5, tzinfo=dt.UTC)
        self.start = start + dt.timedelta(seconds=account.random.randrange(10**6))
        self._responses: dict[str, Exchange | Outcome] = {}
        self._made: dict[str, Entity] = {}
        self.renamed = account.name()  # name of the second member after the switch was logged

    def at(self, minute: int) -> str:
        """Return the time so many minutes into the history, as requests carry it."""
        return (self.start + dt.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def response(self, step: str) -> Exchange:
        """Return the response of one step; raises what kept it from being sent."""
        if not self._responses:
            for name, send in self._steps():
                self._responses[name] = outcome_of(send)
        return value_or_raise(self._responses[step])

    def with_fraction(self, minute: int) -> str:
        """Return a time a quarter of a second later than `at`; a server may keep or cut the fraction."""
        return self.at(minute).replace("Z", ".25Z")

    def with_offset(self, minute: int) -> str:
        """Return the same time as `at`, written with an offset of two hours."""
        there = self.start + dt.timedelta(minutes=minute, hours=2)
        return there.strftime("%Y-%m-%dT%H:%M:%S+02:00")

    def switch(self, name: str) -> Entity:
        """Return a switch by the step that made it."""
        self.response(name)
        return self._entity(name)

    def rows(self, step: str) -> list[dict[str, Any]]:
        """Return the switches of a list that lie in the time of this history."""
        rows = [row for row in need_list(self.response(step)) if isinstance(row, dict)]
        return [row for row in rows if self._in_time(row)]

    def _steps(self) -> Iterator[tuple[str, Callable[[], Exchange]]]:
        one, two = self.first, self.second
        both = {"members": [two.id, one.id]}
        early = {"members": [one.id], "timestamp": self.at(1)}
        yield "short id", lambda: self._create("short id", early)
        yield "now", lambda: self._create("now", both)
        yield "fronters now", lambda: self._read("getFronters")
        # Logged after the current one, but for an earlier time: the fronters stay the same.
        fraction = {"members": [two.uuid], "timestamp": self.with_fraction(2)}
        yield "uuid", lambda: self._create("uuid", fraction)
        yield "read short id", lambda: self._read("getSwitch", "short id")
        yield "read uuid", lambda: self._read("getSwitch", "uuid")
        yield "fronters", lambda: self._read("getFronters")
        # The same fronters in their other id formats.
        same = {"members": [two.uuid, one.uuid]}
        yield "same", lambda: self._create("same", same)
        yield "same members", lambda: self._members("now", [two.uuid, one.id])
        yield "rename", lambda: self._rename(two)
        yield "fronters kept", self._fronters_kept
        yield from self._rejected()
        yield from self._changed()
        yield "delete", lambda: self.account.delete(self._entity("uuid"))
        yield "read deleted", lambda: self._read("getSwitch", "uuid")
        yield "list deleted", self._list
        yield "in_format", self._in_format
        yield "again", self._again
        yield "switch-out", lambda: self._create("switch-out", {"members": []})
        yield "fronters after switch-out", lambda: self._read("getFronters")
        yield "switch-out again", lambda: self._create("switch-out again", {"members": []})
        yield (
            "delete switch-out again",
            lambda: self.account.delete(self._entity("switch-out again")),
        )
        yield "delete switch-out", lambda: self.account.delete(self._entity("switch-out"))
        yield "fronters after delete", lambda: self._read("getFronters")
        yield "newest after delete", lambda: self._switches({"limit": "1"})
        yield "second switch-out", lambda: self._create("second switch-out", {"members": []})
        yield (
            "move second switch-out",
            lambda: self._move("second switch-out", {"timestamp": self.at(7)}),
        )
        yield "fronters moved", lambda: self._read("getFronters")
        yield (
            "delete second switch-out",
            lambda: self.account.delete(self._entity("second switch-out")),
        )
        # Otherwise these members would front, and later checks could not log the same ones.
        yield "delete now", lambda: self.account.delete(self._entity("now"))
        yield "delete short id", lambda: self.account.delete(self._entity("short id"))
        yield "delete with offset", lambda: self.account.delete(self._entity("with offset"))
        yield "delete again", lambda: self.account.delete(self._entity("again"))

    def _rejected(self) -> Iterator[tuple[str, Callable[[], Exchange]]]:
        """Yield the writes that must be rejected, and a list of what is there after them."""
        one, two, taken = self.first.id, self.second.id, self.at(1)
        twice = {"members": [one, two, one], "timestamp": self.at(3)}
        yield "duplicates", lambda: self._create("duplicates", twice)
        yield "duplicate members", lambda: self._members("uuid", [one, two, one])
        late = {"members": [self.second.id], "timestamp": taken}
        yield "taken", lambda: self._create("taken", late)
        again = {"members": [self.second.id], "timestamp": taken.replace("Z", ".000000Z")}
        yield "taken in other words", lambda: self._create("taken in other words", again)
        yield "taken move", lambda: self._move("uuid", {"timestamp": taken})
        yield "memberless", lambda: self._create("memberless", {"timestamp": self.at(4)})
        yield "list", self._list

    def _changed(self) -> Iterator[tuple[str, Callable[[], Exchange]]]:
        """Yield the changes of a middle switch, of the earliest and of the current one, and where they show."""
        one, two = self.first, self.second
        yield "move", self._move_to_offset
        yield "read moved", lambda: self._read("getSwitch", "uuid")
        yield "move nowhere", lambda: self._move("uuid", {})
        yield "move to null", lambda: self._move("uuid", {"timestamp": None})
        yield "members short id", lambda: self._members("now", [two.id])
        yield "fronters changed", lambda: self._read("getFronters")
        yield "newest", lambda: self._switches({"limit": "1"})
        # Against the order of the ids, so that sorting them shows.
        last, early = (one, two) if one.id > two.id else (two, one)
        yield "members uuid", lambda: self._members("short id", [last.uuid, early.id])
        yield "read members uuid", lambda: self._read("getSwitch", "short id")
        yield "members written", lambda: self._members("uuid", self._id_formats())
        yield "members none", lambda: self._members("uuid", [])
        yield "fronters beside", lambda: self._read("getFronters")
        # The time that the moved switch had: it is free again.
        free = self.with_offset(2).replace("+", ".25+")
        there = {"members": [one.id], "timestamp": free}
        yield "with offset", lambda: self._create("with offset", there)
        yield "list changed", self._list
        # In the second of another one.
        beside = {"members": [two.id], "timestamp": self.with_fraction(1)}
        yield "same second", lambda: self._create("same second", beside)
        yield "list same second", self._list
        yield "delete same second", lambda: self.account.delete(self._entity("same second"))

    def _create(self, name: str, body: dict[str, Any]) -> Exchange:
        exchange = self.account.log_switch(body)
        made = self.account.adopt("switch", body, exchange)
        if made is not None:
            self._made[name] = made
        return exchange

    def _members(self, name: str, refs: list[str]) -> Exchange:
        return self.account.owner.send("updateSwitchMembers", self._entity(name).refs, json=refs)

    def _move(self, name: str, body: dict[str, Any]) -> Exchange:
        return self.account.owner.send("updateSwitch", self._entity(name).refs, json=body)

    def _rename(self, member: Entity) -> Exchange:
        return self.account.owner.send("updateMember", member.refs, json={"name": self.renamed})

    def _id_formats(self) -> list[str]:
        """Return both members, in upper case and with a dash where ids may be written so."""
        one, two = self.first.id, self.second.id
        if "id-accepted-uppercase" not in self.account.contract.requirements:
            return [two, one]
        return [two.upper(), _dashed(one)]

    def _in_format(self) -> Exchange:
        """Log a switch at the time of the one that was deleted."""
        return self._create("again", {"members": self._id_formats(), "timestamp": self.at(0)})

    def _again(self) -> Exchange:
        """Return the same response; send it with short ids where others are rejected."""
        in_format = self._responses["in_format"]
        if not isinstance(in_format, Outcome) and in_format.ok:
            return in_format
        plain = [self.second.id, self.first.id]
        return self._create("again", {"members": plain, "timestamp": self.at(0)})

    def _read(self, operation: str, name: str | None = None) -> Exchange:
        return self.account.owner.send(operation, self._entity(name).refs if name else ME)

    def _move_to_offset(self) -> Exchange:
        """Move a switch to a time with an offset; to the same time in UTC where that is rejected."""
        exchange = self._move("uuid", {"timestamp": self.with_offset(0)})
        return exchange if exchange.ok else self._move("uuid", {"timestamp": self.at(0)})

    def _fronters_kept(self) -> Exchange:
        exchange = self._read("getFronters")
        self._claim(exchange)
        return exchange

    def _list(self) -> Exchange:
        exchange = self._switches({"before": self.at(59)})
        self._claim(exchange)
        return exchange

    def _switches(self, query: dict[str, str]) -> Exchange:
        return self.account.owner.send("getSystemSwitches", ME, query=query)

    def _claim(self, exchange: Exchange) -> None:
        """Take switches of these members that no response showed into the account, so that they are deleted with the rest."""
        rows = exchange.json if isinstance(exchange.json, list) else [exchange.json]
        ours = {ref for member in (self.first, self.second) for ref in (member.id, member.uuid)}
        for row in rows:
            fronters = set(member_ids(row)) if isinstance(row, dict) else set()
            if fronters and fronters <= ours and isinstance(row.get("id"), str):
                self.account.claim("switch", row["id"])

    def _in_time(self, row: dict[str, Any]) -> bool:
        found = moment(row.get("timestamp")) or NEVER
        return self.start <= found <= self.start + dt.timedelta(hours=1)

    def _entity(self, name: str) -> Entity:
        if name not in self._made:
            response = self._responses.get(name)
            reason = f"the switch of step {name!r} was not made"
            raise PreconditionFailed(reason, None if isinstance(response, Outcome) else response)
        return self._made[name]


def _dashed(ref: str) -> str:
    """Return a short id as two halves with a dash, or in upper case where it has none."""
    half = len(ref) // 2
    return f"{ref[:half]}-{ref[half:]}" if len(ref) == DASHED else ref.upper()


NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def two_members(account: Account) -> tuple[Entity, Entity]:
    """Two members who do not front before the checks of switches."""
    return account.member(), account.member()


@pytest.fixture(scope="session")
def history(account: Account, two_members: tuple[Entity, Entity]) -> SwitchHistory:
    """The switches that the checks of switches share."""
    return SwitchHistory(account, *two_members)

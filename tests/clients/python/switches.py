"""Switches and fronters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pluralkit.v2 import models  # type: ignore[import-not-found]

from tests.clients.python.run import equal, ids, raises

if TYPE_CHECKING:
    from tests.clients.python.run import Run

EARLIER = dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def fronters_before_any_switch(run: Run) -> None:
    """The server returns 204."""
    equal(run.own.get_fronters(), [])


def switch_create(run: Run) -> None:
    """Two members front."""
    run.made["switch"] = run.own.new_switch([run.made["member"], run.made["second"]])
    equal(ids(run.made["switch"].members), ids([run.made["member"], run.made["second"]]))


def fronters(run: Run) -> None:
    """They are shown, in their order."""
    seen = [one.name for one in run.own.get_fronters()]
    equal(seen, ["Robyn", "Sam"])


def switch_create_earlier(run: Run) -> None:
    """A switch of long ago."""
    run.made["earlier"] = run.own.new_switch([run.made["member"]], models.Timestamp(EARLIER))
    equal(run.made["earlier"].timestamp.json(), "2020-01-02T03:04:05.000000Z")


def switch_create_without_members(run: Run) -> None:
    """Nobody fronts."""
    run.made["nobody"] = run.own.new_switch([])
    equal(run.made["nobody"].members, [])
    equal(run.own.get_fronters(), [])


def switches_of_own_system(run: Run) -> None:
    """The newest is first; members are short ids."""
    seen = run.own.get_switches()
    expected = [run.made[key].id.uuid for key in ("nobody", "switch", "earlier")]
    equal([one.id.uuid for one in seen], expected)
    equal(seen[2].members[0].id, run.made["member"].id.id)


def switches_limit(run: Run) -> None:
    """No more than one."""
    equal([one.id.uuid for one in run.own.get_switches(limit=1)], [run.made["nobody"].id.uuid])


def switches_before(run: Run) -> None:
    """Only the earliest."""
    seen = run.own.get_switches(before=models.Timestamp(EARLIER + dt.timedelta(seconds=1)))
    equal([one.id.uuid for one in seen], [run.made["earlier"].id.uuid])


def switches_of_other_system(run: Run) -> None:
    """A long history has a hundred on one page."""
    equal(len(run.own.get_switches(run.made["other"].id)), 100)


def switch_read(run: Run) -> None:
    """One switch, with its members as objects."""
    read = run.own.get_switch(run.made["switch"].id)
    equal([one.name for one in read.members], ["Robyn", "Sam"])


def switch_update_members(run: Run) -> None:
    """Others front."""
    switch = run.made["switch"].id
    updated = run.own.update_switch(switch, members=[run.made["second"]])
    equal(ids(updated.members), ids([run.made["second"]]))
    equal(ids(run.own.get_switch(run.made["switch"].id).members), ids([run.made["second"]]))


def switch_update_timestamp(run: Run) -> None:
    """At another time."""
    later = models.Timestamp(EARLIER + dt.timedelta(days=1))
    run.own.update_switch(run.made["earlier"].id, timestamp=later)
    shown = run.own.get_switch(run.made["earlier"].id).timestamp.json()
    equal(shown, "2020-01-03T03:04:05.000000Z")


def switch_update_by_object(run: Run) -> None:
    """The client takes the switch itself, too."""
    run.own.update_switch(run.made["earlier"], members=[run.made["second"]])
    equal(ids(run.own.get_switch(run.made["earlier"].id).members), ids([run.made["second"]]))


def switch_same_members(run: Run) -> None:
    """The members that front already can't be logged again."""
    raises("GenericBadRequest", lambda: run.own.new_switch([]), "40004")


def switch_same_timestamp(run: Run) -> None:
    """Nor two switches at one time."""
    taken = run.own.get_switch(run.made["earlier"].id).timestamp
    members = [run.made["second"]]
    raises("GenericBadRequest", lambda: run.own.new_switch(members, taken), "40005")


def switch_not_found(run: Run) -> None:
    """No switch has the id."""
    unknown = models.SwitchId("c0ffee00-0000-4000-8000-000000000000")
    raises("SwitchNotFound", lambda: run.own.get_switch(unknown), "2000")


def switch_delete(run: Run) -> None:
    """It can't be read any more."""
    run.own.delete_switch(run.made["nobody"])
    raises("SwitchNotFound", lambda: run.own.get_switch(run.made["nobody"].id), "2000")
    equal([one.name for one in run.own.get_fronters()], ["Sam"])


def fronters_are_private(run: Run) -> None:
    """Others can't read who fronts."""
    run.own.update_system(front_privacy="private")
    system = run.made["system"].id
    raises("Unauthorized", lambda: run.anonymous.get_fronters(system), "30004")


def switches_are_private(run: Run) -> None:
    """Nor who fronted."""
    run.own.update_system(front_history_privacy="private")
    system = run.made["system"].id
    raises("Unauthorized", lambda: run.anonymous.get_switches(system), "30005")

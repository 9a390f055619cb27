"""A reproduction, pasted into a shell, shows the fault on the faulty server and not on the sound one."""

from __future__ import annotations

import json

import pytest

from conformance.mutation import reasons
from tests.reproductions.responses import comparable, without_order
from tests.reproductions.trials import OUT_OF_SCOPE, Drawn, draw, try_one

UUID = "385c5fdc-bad3-416b-a3b8-a8977df0fe6b"
# Faults that show in different ways: after a PATCH, in a list below a group, by an id in another form, in what others see, in the
# autoproxy of a member, without User-Agent.
FAULTS = (
    Drawn("patch_clears_unsent_member_keys", "2025-08", "patch"),
    Drawn("removes_all_on_remove", "2021-11", "memberships"),
    Drawn("group_members_are_not_listed_by_dashed", "2025-08", "ids"),
    Drawn("leaks_member_birthday", "2021-11", "privacy"),
    Drawn("autoproxy_patch_returns_old", "2025-08", "autoproxy"),
    Drawn("returns_missing_user_agent_as_text", "2025-08", "user_agent"),
)


@pytest.mark.long
@pytest.mark.unmeasured
@pytest.mark.parametrize("drawn", FAULTS, ids=lambda drawn: drawn.fault)
def test_reproduction_shows_the_fault(drawn: Drawn) -> None:
    """The last response is the judged one again on a new server with the fault, and another one without."""
    result = try_one(drawn, seed=1, whole=False)
    assert result.is_right, (result.problem, result.differs)


def test_draw_is_even_over_areas() -> None:
    """Each area has its turn before any has a second, the same seed draws the same, and none is out of scope."""
    drawn = draw(40, seed=1)
    assert drawn == draw(40, seed=1) != draw(40, seed=2)
    assert len({one.fault for one in drawn}) == 40
    areas = {one.area for one in drawn}
    assert {one.area for one in drawn[: len(areas)]} == areas
    assert areas.isdisjoint(OUT_OF_SCOPE)
    assert not any(reasons.is_sequence(one.fault) for one in drawn)


def test_ids_and_times_of_the_run_have_names() -> None:
    """Ids that were created have their names, in whichever form; others and old times stay what they are."""
    body = {"id": "abcdef", "uuid": UUID, "name": "public", "timestamp": "2014-03-14T11:19:22Z"}
    message = {"message": "member ABC-DEF not found"}
    ids = {"abcdef": "member1 id"}
    found = comparable(200, {"Date": "now", "X": "y"}, json.dumps([body, message]), ids, "")
    assert found == {
        "status": 200,
        "headers": {"x": "y"},
        "body": [
            {**body, "id": "<member1 id aaaaaa>", "uuid": "<other 0>"},
            {"message": "member <member1 id AAA-AAA> not found"},
        ],
    }
    assert comparable(200, {}, json.dumps(body), {}, "/members/abcdef")["body"]["id"] == "abcdef"


def test_lists_of_objects_have_no_order() -> None:
    """Lists are the same when their entries are, at any depth."""
    assert without_order({"a": [[2, 1], [3]]}) == without_order({"a": [[3], [1, 2]]})

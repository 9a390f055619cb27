"""What the model forecasts of a member, and what it says that a difference violates."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contract import load
from conformance.properties.expected_entities import Sight
from conformance.properties.model import AccountState, Switch, Thing

CONTRACT = load()


def member(**body: Any) -> tuple[Thing, dict[str, Any]]:
    """Return a new member, and what a server that keeps the docs shows its owner."""
    thing = Thing.posted(CONTRACT, "Member", {"name": "Robin", **body})
    thing.learn({"id": "abcde", "uuid": "u", "created": "2024-01-01T00:00:00Z"})
    return thing, {**thing.values, "privacy": dict(thing.privacy)}


def broken(thing: Thing, body: Any, *, owner: bool) -> set[str]:
    """Return what a body violates."""
    found = Sight(thing, "getMember", owner).differences(body)
    return {rule for one in found for rule in one.violates}


def test_the_owner_sees_what_was_sent() -> None:
    """A faithful body violates nothing, whatever else it holds."""
    thing, shown = member(color="ABCDEF", proxy_tags=[{"prefix": "a", "suffix": None}])
    shown |= {"color": "abcdef", "undocumented": 1}
    assert not broken(thing, shown, owner=True)


def test_a_key_that_a_patch_did_not_name_stays() -> None:
    """Its loss is reported as such."""
    thing, shown = member(pronouns="they/them")
    thing.patch({"description": "new"})
    shown |= {"description": "new", "pronouns": None}
    assert broken(thing, shown, owner=True) == {"patch-preserves-missing-keys"}


def test_others_do_not_see_what_is_private() -> None:
    """A shown birthday violates the requirement of its privacy key."""
    thing, shown = member(birthday="1990-01-01", privacy={"birthday_privacy": "private"})
    others = {**shown, "privacy": None, "autoproxy_enabled": None}
    assert "member-birthday-privacy" in broken(thing, others, owner=False)
    assert not broken(thing, {**others, "birthday": None}, owner=False)


def test_a_missing_key_is_reported() -> None:
    """Null has to be there."""
    thing, shown = member()
    del shown["banner"]
    assert broken(thing, shown, owner=True) == {
        "responses-contain-all-keys",
        "missing-value-is-null",
    }


def test_deleting_a_member_leaves_its_switches_open() -> None:
    """The docs do not tell who is in a switch after one of its members is gone."""
    thing, _ = member()
    account_state = AccountState(thing, {}, members=[thing], switches=[Switch("s", None, [thing])])
    account_state.delete(thing)
    assert account_state.switches[0].members is None
    assert not account_state.may_hold([thing])


SHOWN = {"birthday": "1990-01-01", "privacy": {"birthday_privacy": "private"}}


@pytest.mark.parametrize(
    ("changed", "owner", "rules"),
    [
        ({"birthday": None}, True, {"own-token-shows-private-fields"}),
        ({"privacy": None}, True, {"privacy-object-shown-to-owner"}),
        ({"privacy": {"visibility": "hidden"}}, True, {"privacy-values-public-private"}),
        ({"privacy": {}}, True, {"responses-contain-all-keys"}),
        ({"privacy": {"visibility": "public"}}, False, {"privacy-object-null-for-others"}),
        ({"name": "Somebody"}, False, {"auth-optional-for-public-reads"}),
        ({"color": "000000"}, True, {"post-clears-missing-keys"}),
        ({"proxy_tags": None}, True, {"post-clears-missing-keys"}),
    ],
)
def test_what_a_wrong_value_violates(
    changed: dict[str, Any],
    rules: set[str],
    *,
    owner: bool,
) -> None:
    """Each difference of a body from what was set names the requirement that it violates."""
    thing, shown = member(**SHOWN)
    if not owner:
        shown |= {"birthday": None, "privacy": None, "autoproxy_enabled": None}
    found = broken(thing, shown | changed, owner=owner)
    assert rules <= found, found


def test_what_is_no_object() -> None:
    """Something else than an object is one difference."""
    thing, _ = member()
    [found] = Sight(thing, "getMember", owner=True).differences([])
    assert found.expected == "an object"


def test_what_the_response_to_a_patch_violates() -> None:
    """A value that the PATCH named is missed in its response, and in what was stored by the next read."""
    thing, shown = member(pronouns="they")
    body = {"pronouns": None, "privacy": {"name_privacy": "private"}}
    thing.patch(body)
    responses = Sight(thing, "updateMember", owner=True, responses=body)
    violates = [found.violates for found in responses.differences(shown | {"pronouns": "they"})]
    assert all("update-member-returns-member" in rules for rules in violates)
    assert any("patch-null-clears-value" in rules for rules in violates)
    read = Sight(thing, "getMember", owner=True)
    named = {rule for found in read.differences(shown) for rule in found.violates}
    assert "update-member-persists" in named

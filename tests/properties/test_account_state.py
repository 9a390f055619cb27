"""What is expected of a member, and what a difference from it violates."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contract import load
from conformance.properties.account_state import AccountState, EntityState, Switch
from conformance.properties.expected_entities import ExpectedEntity

CONTRACT = load()


def member(**body: Any) -> tuple[EntityState, dict[str, Any]]:
    """Return a new member, and what a conformant server shows its owner."""
    entity = EntityState.posted(CONTRACT, "Member", {"name": "Robin", **body})
    entity.take_chosen({"id": "abcde", "uuid": "u", "created": "2024-01-01T00:00:00Z"})
    return entity, {**entity.values, "privacy": dict(entity.privacy)}


def violated(entity: EntityState, body: Any, *, owner: bool) -> set[str]:
    """Return what a body violates."""
    found = ExpectedEntity(entity, "getMember", owner).differences(body)
    return {name for one in found for name in one.violates}


def test_the_owner_sees_what_was_sent() -> None:
    """A body with what was sent violates nothing, whatever else it holds."""
    entity, shown = member(color="ABCDEF", proxy_tags=[{"prefix": "a", "suffix": None}])
    shown |= {"color": "abcdef", "undocumented": 1}
    assert not violated(entity, shown, owner=True)


def test_a_key_that_a_patch_did_not_name_stays() -> None:
    """Its loss is reported as such."""
    entity, shown = member(pronouns="they/them")
    entity.patch({"description": "new"})
    shown |= {"description": "new", "pronouns": None}
    assert violated(entity, shown, owner=True) == {"patch-preserves-missing-keys"}


def test_others_do_not_see_what_is_private() -> None:
    """A shown birthday violates the requirement of its privacy key."""
    entity, shown = member(birthday="1990-01-01", privacy={"birthday_privacy": "private"})
    others = {**shown, "privacy": None, "autoproxy_enabled": None}
    assert "member-birthday-privacy" in violated(entity, others, owner=False)
    assert not violated(entity, {**others, "birthday": None}, owner=False)


def test_a_missing_key_is_reported() -> None:
    """Null has to be there."""
    entity, shown = member()
    del shown["banner"]
    assert violated(entity, shown, owner=True) == {
        "responses-contain-all-keys",
        "missing-value-is-null",
    }


def test_deleting_a_member_leaves_its_switches_open() -> None:
    """The docs leave open who is in a switch after one of its members is deleted."""
    entity, _ = member()
    account_state = AccountState(
        entity, {}, members=[entity], switches=[Switch("s", None, [entity])]
    )
    account_state.delete(entity)
    assert account_state.switches[0].members is None
    assert not account_state.has_none_alike([entity])


SHOWN = {"birthday": "1990-01-01", "privacy": {"birthday_privacy": "private"}}


@pytest.mark.parametrize(
    ("changed", "owner", "expected"),
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
    expected: set[str],
    *,
    owner: bool,
) -> None:
    """Each difference of a body from what was set names the requirement that it violates."""
    entity, shown = member(**SHOWN)
    if not owner:
        shown |= {"birthday": None, "privacy": None, "autoproxy_enabled": None}
    found = violated(entity, shown | changed, owner=owner)
    assert expected <= found, found


def test_what_is_no_object() -> None:
    """Something else than an object is one difference."""
    entity, _ = member()
    [found] = ExpectedEntity(entity, "getMember", owner=True).differences([])
    assert found.expected == "an object"


def test_what_the_response_to_a_patch_violates() -> None:
    """A wrong value of a key of the PATCH violates one requirement in its response, and another in a read."""
    entity, shown = member(pronouns="they")
    body = {"pronouns": None, "privacy": {"name_privacy": "private"}}
    entity.patch(body)
    response = ExpectedEntity(entity, "updateMember", owner=True, patch_body=body)
    violates = [found.violates for found in response.differences(shown | {"pronouns": "they"})]
    assert all("update-member-returns-member" in one for one in violates)
    assert any("patch-null-clears-value" in one for one in violates)
    read = ExpectedEntity(entity, "getMember", owner=True)
    named = {name for found in read.differences(shown) for name in found.violates}
    assert "update-member-persists" in named

"""The field table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract.fields import MISSING, OWNER_ONLY

if TYPE_CHECKING:
    from conformance.contract import Contract


def test_name_of_a_member(contract: Contract) -> None:
    """A member's name is required in POST, never null, and hidden behind the display name."""
    field = contract.field("Member", "name")
    assert (field.in_post, field.in_patch, field.required_in_post) == (True, True, True)
    assert not field.nullable
    assert field.hidden_by == "name_privacy"
    assert field.hidden_name
    assert field.name == "member.name"


@pytest.mark.parametrize("model", ["System", "Member", "Group"])
@pytest.mark.parametrize("key", ["id", "uuid", "created"])
def test_identity_is_read_only(contract: Contract, model: str, key: str) -> None:
    """Nobody sets id, uuid and created."""
    field = contract.field(model, key)
    assert field.read_only
    assert not field.in_post
    assert not field.in_patch


def test_nullable_text(contract: Contract) -> None:
    """A text that may be cleared is nullable, not required, and null after a POST without it."""
    field = contract.field("Member", "pronouns")
    assert field.nullable
    assert not field.required_in_post
    assert field.hidden_by == "pronoun_privacy"
    assert not field.hidden_name
    assert field.post_default is None


def test_nullable_object(contract: Contract) -> None:
    """A key whose schema is a choice of an object and null is nullable."""
    assert contract.field("Member", "privacy").nullable
    assert contract.field("Member", "privacy").hidden_by == OWNER_ONLY


def test_silence_is_not_null(contract: Contract) -> None:
    """Where the contract says no default, the field has none, not even null."""
    assert contract.field("Member", "name").post_default is MISSING


def test_fields_of_one_model(contract: Contract) -> None:
    """The fields of a model are its keys, in the document's order."""
    keys = [field.key for field in contract.fields_of("Group")]
    assert keys == list(contract.document["components"]["schemas"]["Group"]["properties"])
    assert contract.fields_of("Nobody") == ()


def test_unknown_field(contract: Contract) -> None:
    """Asking for a key that the model does not have raises KeyError with both names."""
    with pytest.raises(KeyError, match="colour"):
        contract.field("Member", "colour")


def test_privacy_keys(contract: Contract) -> None:
    """Each key of a privacy object says what it hides, closes and takes out of lists."""
    keys = {key.name: key for key in contract.privacy_keys_of("Member")}
    assert "name" in keys["member.name_privacy"].hides
    assert keys["member.visibility"].unlists
    system = {key.key: key for key in contract.privacy_keys_of("System")}
    assert system["front_privacy"].closes


def test_hidden_fields_and_privacy_keys_agree(contract: Contract) -> None:
    """A field is hidden by exactly the privacy key that says so."""
    by_field = {
        (field.model, field.hidden_by, field.key)
        for field in contract.fields
        if field.hidden_by and field.hidden_by != OWNER_ONLY
    }
    by_key = {(key.model, key.key, hidden) for key in contract.privacy_keys for hidden in key.hides}
    assert by_field == by_key


def test_about(contract: Contract) -> None:
    """Requirements are found by exactly the facts that they are about."""
    found = contract.about(model="Member", key="color")
    assert found
    assert all("color" in name for name in found)
    assert contract.about(model="Member") == ()

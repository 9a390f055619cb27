"""The matrix of keys: the checks of each cell, or the reason why it needs none."""

from __future__ import annotations

import pytest

from conformance.contract import load, revisions
from conformance.run.key_coverage import COLUMNS, Entry, matrix


def cells(revision: str) -> dict[tuple[str, str, str], Entry]:
    """Return the matrix by cell."""
    return {(one.model, one.key, one.column): one for one in matrix(load(revision))}


@pytest.mark.parametrize("revision", revisions())
def test_every_cell_has_a_check_or_a_reason(revision: str) -> None:
    """Each cell has checks, or a reason why it needs none."""
    assert [cell for cell, entry in cells(revision).items() if entry.is_open] == []


@pytest.mark.parametrize("revision", revisions())
def test_every_key_has_every_column(revision: str) -> None:
    """Every key of every model is there, with all columns."""
    found = cells(revision)
    for field in load(revision).fields:
        assert all((field.model, field.key, column) in found for column in COLUMNS)


@pytest.mark.parametrize(
    ("cell", "check"),
    [
        (("Member", "color", "clear"), "fields/formats::check_valid_value_is_stored"),
        (("Member", "color", "preserve"), "patch/keys::check_patch_keeps_other_keys"),
        (("Group", "icon", "limit"), "fields/limits::check_longer_text_is_rejected"),
        (("System", "uuid", "not-settable"), "fields/read_only::check_patch_does_not_set"),
        (("MemberPrivacy", "visibility", "preserve"), "patch/keys::check_patch_keeps_other_keys"),
        (("Member", "color", "present"), "fields/nulls::check_key_is_there"),
        (("Member", "color", "stored"), "post/defaults::check_sent_key_is_stored"),
        (("System", "color", "stored"), "patch/keys::check_patched_key_is_stored"),
        (("SystemSettings", "timezone", "stored"), "settings/settings::check_setting_is_stored"),
        (("SwitchWithIds", "id", "present"), "switches/switches::check_id_is_a_uuid"),
        (("Message", "member", "null"), "messages/messages::check_deleted_member_is_null"),
    ],
)
def test_checks_of_a_cell(cell: tuple[str, str, str], check: str) -> None:
    """A cell names the checks whose rows are about the key and whose requirements are about the column."""
    assert check in cells(revisions()[0])[cell].checks


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (("Member", "tts", "null"), "not nullable"),
        (("Member", "message_count", "preserve"), "no PATCH sets it"),
        (("Member", "color", "limit"), "no limit in the docs"),
        (("Member", "color", "privacy"), "never private"),
        (("Member", "color", "not-settable"), "settable"),
        (("Member", "message_count", "stored"), "no request sets it"),
        (("Member", "privacy", "stored"), "its keys have rows of their own"),
        (("SwitchWithIds", "members", "stored"), "it has what the switch itself has"),
        (
            ("AutoproxySettings", "guild_id", "present"),
            "A permission; no response of a server can contradict it.",
        ),
    ],
)
def test_reason_of_a_cell(cell: tuple[str, str, str], reason: str) -> None:
    """A cell without checks has the reason that follows from the contract."""
    entry = cells(revisions()[0])[cell]
    assert (entry.checks, entry.reason) == ((), reason)

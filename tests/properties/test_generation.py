"""What is sent is valid for certain."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from conformance.contract import load, revisions
from conformance.properties import strategies
from conformance.properties.valid_bodies import plain_text, valid_body

QUICK = hypothesis.settings(max_examples=30, deadline=None, database=None, derandomize=True)


@QUICK
@hypothesis.given(strategies.texts(100))
def test_texts_keep_their_limit_however_it_is_counted(text: str) -> None:
    """No text is blank, has blanks at its ends, or is too long in UTF-16."""
    assert text == text.strip() != ""
    assert len(text.encode("utf-16-le")) // 2 <= 100


@QUICK
@hypothesis.given(st.text())
def test_plain_text_is_stored_by_all_servers(text: str) -> None:
    """Any text becomes one that all servers store."""
    assert 0 < len(plain_text(text, 10).encode("utf-16-le")) // 2 <= 10


@pytest.mark.parametrize("revision", revisions())
def test_no_body_holds_what_is_left_to_other_checks(revision: str) -> None:
    """Keys that PluralKit production does not store are not sent."""
    contract = load(revision)
    body = {"hid_list_padding": "left", "privacy": {"icon_privacy": "private"}, "name": "x"}
    for model in ("Group", "SystemSettings"):
        if contract.fields_of(model):
            made = valid_body(contract, model, body, post=False)
            assert "hid_list_padding" not in made
            assert "name" not in made
            assert ("privacy" in made) == (model == "Group" and revision != "2021-11")

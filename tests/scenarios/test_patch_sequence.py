"""Which keys go into which PATCH of a sequence."""

from __future__ import annotations

import itertools
import json

import pytest

from conformance.contract import load, revisions
from conformance.http import Exchange, PreconditionFailed
from conformance.scenarios.patch_sequence import (
    MODELS,
    Change,
    PatchSequence,
    Step,
    body_of,
    changes_of,
    combinations_of,
    unnamed_changes,
)

CASES = list(itertools.product(revisions(), MODELS))


def exchange(text: str) -> Exchange:
    """Return an exchange whose response has this text."""
    return Exchange(
        id="e1",
        caller="owner",
        operation=load().operations["getMember"],
        method="GET",
        url="",
        request_headers={},
        request_body=None,
        status=200,
        headers={},
        text=text,
        milliseconds=0,
    )


@pytest.mark.parametrize(("revision", "model"), CASES)
def test_a_combination_separates_every_two_privacy_keys(revision: str, model: str) -> None:
    """Of any two privacy keys some combination has the first and not the second, and no combination is empty."""
    privacy = [change for change in changes_of(load(revision), model) if change.private]
    combinations = combinations_of(privacy)
    for first, second in itertools.permutations(privacy, 2):
        assert any(
            first in combination and second not in combination for combination in combinations
        )
    assert all(combinations)


def test_body() -> None:
    """Privacy keys go into the privacy object, which is left out when there are none."""
    name, level = (
        Change("Member", "name", private=False),
        Change("Member", "visibility", private=True),
    )
    assert body_of({name: "a"}) == {"name": "a"}
    assert body_of({name: "a", level: "private"}) == {
        "name": "a",
        "privacy": {"visibility": "private"},
    }


def test_unnamed_changes() -> None:
    """Differences among the keys that a step did not name are returned, privacy keys one by one; counters are left out."""
    before = {
        "name": "a",
        "color": None,
        "message_count": 0,
        "privacy": {"visibility": "public", "name_privacy": "public"},
    }
    after = exchange(
        '{"name": "b", "color": "000000", "message_count": 1,'
        ' "privacy": {"visibility": "private", "name_privacy": "public"}}'
    )
    step = Step({Change("Member", "name", private=False): "b"}, before, after, after)
    assert unnamed_changes(step, after) == {
        "before": {"color": None, "privacy.visibility": "public"},
        "after": {"color": "000000", "privacy.visibility": "private"},
    }


PRONOUNS = Change("Member", "pronouns", private=False)


def sequence(*shown: tuple[str | None, str]) -> PatchSequence:
    """Return a sequence whose first PATCH sets pronouns, after whose steps a GET shows these pronouns, and this privacy."""
    made = PatchSequence.__new__(PatchSequence)
    made.contract = load()
    bodies = [{"pronouns": p, "privacy": {"pronoun_privacy": level}} for p, level in shown]
    reads = [exchange(json.dumps(body)) for body in bodies]
    made._steps = {"Member": [Step({}, {}, read, read) for read in reads]}  # noqa: SLF001 nothing is sent here
    made._steps["Member"][0].values = {PRONOUNS: "they"}  # noqa: SLF001 as above
    return made


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ([("they", "public"), (None, "private"), ("they", "public")], True),
        ([("they", "public"), (None, "private"), (None, "public")], False),
        ([("they", "public"), (None, "public"), ("they", "public")], False),
        ([("they", "public"), (None, "private")], False),
    ],
    ids=["shown again", "lost", "public all the time", "private to the end"],
)
def test_hidden_is_not_lost(shown: list[tuple[str | None, str]], *, hidden: bool) -> None:
    """What is not shown while it is private is hidden from its owner only when it is there again afterwards, untouched."""
    before = {"privacy.pronoun_privacy": "private"}
    if hidden:
        with pytest.raises(PreconditionFailed, match="hidden from its owner"):
            sequence(*shown).need_shown("Member", ["pronouns"], before)
    else:
        sequence(*shown).need_shown("Member", ["pronouns"], before)
    sequence(*shown).need_shown("Member", ["pronouns", "tts"], before)

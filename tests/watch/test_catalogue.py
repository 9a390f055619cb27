"""The catalogue of habits."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from conformance.contract import revisions
from conformance.contract.document import read_yaml
from conformance.contract.requirements import read_catalogue
from conformance.watch.catalogue import FILE, explain_unknown, habits_at, read_habits


def test_file_follows_its_schema() -> None:
    """The file has what its schema says, and each id once."""
    schema = json.loads(FILE.with_name("habits.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(read_yaml(FILE))
    ids = [habit.id for habit in read_habits()]
    assert len(ids) == len(set(ids))
    assert {row.id for row in read_catalogue()}.isdisjoint(ids)


def test_each_habit_has_a_source() -> None:
    """The docs have the section that a habit names, at a revision that there is."""
    sections = {(row.page, row.section) for row in read_catalogue()}
    for habit in read_habits():
        row = habit.requirement
        assert (row.page, row.section) in sections, row.id
        assert row.since in revisions()


def test_areas_stand_together() -> None:
    """The habits of one area follow each other, as reports show them."""
    areas = [habit.requirement.area for habit in read_habits()]
    assert areas == sorted(areas, key=areas.index)


def test_launch_knew_neither_user_agent_nor_limits() -> None:
    """What the docs did not say yet is no habit at that revision."""
    newer = {habit.id for habit in habits_at("2025-08")} - {
        habit.id for habit in habits_at("2021-11")
    }
    assert newer == {
        "client-sends-user-agent",
        "client-names-itself",
        "client-gives-contact",
        "client-keeps-rate",
        "client-heeds-retry-after",
    }


def test_unknown_name_has_a_remedy() -> None:
    """A name that is nearly one says which may be meant; another says where the names are."""
    assert explain_unknown(["client-token-bare"]) == ""
    assert "did you mean 'client-token-bare'?" in explain_unknown(["client-token-bear"])
    assert "docs/watch.md" in explain_unknown(["zzz"])

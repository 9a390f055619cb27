"""The requirement catalogue as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import revisions
from conformance.contract.document import data_folder, read_yaml
from conformance.contract.requirements import Requirement, areas, read_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.contract import Contract

FOLDER = data_folder() / "requirements"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_files_fit_their_schema(file: Path) -> None:
    """Every file of the catalogue fits the schema beside it."""
    name = file.stem if (FOLDER / f"{file.stem}.schema.json").exists() else "requirement"
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(read_yaml(file))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_areas_have_headings() -> None:
    """The areas with a heading are those of the requirements."""
    assert {row.area for row in read_catalogue()} == set(areas())


def test_ids_are_unique() -> None:
    """No two requirements share an id."""
    names = [requirement.id for requirement in read_catalogue()]
    assert len(names) == len(set(names))
    assert len(names) > 300


def test_operations_exist(contract: Contract) -> None:
    """Every operation that a requirement names is one of the contract."""
    named = {name for row in read_catalogue() for name in row.operations}
    assert named
    assert named <= set(contract.operations)


def test_should_says_why() -> None:
    """Every requirement that is no MUST says what the docs leave open."""
    should = [row for row in read_catalogue() if row.level == "should"]
    assert should
    for row in should:
        assert row.should_because, row.id
        assert row.should_because != row.text
    assert not [row.id for row in read_catalogue() if row.should_because and row not in should]


def test_same_as_names_a_requirement() -> None:
    """An entry that repeats another one names one that exists."""
    known = {row.id for row in read_catalogue()}
    assert {row.same_as for row in read_catalogue() if row.same_as} <= known


def test_contract_holds_what_stands_at_its_revision(contract: Contract) -> None:
    """A contract has the requirements of its revision, and no others."""
    expected = {row.id for row in read_catalogue() if row.holds_at(revisions()[0])}
    assert set(contract.requirements) == expected


@pytest.mark.parametrize(
    ("since", "until", "revision", "holds"),
    [
        ("2021-11", None, "2025-08", True),
        ("2025-08", None, "2021-11", False),
        ("2021-11", "2021-11", "2021-11", True),
        ("2021-11", "2021-11", "2025-08", False),
    ],
)
def test_revisions_of_a_requirement(
    since: str, until: str | None, revision: str, *, holds: bool
) -> None:
    """A requirement holds from its first revision to its last, both included."""
    row = Requirement("id", "S.", "must", "Area", "page", "section", since, until)
    assert row.holds_at(revision) is holds


def test_url_leads_to_the_section_of_the_docs(contract: Contract) -> None:
    """A requirement has the URL of its section; a section of the changelog is a date, which is no anchor."""
    rows = contract.requirements
    assert rows["user-agent-required"].url == "https://pluralkit.me/api/reference#user-agent"
    assert rows["v1-deprecated"].url == "https://pluralkit.me/api/changelog"

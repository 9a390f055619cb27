"""Contract, catalogue and checks agree; the docstring of a failing test says what to correct."""

from __future__ import annotations

import pytest

from conformance.cli.requirements import TO_COME, coverage
from conformance.contract import load, revisions
from conformance.contract.requirements import read_catalogue
from conformance.run.checks_by_requirement import checks_by_requirement, named_rows


@pytest.mark.parametrize("revision", revisions())
def test_every_requirement_has_a_check_or_a_reason(revision: str) -> None:
    """A requirement has a check, or an exclusion with its reason."""
    contract = load(revision)
    checks = checks_by_requirement(contract)
    rows = contract.requirements.values()
    assert [row.id for row in rows if coverage(row, checks) == TO_COME] == []


@pytest.mark.parametrize("revision", revisions())
def test_every_operation_has_a_requirement(revision: str) -> None:
    """An operation without a requirement needs one in openapi/requirements/."""
    contract = load(revision)
    named = {name for row in contract.requirements.values() for name in row.operations}
    assert set(contract.operations) - named == set()


@pytest.mark.parametrize("revision", revisions())
def test_catalogue_and_document_have_the_same_keys(revision: str) -> None:
    """The catalogue lists the keys of each model; a key of only one of the two has to be added to the other."""
    contract = load(revision)
    listed = {
        row.about["model"]: set(row.about["keys"])
        for row in contract.requirements.values()
        if row.kind == "keys"
    }
    schemas = contract.document["components"]["schemas"]
    required = {model: set(schemas[model]["required"]) for model in listed}
    assert required == listed


def test_checks_name_known_requirements() -> None:
    """An id that a check names is in the catalogue; a misspelt or removed one has to be corrected in the check."""
    known = {row.id for row in read_catalogue()}
    rows = [row for revision in revisions() for row in named_rows(load(revision))]
    assert {name for _, _, names in rows for name in names} - known == set()


@pytest.mark.parametrize("revision", revisions())
def test_excluded_requirements_have_no_check(revision: str) -> None:
    """An excluded requirement has no check; if it has one, remove the exclusion."""
    contract = load(revision)
    checked = checks_by_requirement(contract)
    assert [
        row.id for row in contract.requirements.values() if row.excluded and row.id in checked
    ] == []

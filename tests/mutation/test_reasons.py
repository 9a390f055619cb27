"""The reasons file is valid, and names only existing faults, requirements and revisions."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from conformance.contract import revisions
from conformance.contract.requirements import read_catalogue
from conformance.mutation import reasons, requirements_without_fault
from conformance.reference.faults import FAULTS

SCHEMA = reasons.FILE.with_name("reasons.schema.json")


def test_schema() -> None:
    """The file matches its schema."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(reasons.read())) == []


def test_names() -> None:
    """Faults, revisions and requirements exist."""
    content = reasons.read()
    known = {row.id for row in read_catalogue()}
    assert {row["fault"] for row in content["inert"]} <= FAULTS.keys()
    assert {
        name for row in content["needs_other_checks"] for name in row["faults"]
    } <= FAULTS.keys()
    assert {*reasons.fault_of_check().values()} <= FAULTS.keys()
    assert {row["revision"] for row in content["inert"]} <= {*revisions()}
    assert {*content["general"], *reasons.reason_of_gap()} <= known


def test_most_requirements_have_a_fault_of_their_own() -> None:
    """At least four of five MUST requirements with a check are violated alone by some fault."""
    for revision in revisions():
        alone, others = requirements_without_fault.split(revision)
        assert len(alone) >= 4 * len(others)

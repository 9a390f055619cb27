"""The harm that each requirement guards against."""

from __future__ import annotations

import pytest

from conformance.contract.harm import harm_of, harms
from conformance.contract.requirements import areas, read_catalogue
from conformance.reporting.weight import HARMS


def test_the_table_names_what_there_is() -> None:
    """Every area has a harm, and what has one of its own is in the catalogue."""
    rows = read_catalogue()
    content = harms()
    assert set(content["areas"]) == set(areas())
    assert set(content["kinds"]) <= {row.kind for row in rows}
    assert set(content["single"]) <= {row.id for row in rows}
    assert tuple(content["harms"]) == HARMS


def test_entries_say_something() -> None:
    """No entry repeats what holds without it."""
    content = harms()
    rows = {row.id: row for row in read_catalogue()}
    for name, harm in content["single"].items():
        row = rows[name]
        assert harm != content["kinds"].get(row.kind, content["areas"][row.area]), name


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("member-birthday-privacy", "access"),
        ("update-switch-members-only-own", "access"),
        ("patch-preserves-missing-keys", "loss"),
        ("delete-switch-204", "status"),
        ("error-has-message", "form"),
    ],
)
def test_harm_of_a_requirement(name: str, harm: str) -> None:
    """What is said of a requirement itself counts before what is said of its kind, and that before its area."""
    [row] = [row for row in read_catalogue() if row.id == name]
    assert harm_of(row) == harm

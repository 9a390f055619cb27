"""The file of known faults, and the document that shows it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tests.clients import document, table
from tests.clients.known_faults import SCHEMA, expected, known_faults, read, step_count
from tests.clients.published import PUBLISHED, Client


def test_file_fits_its_schema() -> None:
    """The file of known faults fits the schema beside it."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(read())
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_file_has_the_published_clients() -> None:
    """No client is missing, and none that is not driven stands there."""
    assert sorted(read()["clients"]) == sorted(client.name for client in PUBLISHED)


@pytest.mark.parametrize("client", PUBLISHED, ids=lambda client: client.name)
def test_a_step_has_one_reason(client: Client) -> None:
    """No step is listed twice for one mode, and fewer are listed than there are."""
    listed = [
        (step, mode)
        for row in known_faults(client.name)
        for step in row.steps
        for mode in row.modes
    ]
    assert len(set(listed)) == len(listed)
    assert len(expected(client.name, "docs")) < step_count(client.name)


def test_document_is_as_the_file_says() -> None:
    """docs/clients.md shows the table and the faults; `python -m tests.clients.document` writes them."""
    text = document.DOCUMENT.read_text("utf-8")
    assert all(part in text for part in document.parts().values())
    assert document.written(text) == text


def test_document_is_written_between_its_markers() -> None:
    """What stands around the parts is kept."""
    text = document.DOCUMENT.read_text("utf-8")
    stale = text
    for part in document.parts().values():
        stale = stale.replace(part, "stale\n")
    assert stale != text
    assert document.written(stale) == text


def test_table_lines_up() -> None:
    """Columns of the table in a terminal start below each other."""
    first, second = table.text([("a", "1", "docs", "10", "9", "1")])
    assert first.index("version") == second.index("1")
    assert second.split() == ["a", "1", "docs", "10", "9", "1"]

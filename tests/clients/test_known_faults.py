"""The file of known faults, and the document that shows it."""

from __future__ import annotations

import json
import secrets
import sys

import pytest
from jsonschema import Draft202012Validator

from tests.clients import document, table
from tests.clients.drivers import Step, Variables, drive
from tests.clients.known_faults import (
    SCHEMA,
    expected,
    known_faults,
    read,
    step_count,
    surprises,
)
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


def as_listed(client: str) -> list[Step]:
    """Return steps as the file says that they must be."""
    known = sorted(expected(client, "docs"))
    others = [f"step-{number}" for number in range(step_count(client) - len(known))]
    return [*(Step(name, "wrong") for name in known), *(Step(name, None) for name in others)]


def test_steps_as_listed_are_no_surprise() -> None:
    """All known faults and no other."""
    assert surprises("pkgo", "docs", as_listed("pkgo")) == []


def test_each_difference_is_a_surprise() -> None:
    """A new failure, a fault that is gone, a step that is gone, one that is there twice."""
    first, second, *rest = as_listed("pkgo")
    *rest, last = rest
    assert surprises("pkgo", "docs", [first, second, *rest, Step(last.name, "new")]) == [
        f"{last.name} fails, and is not listed: new"
    ]
    assert surprises("pkgo", "docs", [Step(first.name, None), second, *rest, last]) == [
        f"{first.name} passes, and is listed"
    ]
    assert surprises("pkgo", "docs", [second, *rest, last]) == [
        f"{first.name} is listed, and is no step",
        f"{step_count('pkgo') - 1} steps, not {step_count('pkgo')}",
    ]
    assert surprises("pkgo", "docs", [first, first, second, *rest]) == [
        f"{first.name} is there twice"
    ]


PRINTS = "import os; print(os.environ['PK_TOKEN' if {} else 'PK_GUILD'])"


@pytest.mark.parametrize("secret", [True, False])
def test_a_driver_prints_no_token(secret: bool) -> None:  # noqa: FBT001 - a case
    """A driver that prints a token fails, and neither its failure nor its variables show it."""
    token, other = secrets.token_hex(), secrets.token_hex()
    variables = Variables(PK_TOKEN=token, PK_OTHER_TOKEN=other, PK_GUILD="123")
    command = [sys.executable, "-c", PRINTS.format(secret)]
    if not secret:
        assert drive(command, variables) == []
        return
    with pytest.raises(AssertionError, match="prints tokens") as failure:
        drive(command, variables)
    assert token not in f"{failure.value}{failure.getrepr(showlocals=False)}{variables!r}"

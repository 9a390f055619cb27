"""The list of habits of published clients."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from conformance.watch.catalogue import read_habits
from tests.clients.habits import SCHEMA, habits_of, read
from tests.clients.published import PUBLISHED
from tests.clients.shown import READINGS, SERIES


def test_file_fits_its_schema() -> None:
    """The list fits the schema beside it."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(read())


def test_list_has_the_published_clients_and_habits_that_there_are() -> None:
    """No client is missing, and each habit is one of the catalogue that is read a second time."""
    assert read()["clients"].keys() == {client.name for client in PUBLISHED}
    named = {habit for client in PUBLISHED for habit in habits_of(client.name)}
    assert named <= {habit.id for habit in read_habits()}
    assert named == READINGS.keys() | SERIES.keys()

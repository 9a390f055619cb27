"""The texts to keep, and the keys that take them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import load, revisions
from conformance.contract.document import data_folder, read_yaml
from conformance.contract.texts import MODELS, mixed, text_fields, texts_for, whole

SHORTEST = 79  # characters that the shortest text key takes


def test_file_fits_its_schema() -> None:
    """The file of texts fits the schema beside it."""
    schema = json.loads((data_folder() / "texts.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(read_yaml(data_folder() / "texts.yaml"))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_texts_fit_in_units_of_utf_16() -> None:
    """Each text fits into the shortest key, also where an astral character counts twice."""
    assert all(len(one.text.encode("utf-16-le")) // 2 <= SHORTEST for one in (*mixed(), *whole()))


@pytest.mark.parametrize("revision", revisions())
def test_every_text_is_sent(revision: str) -> None:
    """The keys of all models together get every text, and each key all mixed ones and a whole one."""
    contract = load(revision)
    sent = {
        (model, key): [texts_for(contract, model, turn)[key] for turn in range(3)]
        for model in MODELS
        for key in texts_for(contract, model, 0)
    }
    assert {text for some in sent.values() for text in some} == {*mixed(), *whole()}
    assert all({*mixed()} < {*some} for some in sent.values())


def test_keys_with_a_form_of_their_own_take_no_text() -> None:
    """Names and descriptions take any text; colors, dates, URLs and members of a list do not."""
    assert [field.key for field in text_fields(load(), "Group")] == [
        "name",
        "display_name",
        "description",
    ]
    assert text_fields(load(), "AutoproxySettings") == []

"""Texts that a server keeps as they are sent (`openapi/texts.yaml`), and the keys that take any text. Nothing is sent from here."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING, Any

from conformance.contract.document import data_folder, read_yaml

if TYPE_CHECKING:
    from conformance.contract import Contract, Field

NOTHING = "nothing"
MODELS = ("System", "Member", "Group")
# Its values are refs of members, which the schema does not say.
REFS = ("autoproxy_member",)


@dataclasses.dataclass(frozen=True)
class Text:
    """One text, and what it is mistaken for as a whole: a date, a number, a boolean, nothing; empty where it is none of these."""

    text: str
    mistaken_for: str = ""


@functools.cache
def mixed() -> tuple[Text, ...]:
    """Return the texts with several things in them that servers are known to change."""
    return tuple(Text(row["text"]) for row in _read()["mixed"])


@functools.cache
def whole() -> tuple[Text, ...]:
    """Return the texts that look like something else as a whole."""
    return tuple(Text(row["text"], row["mistaken_for"]) for row in _read()["whole"])


def number() -> Text:
    """Return a text of digits that is none of the others."""
    digits = next(one for one in whole() if one.text.isdecimal() and one.mistaken_for == "number")
    return dataclasses.replace(digits, text=digits.text * 2)


def text_fields(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may carry and that take any of these texts."""
    return [field for field in contract.fields_of(model) if field.in_patch and _is_free(field)]


def texts_for(contract: Contract, model: str, turn: int) -> dict[str, Text]:
    """Return a text for each such key of a system, member or group: a mixed one, a whole one, or the other mixed one.

    The keys of all models together get every whole text.
    """
    earlier = (name for name in MODELS[: MODELS.index(model)])
    first = sum(len(text_fields(contract, name)) for name in earlier)
    texts = (mixed()[:1], whole(), mixed()[1:])[turn]
    return {
        field.key: texts[(first + number) % len(texts)]
        for number, field in enumerate(text_fields(contract, model))
    }


def _is_free(field: Field) -> bool:
    if "string" not in field.schema.get("type", ()) or field.key in REFS:
        return False
    pattern = field.schema.get("pattern", "")
    every = (*mixed(), *whole())
    return not {"format", "enum"} & field.schema.keys() and all(
        re.search(pattern, one.text) for one in every
    )


def _read() -> dict[str, Any]:
    rows: dict[str, Any] = read_yaml(data_folder() / "texts.yaml")
    return rows

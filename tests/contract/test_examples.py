"""The examples of the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract


def examples(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield every example below a node with its schema: of media types and headers."""
    if isinstance(node, list):
        for index, part in enumerate(node):
            yield from examples(part, f"{where}/{index}")
    if not isinstance(node, dict):
        return
    if "example" in node and isinstance(node.get("schema"), dict):
        yield where, node["schema"], node["example"]
    for key, part in node.items():
        if key not in ("example", "schema"):
            yield from examples(part, f"{where}/{key}")


EXAMPLES = list(examples(load().document))


def test_there_are_examples() -> None:
    """Most operations show what they take and response."""
    assert len(EXAMPLES) > 50


@pytest.mark.parametrize(("schema", "value"), [pytest.param(s, v, id=w) for w, s, v in EXAMPLES])
def test_example_fits_its_schema(contract: Contract, schema: dict[str, Any], value: Any) -> None:
    """Every example of the document is valid by the schema that it stands beside."""
    whole = {**schema, "components": contract.document["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    errors = Draft202012Validator(whole, format_checker=checker).iter_errors(value)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []

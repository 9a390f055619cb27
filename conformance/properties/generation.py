"""Requests that schemathesis generates from the contract, made safe to send to a server that somebody uses.

What is generated is valid for certain: no keys that the docs do not name, no NUL, no text that other ways of
counting find too long, URLs, dates and times that are real. Refs and times are left to the check that sends the request.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import hypothesis
import schemathesis
from hypothesis import strategies as st

from conformance.properties import constants

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract

constants.pin()

REALISTIC_FORMATS = ("uri", "date", "date-time")
LARGEST = 2**31 - 1  # integers that every server can read
LONGEST_AFFIX = 40  # of a proxy tag: two of them and the sample text stay below 100
BODIES = (dict, list, str, int, type(None))
CONFIG = {
    "generation": {"mode": "positive", "allow-x00": False, "codec": "utf-8", "database": "none"},
    "phases": {"coverage": {"enabled": False}, "examples": {"enabled": False}},
    "cache": {"enabled": False},
}

schemathesis.openapi.format(
    "uri",
    st.from_regex(r"\Ahttps://example\.(com|org)/[a-z0-9/_-]{1,80}\.(png|jpg|webp)\Z"),
)

schemathesis.openapi.format(
    "date-time",
    st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2025, 1, 1)).map(  # noqa: DTZ001 printed as UTC
        lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
)


@functools.cache
def operations(contract: Contract) -> Any:
    """Return the operations of the contract as schemathesis has them."""
    config = schemathesis.Config.from_dict(CONFIG)
    return schemathesis.openapi.from_dict(closed(contract.document), config=config)


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with request bodies that take only documented keys, and values that are valid for certain."""
    made = copy.deepcopy(document)
    schemas = made["components"]["schemas"]
    schemas["ProxyTagInput"] = {
        "type": "object",
        "required": ["prefix", "suffix"],
        "properties": {
            "prefix": {"type": "string", "minLength": 1, "maxLength": LONGEST_AFFIX},
            "suffix": {"type": ["string", "null"], "maxLength": LONGEST_AFFIX},
        },
    }
    for name, schema in schemas.items():
        if name.endswith(("Create", "Patch", "ProxyTagInput")):
            schema["additionalProperties"] = False
        _leave_to_formats(schema)
    _bound_integers(made["paths"])
    return made


def for_each(
    contract: Contract, operation: str, examples: int, seed: int, send: Callable[[Any], bool]
) -> None:
    """Call `send` with up to so many generated cases of the operation, until it returns False."""
    strategy = operations(contract).find_operation_by_id(operation).as_strategy()
    more = True

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def run(case: Any) -> None:
        nonlocal more
        if more:
            more = send(case)

    run()


@functools.cache
def invalid_bodies(contract: Contract, operation: str) -> tuple[Any, ...]:
    """Return the invalid bodies of the coverage phase, which violates each keyword of each key."""
    schema = operations(contract)
    found = schema.find_operation_by_id(operation)
    cases = schema.iter_coverage_cases(
        found,
        generation_modes=[schemathesis.GenerationMode.NEGATIVE],
        generation_config=schema.config.generation_for(operation=found),
    )
    return tuple(case.body for case in cases if isinstance(case.body, BODIES))


def _leave_to_formats(node: Any) -> None:
    """Let the format alone decide: a pattern beside it makes look-alikes such as 30 February.

    Nor is the length beside it of use: to violate it whole URLs are drawn until one is too long, for seconds; `invalid_bodies` has one.
    """
    if isinstance(node, dict):
        if node.get("format") in REALISTIC_FORMATS:
            node.pop("pattern", None)
            node.pop("maxLength", None)
        for child in node.values():
            _leave_to_formats(child)
    elif isinstance(node, list):
        for child in node:
            _leave_to_formats(child)


def _bound_integers(node: Any) -> None:
    """Keep integers of parameters to what 32 bits hold, and a page to what every server gives."""
    if isinstance(node, dict):
        if node.get("name") == "limit" and "schema" in node:
            node["schema"] |= {"minimum": 1, "maximum": 100}
        if node.get("type") == "integer":
            node.setdefault("maximum", LARGEST)
        for child in node.values():
            _bound_integers(child)
    elif isinstance(node, list):
        for child in node:
            _bound_integers(child)

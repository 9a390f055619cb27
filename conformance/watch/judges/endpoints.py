"""Habits about methods, paths and queries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from conformance.printable import shortened
from conformance.watch import bodies
from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import KEPT, Found, found, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.document import Schema
    from conformance.watch.history import History
    from conformance.watch.request import Request

LONGEST = 60  # characters of a path or a value that are shown
_INTEGER = re.compile(r"-?[0-9]{1,20}")
_BOOLEANS = {"true": True, "false": False}


@judge("client-documented-endpoints")
def is_documented(request: Request, _: History) -> Found | None:
    """The docs have the path, with whatever method."""
    shown = f"{request.method} {shortened(request.path, LONGEST)}"
    return found("" if request.place.template else shown)


@judge("client-documented-methods")
def has_documented_method(request: Request, _: History) -> Found | None:
    """The docs have the method there."""
    place = request.place
    if not place.template:
        return None
    if place.operation:
        return KEPT
    return Found(f"{request.method} {place.template}", row=f"{request.method} {place.template}")


@judge("client-no-trailing-slash")
def has_no_slash(request: Request, _: History) -> Found | None:
    """The path ends like the documented one."""
    if not request.place.template:
        return None
    return found(
        f"{request.method} {shortened(request.path, LONGEST)}"
        if request.place.ends_in_slash
        else ""
    )


@judge("client-no-needless-body")
def has_no_needless_body(request: Request, _: History) -> Found | None:
    """There is a body only where the docs have one."""
    if request.operation is None or request.operation.request_schema is not None:
        return None
    return found(f"{request.method} with a body" if request.body else "")


@judge("client-documented-query")
def has_documented_query(request: Request, _: History) -> Found | None:
    """The docs have each parameter."""
    if request.operation is None or not request.query:
        return None
    known = request.operation.query
    tokens = settings_of("client-token-in-header")["names"]  # which are another habit
    return found(
        *(
            shortened(name, LONGEST)
            for name, _value in request.query
            if name not in known and name.lower() not in tokens
        )
    )


@judge("client-needed-query")
def has_needed_query(request: Request, _: History) -> Found | None:
    """No parameter is missing that the docs say is needed."""
    nodes = _query_parameters(request)
    needed = [name for name, node in nodes.items() if node.get("required")]
    if not needed:
        return None
    sent = {name for name, _value in request.query}
    return found(*(f"no {name}" for name in needed if name not in sent))


@judge("client-query-values")
def has_values(request: Request, _: History) -> Found | None:
    """Each documented parameter has a value, and one that fits."""
    schemas = query_schemas(request)
    sent = [(name, value) for name, value in request.query if name in schemas]
    if not sent:
        return None
    wrong = (
        f"{name}={shortened(value, LONGEST)}"
        for name, value in sent
        if not (
            _fits(schemas[name], value) or bodies.is_time(request.contract, schemas[name], value)
        )
    )
    return found(*wrong)


@judge("client-limit-100")
def asks_for_no_more(request: Request, _: History) -> Found | None:
    """The number is not higher than what is listed at most."""
    settings = settings_of("client-limit-100")
    name, most = settings["parameter"], settings["most"]
    sent = [value for key, value in request.query if key == name]
    if name not in _query_parameters(request) or not sent:
        return None
    return found(
        *(f"{name}={value}" for value in sent if _INTEGER.fullmatch(value) and int(value) > most)
    )


@judge("client-id-formats")
def has_documented_ids(request: Request, _: History) -> Found | None:
    """Each id in the path has one of the documented id formats."""
    place = request.place
    if not place.refs:
        return None
    schemas = request.documented.path_schemas(place.template)
    wrong = (
        f"{name} {shortened(unquote(value), LONGEST)!r}"
        for name, value in place.refs.items()
        if name in schemas and not re.search(schemas[name].get("pattern", ""), value)
    )
    return found(*wrong)


def query_schemas(request: Request) -> Mapping[str, Schema]:
    """Return the schemas of the documented query parameters, by name."""
    nodes = _query_parameters(request)
    return {name: request.contract.resolve(node["schema"]) for name, node in nodes.items()}


def _query_parameters(request: Request) -> Mapping[str, Schema]:
    return request.documented.parameters(request.operation.id, "query") if request.operation else {}


def _fits(schema: Schema, value: str) -> bool:
    """Whether the text of a query parameter stands for a value of a schema."""
    kind = schema.get("type")
    read: Any = value
    if kind == "integer":
        read = int(value) if _INTEGER.fullmatch(value) else value
    elif kind == "boolean":
        read = _BOOLEANS.get(value.lower(), value)
    return value != "" and Draft202012Validator(schema).is_valid(read)

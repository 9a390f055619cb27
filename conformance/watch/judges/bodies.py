"""Habits about bodies. What deviates is found in `watch.bodies`; here is which habit that is, and which bodies could show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.watch import bodies
from conformance.watch.catalogue import settings_of
from conformance.watch.judges.endpoints import query_schemas
from conformance.watch.judges.judging import KEPT, Found, found, judge
from conformance.watch.request import NO_JSON

if TYPE_CHECKING:
    from conformance.contract.document import Schema
    from conformance.watch.history import History
    from conformance.watch.request import Request

JSON = "application/json"
PATCH = "PATCH"


@judge("client-content-type")
def is_labelled(request: Request, _: History) -> Found | None:
    """What has a body is labelled as JSON."""
    if not request.body or request.operation is None or request.operation.request_schema is None:
        return None
    label = request.headers.get("content-type")
    media_type = (label or "").partition(";")[0].strip().lower()
    return found("" if media_type == JSON else f"Content-Type: {label or 'none'}")


@judge("client-body-json")
def is_json(request: Request, _: History) -> Found | None:
    """The body can be read, and is an object or a list as the docs have it."""
    operation = request.operation
    if operation is None or operation.request_schema is None:
        return None
    if not request.body:
        return Found("no body")
    if request.json is NO_JSON:
        return Found("a body that cannot be read as JSON")
    return _of_kind(request, bodies.FORM)


@judge("client-key-names")
def has_key_names(request: Request, _: History) -> Found | None:
    """No key differs from a documented one in case or underscores alone."""
    return _of_kind(request, bodies.NAME) if request.keys else None


@judge("client-documented-keys")
def has_documented_keys(request: Request, _: History) -> Found | None:
    """No key is one that the docs do not have."""
    return _of_kind(request, bodies.UNKNOWN) if request.keys else None


@judge("client-read-only-keys")
def sets_no_read_only_keys(request: Request, _: History) -> Found | None:
    """No key is one that responses have and requests cannot set."""
    return _of_kind(request, bodies.READ_ONLY) if request.keys else None


@judge("client-needed-keys")
def has_needed_keys(request: Request, _: History) -> Found | None:
    """No key is missing that the docs say is needed."""
    is_needed = bool(_schema(request).get("required"))
    return _of_kind(request, bodies.NEEDED) if request.keys is not None and is_needed else None


@judge("client-sets-something")
def sets_something(request: Request, _: History) -> Found | None:
    """A PATCH has a key that it can set."""
    can_be_empty = not _schema(request).get("minProperties")
    return None if request.keys is None or can_be_empty else _of_kind(request, bodies.NOTHING)


@judge("client-clears-with-null")
def clears_with_null(request: Request, _: History) -> Found | None:
    """No key that can be null is an empty text."""
    if not any(bodies.is_nullable(request.contract, node) for _key, node in _sent(request)):
        return None
    return _of_kind(request, bodies.BLANK)


@judge("client-null-where-allowed")
def is_null_where_allowed(request: Request, _: History) -> Found | None:
    """No key is null that cannot be."""
    if all(bodies.is_nullable(request.contract, node) for _key, node in _sent(request)):
        return None
    return _of_kind(request, bodies.NULL)


@judge("client-value-types")
def has_value_types(request: Request, _: History) -> Found | None:
    """Each value has the type, the form and the bounds of its key."""
    return _of_kind(request, bodies.VALUE) if _sent(request) else None


@judge("client-plain-times")
def has_plain_times(request: Request, _: History) -> Found | None:
    """Each point in time, in a body or a query, has the form that any server reads."""
    contract, query = request.contract, query_schemas(request)
    sent = [(name, query[name], value) for name, value in request.query if name in query]
    sent += [
        (key, contract.resolve(node), value)
        for (key, node), value in zip(_sent(request), _values(request), strict=True)
    ]
    times = [
        (name, schema["pattern"], value)
        for name, schema, value in sent
        if bodies.is_time(contract, schema, value)
    ]
    if not times:
        return None
    return found(
        *(f"{name} is {value!r}" for name, form, value in times if not re.search(form, value))
    )


@judge("client-value-lengths")
def has_value_lengths(request: Request, _: History) -> Found | None:
    """No text is too long."""
    is_limited = any(
        "maxLength" in request.contract.resolve(node) and isinstance(value, str)
        for (_key, node), value in zip(_sent(request), _values(request), strict=True)
    )
    return _of_kind(request, bodies.LENGTH) if is_limited else None


@judge("client-privacy-objects")
def has_privacy_objects(request: Request, _: History) -> Found | None:
    """Privacy is an object of documented keys with documented levels."""
    sent = dict(zip((key for key, _node in _sent(request)), _values(request), strict=True))
    if sent.get(bodies.PRIVACY_KEY) is None:
        return None
    return _of_kind(request, bodies.PRIVACY)


@judge("client-listed-id-formats")
def lists_documented_ids(request: Request, _: History) -> Found | None:
    """Each id in the body has one of the documented id formats."""
    names_some = any(bodies.names_id(request.contract, node) for _key, node in _sent(request))
    if not (names_some or bodies.names_id(request.contract, _schema(request))):
        return None
    return _of_kind(request, bodies.ID)


@judge("client-sends-changes-only")
def sends_changes_only(request: Request, history: History) -> Found | None:
    """A PATCH does not have most of the model as it was read."""
    known = history.model_of(request)
    if request.method != PATCH or not request.keys or known is None:
        return None
    settings = settings_of("client-sends-changes-only")
    same = [
        key for key, value in request.keys.items() if key in known.keys and value == known.keys[key]
    ]
    if len(same) < max(settings["fewest"], settings["share"] * len(known.keys)):
        return KEPT
    return Found(f"{len(same)} of {len(known.keys)} keys as they were", (known.id,))


def _of_kind(request: Request, kind: str) -> Found:
    return found(*(one.text for one in request.misfits if one.kind == kind))


def _schema(request: Request) -> Schema:
    return (request.operation.request_schema if request.operation else None) or {}


def _sent(request: Request) -> list[tuple[str, Schema]]:
    """Return the documented keys of the body, with their schemas."""
    nodes = _schema(request).get("properties", {})
    return [(key, nodes[key]) for key in request.keys or () if key in nodes]


def _values(request: Request) -> list[Any]:
    """Return the values of the documented keys of the body."""
    return [(request.keys or {})[key] for key, _node in _sent(request)]

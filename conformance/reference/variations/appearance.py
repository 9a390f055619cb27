"""Allowed variations: how responses look."""

from __future__ import annotations

import functools
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.variations.registry import variation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Switch, System
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

    Change = Callable[[Any], Any]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MICROSECONDS = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})(Z|\+00:00)")
_TIMES = {"created", "timestamp", "last_message_timestamp", "last_latch_timestamp"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def _rewrite(server: Server, change: Change) -> None:
    """Apply a function to every JSON body."""

    def finish(original: Original, call: Call, response: Response) -> Response:
        returned: Response = original(call, response)
        if returned.body and "json" in returned.headers.get("content-type", ""):
            body = json.loads(bytes(returned.body))
            returned.body = json.dumps(change(body), indent=1).encode()
            returned.headers["content-length"] = str(len(returned.body))
        return returned

    wrap(server, "finish", finish)


def _everywhere(of_object: Change, of_text: Change, node: Any) -> Any:
    """Change every object and every text of a JSON value."""
    if isinstance(node, dict):
        inner = {key: _everywhere(of_object, of_text, value) for key, value in node.items()}
        return of_object(inner)
    if isinstance(node, list):
        return [_everywhere(of_object, of_text, value) for value in node]
    return of_text(node) if isinstance(node, str) else node


def _unchanged(value: Any) -> Any:
    return value


@variation(step="finish")
def returns_201_to_post(original: Original, call: Call, response: Response) -> Response:
    """A POST that creates something returns 201."""
    returned: Response = original(call, response)
    name = call.operation.name if call.operation else ""
    if name.startswith("create-") and returned.status_code == HTTPStatus.OK:
        returned.status_code = HTTPStatus.CREATED
    return returned


@variation()
def has_more_keys(server: Server) -> None:
    """Objects have keys that the docs do not name, nested ones too."""

    def of_object(node: dict[str, Any]) -> dict[str, Any]:
        # In the map of error details another key would report an error of that key.
        return node if all(isinstance(v, list) for v in node.values()) else node | {"x_more": [1]}

    _rewrite(server, functools.partial(_everywhere, of_object, _unchanged))


@variation()
def orders_keys_backwards(server: Server) -> None:
    """The keys of an object are in reverse alphabetical order."""

    def of_object(node: dict[str, Any]) -> dict[str, Any]:
        return dict(sorted(node.items(), reverse=True))

    _rewrite(server, functools.partial(_everywhere, of_object, _unchanged))


@variation()
def writes_offsets(server: Server) -> None:
    """Timestamps end in +00:00 instead of Z."""

    def of_object(node: dict[str, Any]) -> dict[str, Any]:
        return node | {
            key: node[key].replace("Z", "+00:00")
            for key in _TIMES & node.keys()
            if isinstance(node[key], str) and _MOMENT.fullmatch(node[key])
        }

    _rewrite(server, functools.partial(_everywhere, of_object, _unchanged))


@variation()
def writes_uuids_in_upper_case(server: Server) -> None:
    """UUIDs are shown in upper case."""

    def of_text(text: str) -> str:
        return text.upper() if _UUID.fullmatch(text) else text

    _rewrite(server, functools.partial(_everywhere, _unchanged, of_text))


@variation()
def rejects_read_only_keys(server: Server) -> None:
    """A body with a key that only the server sets is rejected, and the response names the key."""
    kinds = server.revision.models

    def mapping(original: Original, call: Call) -> dict[str, Any]:
        body: dict[str, Any] = original(call)
        kind = getattr(kinds, call.operation.area.rstrip("s"), None) if call.operation else None
        if kind in (kinds.system, kinds.member, kinds.group, kinds.autoproxy):
            known = {field.key for field in kind.fields} - {field.key for field in kind.settable}
            wrong = {key: [{"message": "This key is read-only."}] for key in known & body.keys()}
            if wrong:
                raise Rejected(Problem.INVALID, errors=wrong)
        return body

    wrap(server.bodies, "mapping", mapping)


@variation()
def keeps_whole_seconds(server: Server) -> None:
    """Switches have timestamps without fractions of a second."""

    def in_seconds(original: Original, row: System | Switch, time: dt.datetime, *more: Any) -> Any:
        return original(row, time.replace(microsecond=0), *more)

    wrap(server.endpoints["switches"], "check_free", in_seconds)
    for step in ("add_switch", "move_switch"):
        wrap(server.store, step, in_seconds)


@variation()
def lists_backwards(server: Server) -> None:
    """Members and groups are listed in another order; switches have theirs."""

    def backwards(original: Original, *args: Any, **keys: Any) -> list[Any]:
        return list(original(*args, **keys))[::-1]

    for name in ("members", "groups", "group_members"):
        wrap(server.lists, name, backwards)


@variation(step="errors.status")
def rejects_content_types_with_400(original: Original, rejected: Rejected) -> int:
    """A body that is not labelled as JSON returns 400."""
    return (
        HTTPStatus.BAD_REQUEST
        if rejected.problem is Problem.CONTENT_TYPE
        else int(original(rejected))
    )


@variation(step="errors.body")
def has_other_messages(original: Original, rejected: Rejected) -> dict[str, Any]:
    """Errors have other messages."""
    returned: dict[str, Any] = original(rejected)
    if rejected.problem is Problem.TOO_MANY:
        return returned  # the docs specify this message
    return returned | {"message": f"No. ({rejected.ref or rejected.problem.name})"}


@variation(step="store.identities.short_id")
def has_short_ids_of_five_letters(original: Original) -> str:
    """New short ids have five letters."""
    return str(original())[:5]


@variation(step="finish")
def sends_charset(original: Original, call: Call, response: Response) -> Response:
    """The Content-Type of a response names its charset."""
    returned: Response = original(call, response)
    if returned.headers.get("content-type") == "application/json":
        returned.headers["content-type"] = "Application/JSON; charset=UTF-8"
    return returned


@variation(step="presenter.value")
def shows_colours_in_lower_case(
    original: Original, row: Entity, field: Field, *where: object
) -> object:
    """Colours are returned in lower case."""
    shown = original(row, field, *where)
    return shown.lower() if field.key == "color" and isinstance(shown, str) else shown


@variation(step="finish")
def closes_connections(original: Original, call: Call, response: Response) -> Response:
    """Every connection carries one request."""
    returned: Response = original(call, response)
    returned.headers["connection"] = "close"
    return returned


@variation()
def writes_nanoseconds(server: Server) -> None:
    """Fractions of seconds have nine digits."""

    def of_text(text: str) -> str:
        found = _MICROSECONDS.fullmatch(text)
        return f"{found[1]}000{found[2]}" if found else text

    _rewrite(server, functools.partial(_everywhere, _unchanged, of_text))

"""Faults: one operation treats one class of whole bodies wrongly."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from conformance.reference.faults.mistreatment import REJECTED, Apply, add_mistreatments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.reference.calls import Call
    from conformance.reference.faults.mistreatment import Way

_OBJECT, _LIST = "object", "list"
# Each operation that takes a body: of which form, and one that it can apply although it rejects another.
_OPERATIONS: dict[str, tuple[str, object]] = {
    "update-system": (_OBJECT, {"description": "applied"}),
    "update-system-settings": (_OBJECT, {"latch_timeout": 77}),
    "update-system-guild-settings": (_OBJECT, {"display_name": "applied"}),
    "update-autoproxy": (_OBJECT, {"autoproxy_mode": "latch"}),
    "create-member": (_OBJECT, None),
    "update-member": (_OBJECT, {"description": "applied"}),
    "add-member-groups": (_LIST, None),
    "remove-member-groups": (_LIST, None),
    "overwrite-member-groups": (_LIST, None),
    "update-member-guild-settings": (_OBJECT, {"display_name": "applied"}),
    "create-group": (_OBJECT, None),
    "update-group": (_OBJECT, {"description": "applied"}),
    "add-group-members": (_LIST, None),
    "remove-group-members": (_LIST, None),
    "overwrite-group-members": (_LIST, None),
    "create-switch": (_OBJECT, None),
    "update-switch": (_OBJECT, {"timestamp": "2011-01-01T00:00:00Z"}),
    "update-switch-members": (_LIST, []),
}


def _value(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return NotImplemented


def _is_unreadable(body: bytes) -> bool:
    return _value(body) is NotImplemented and not _is_deep(body)


def _is_deep(body: bytes) -> bool:
    return body.startswith(b"[[[")


_OBJECTS: dict[str, Callable[[bytes], bool]] = {
    "word": lambda body: _is_unreadable(body) and body[:1].isalpha(),
    "unterminated": lambda body: _is_unreadable(body) and body.startswith(b"{"),
    "empty": lambda body: not body,
    "null": lambda body: _value(body) is None,
    "text": lambda body: isinstance(_value(body), str),
    "list": lambda body: isinstance(_value(body), list),
    "deep": _is_deep,
}
_LISTS: dict[str, Callable[[bytes], bool]] = {
    "word": _OBJECTS["word"],
    "unclosed": lambda body: _is_unreadable(body) and body.startswith(b"["),
    "empty": _OBJECTS["empty"],
    "null": _OBJECTS["null"],
    "text": _OBJECTS["text"],
    "object": lambda body: isinstance(_value(body), dict),
    "deep": _is_deep,
}


def _matches(is_one: Callable[[bytes], bool], call: Call) -> bool:
    return call.content_type is not None and is_one(call.body)


def _ways(body: object) -> Iterator[tuple[str, Way]]:
    yield from REJECTED.items()
    if body is not None:
        yield "applies_though_rejected", Apply(json.dumps(body).encode())


for _operation, (_form, _body) in _OPERATIONS.items():
    for _class, _is_one in (_OBJECTS if _form == _OBJECT else _LISTS).items():
        _match = functools.partial(_matches, _is_one)
        add_mistreatments(_operation, f"{_class}_body", _match, _ways(_body), "err-0-400")

"""Known deviations: how bodies are read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.upstream import lenient_json
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


_DEEPEST = 32
_WITH_FORMS = ("update-member", "add-group-members")
_CHARSET = re.compile(r"charset=\"?([^\s;\"]+)")


@deviation(15, step="bodies.check_type")
def accepts_other_json_types(original: Original, call: Call) -> None:
    """text/json and application types that end in +json are read, too."""
    declared = (call.content_type or "").partition(";")[0].strip().lower()
    suffixed = declared.startswith("application/") and declared.endswith("+json")
    if declared != "text/json" and not suffixed:
        original(call)


@deviation(18, step="bodies.parse")
def reads_json_leniently(original: Original, body: bytes) -> object:
    """Single quotes, bare keys, comments, trailing commas and what follows do not matter."""
    try:
        return original(body)
    except Rejected as rejected:
        try:
            value = lenient_json.read(body.decode(errors="replace"))
        except (ValueError, RecursionError):
            raise rejected from None
        return original(json.dumps(value).encode())


@deviation(19, only="2025-08", step="bodies.mapping")
def fails_on_null_for_autoproxy(server: Server, original: Original, call: Call) -> object:
    """PATCH of autoproxy with the body null, or without a body, is 500."""
    if _about_autoproxy(call) and (not call.body or server.bodies.content(call) is None):
        raise Rejected(Problem.INTERNAL)
    return original(call)


@deviation(171, only="2025-08", step="bodies.content")
def rejects_deep_nesting(original: Original, call: Call) -> object:
    """JSON nested deeper than 32 is code 0, and 500 for a new switch and the autoproxy settings."""
    depth = deepest = 0
    for mark in call.body:
        depth += (mark in b"[{") - (mark in b"]}")
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        fails = name_of(call) == "create-switch" or _about_autoproxy(call)
        raise Rejected(Problem.INTERNAL if fails else Problem.BAD_REQUEST)
    return original(call)


@deviation(172, step="bodies.check_type")
def rejects_forms_with_code_0(server: Server, original: Original, call: Call) -> object:
    """multipart/form-data is code 0 in PATCH of a member and where members are added to a group, at the launch everywhere."""
    declared = (call.content_type or "").strip().lower()
    everywhere = server.revision.name == "2021-11"
    if declared.startswith("multipart/") and (everywhere or name_of(call) in _WITH_FORMS):
        raise Rejected(Problem.BAD_REQUEST, "the body is a form")
    return original(call)


@deviation(15, only="2025-08", step="bodies.check_type")
def knows_two_charsets(original: Original, call: Call) -> object:
    """A body that is declared as UTF-16 is read so, one in another charset than UTF-8 is 415."""
    original(call)
    found = _CHARSET.search((call.content_type or "").lower())
    if found and found[1] == "utf-16":
        call.body, call.content_type = _recoded(call.body), "application/json"
        return None
    if found and found[1] != "utf-8":
        raise Rejected(Problem.CONTENT_TYPE)
    return None


def _recoded(body: bytes) -> bytes:
    try:
        return body.decode("utf-16-le").removeprefix("\ufeff").encode()
    except UnicodeError:
        raise Rejected(Problem.BAD_REQUEST, "the body is no UTF-16") from None


def _about_autoproxy(call: Call) -> bool:
    return call.operation is not None and call.operation.area == "autoproxy"

"""Known deviations: values of another type than the key has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.upstream.listed import name_of
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original

_MOST = 2**31
_TEXT_FORMS = ("text", "url", "color", "birthday", "timezone", "choice")


def _text(value: object) -> object:
    return str(value) if isinstance(value, (bool, int, float)) else value


def _boolean(value: object) -> bool:
    if isinstance(value, str):
        return {"true": True, "false": False}[value.strip().lower()]
    return bool(value)


def _integer(value: object) -> int:
    return round(float(value)) if isinstance(value, (str, float)) else int(bool(value))


@deviation(20)
def converts_scalars(server: Server) -> None:
    """Numbers and booleans become text, the words true and false booleans, digits numbers."""

    def value(original: Original, key: Field, value: object) -> object:
        return original(key, _converted(key, value))

    wrap(server.validation, "value", value)
    wrap(server.validation, "tag_part", lambda original, value: original(_text(value)))


def _converted(key: Field, value: object) -> object:
    if isinstance(value, (dict, list)) or value is None:
        return value
    try:
        if key.form == "boolean":
            return _boolean(value)
        if key.form == "integer" and type(value) is not int:
            return _integer(value)
    except (KeyError, ValueError, OverflowError):
        return value
    return _text(value) if key.form in _TEXT_FORMS else value


@deviation(20)
def rejects_objects_for_scalars_with_code_0(server: Server) -> None:
    """An array or object for a key that takes neither is code 0 instead of 40001, and so is what is no list of tags."""

    def value(original: Original, key: Field, value: object) -> object:
        wrong = (dict, str, int, float) if key.form == "tags" else (dict, list)
        if isinstance(value, wrong):
            raise Rejected(Problem.BAD_REQUEST, f"{key.key} is of another type")
        return original(key, value)

    def privacy_level(original: Original, value: object) -> str:
        if isinstance(value, (dict, list)):
            raise Rejected(Problem.BAD_REQUEST, "privacy is no text")
        return str(original(value))

    wrap(server.validation, "value", value)
    wrap(server.validation, "privacy_level", privacy_level)


@deviation(20, 160, only="2025-08", step="bodies.refs")
def converts_listed_refs(server: Server, original: Original, call: Call, **rest: Any) -> list[str]:
    """A number, boolean or null in a list of ids is read as text: nothing has that id; null for a member of an old switch is 500."""
    value = server.bodies.content(call)
    if not isinstance(value, list):
        found: list[str] = original(call, **rest)
        return found
    if any(isinstance(ref, (dict, list)) for ref in value):
        raise Rejected(Problem.BAD_REQUEST, "an id is no text")
    if None in value and name_of(call) == "update-switch-members":
        raise Rejected(Problem.INTERNAL)
    if not value and not rest.get("empty_allowed", True):
        raise Rejected(Problem.BAD_REQUEST, "the list is empty")
    return ["" if ref is None else str(_text(ref)) for ref in value]


@deviation(20, 160, only="2025-08", step="switches.listed_refs")
def converts_members_of_new_switches(original: Original, body: dict[str, Any]) -> list[str]:
    """A number, boolean or null among the members of a new switch is read as text, too."""
    refs = body.get("members")
    if isinstance(refs, list) and not any(isinstance(ref, (dict, list)) for ref in refs):
        body = body | {"members": ["" if ref is None else str(_text(ref)) for ref in refs]}
    found: list[str] = original(body)
    return found


@deviation(20, 23, 43, step="validation.value")
def fails_on_unreadable_scalars(original: Original, key: Field, value: object) -> object:
    """Null for a boolean or for proxy tags, text that is no boolean or number, and too large numbers are 500."""
    if value is None and key.form in ("boolean", "tags"):
        raise Rejected(Problem.INTERNAL)
    wanted = {"boolean": bool, "integer": int}.get(key.form)
    if isinstance(value, str) and wanted and not isinstance(_converted(key, value), wanted):
        raise Rejected(Problem.INTERNAL)
    if wanted is int and isinstance(value, (int, float)) and not -_MOST <= value < _MOST:
        raise Rejected(Problem.INTERNAL)
    return original(key, value)


@deviation(100, only="2025-08", step="validation.value")
def fails_on_null_timezone(original: Original, key: Field, value: object) -> object:
    """Null for the time zone is 500."""
    if value is None and key.form == "timezone":
        raise Rejected(Problem.INTERNAL)
    return original(key, value)


@deviation(105, step="validation.read")
def ignores_null_flags_of_guilds(
    server: Server, original: Original, kind: Kind, body: dict[str, Any], *rest: object
) -> object:
    """Null for a flag in the guild settings of a system changes nothing."""
    if kind is server.revision.models.system_guild:
        flags = {field.key for field in kind.settable if field.form == "boolean"}
        body = {key: value for key, value in body.items() if key not in flags or value is not None}
    return original(kind, body, *rest)

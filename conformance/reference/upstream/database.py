"""Known deviations: what a database under the server does to texts and to the order of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import deviation
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, Row, Switch
    from conformance.reference.models import Field
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_NUL = "\0"
_LOOKED_AT = ("url", "color", "birthday", "timezone")


@deviation(23)
def fails_on_nul(server: Server) -> None:
    """A text or a ref that holds the character 0 is 500; one that is looked at more closely is 40001."""

    def string(original: Original, value: object) -> str:
        text: str = original(value)
        if _NUL in text:
            raise Rejected(Problem.INTERNAL)
        return text

    def find(original: Original, ref: str, *caller: object) -> object:
        if _NUL in ref:
            raise Rejected(Problem.INTERNAL)
        return original(ref, *caller)

    def value(original: Original, key: Field, value: object) -> object:
        """What is looked at before it is stored is rejected there."""
        looked_at = key.form in _LOOKED_AT or key.key == "autoproxy_member"
        if looked_at and isinstance(value, str) and _NUL in value:
            raise Invalid(flaw("This key is not valid."))
        return original(key, value)

    wrap(server.validation, "string", string)
    wrap(server.validation, "value", value)
    for step in ("system", "member", "group", "listed_member", "listed_group"):
        wrap(server.references, step, find)


@deviation(80)
def lists_changed_rows_last(server: Server) -> None:
    """Members and groups that were changed move to the end of lists; a list of switches has their members by id."""
    changes: dict[Row, int] = {}

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        merged: Row = original(row, patch)
        changes[merged] = len(changes) + 1 if merged not in changes else max(changes.values()) + 1
        return merged

    def rows(original: Original, *call: object) -> list[Entity]:
        found: list[Entity] = original(*call)
        return sorted(found, key=lambda row: changes.get(row, 0))

    def listed_switch(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"members": sorted(shown["members"])}

    wrap(server.updates, "merge", merge)
    for name in ("members", "groups", "group_members"):
        wrap(server.lists, name, rows)
    wrap(server.presenter, "listed_switch", listed_switch)

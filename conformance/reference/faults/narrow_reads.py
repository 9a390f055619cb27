"""Faults of one list that does not know one of the names by which everything else is found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_PROBLEMS = {
    "system": Problem.SYSTEM_UNKNOWN,
    "member": Problem.MEMBER_UNKNOWN,
    "group": Problem.GROUP_UNKNOWN,
}
_FORMS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "uuid": ("UUID", lambda ref: len(ref) == len("00000000-0000-4000-8000-000000000000")),
    "account": ("Discord account", str.isdigit),
    "dashed": ("short id with a dash", lambda ref: len(ref) == len("abc-def")),
    "upper": ("id in upper case", lambda ref: ref != ref.lower()),
}
_RULES = {"account": "systemref-discord-id", "dashed": "id-accepted-with-dash"}
_LISTS = {
    "members": ("members", "index", "system"),
    "groups": ("groups", "index", "system"),
    "group_members": ("memberships", "list_members", "group"),
    "member_groups": ("memberships", "list_groups", "member"),
}


def _not_under(area: str, step: str, model: str, form: str, server: Server) -> None:
    _, is_so = _FORMS[form]

    def serve(original: Original, call: Call) -> Any:
        if is_so(call.params[model]):
            raise Rejected(_PROBLEMS[model])
        return original(call)

    wrap(server.endpoints[area], step, serve)


for _list, _form in (
    ("members", "uuid"),
    ("groups", "account"),
    ("group_members", "uuid"),
    ("group_members", "dashed"),
    ("member_groups", "uuid"),
    ("member_groups", "upper"),
):
    _area, _step, _model = _LISTS[_list]
    _plain = "id-accepted-uppercase" if _form == "upper" else f"{_model}ref-uuid"
    add(
        f"{_list}_are_not_listed_by_{_form}",
        f"The {_list.replace('_', ' ')} are not listed when the path has the {_FORMS[_form][0]}.",
        [_RULES.get(_form, _plain)],
        partial(_not_under, _area, _step, _model, _form),
        only="2025-08" if _form == "account" else None,
    )

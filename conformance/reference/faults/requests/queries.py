"""Faults: paths without a version, and parameters of the query.

What is done with limit and before is in ``switches.pages`` and ``switches.lists``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.routing import BASE_PATH

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@fault("unversioned-endpoints-removed", step="respond")
def serves_paths_without_version(original: Original, call: Call) -> object:
    """Every path is also served without the version."""
    versioned = call.path.startswith(BASE_PATH)
    path = call.path if versioned else BASE_PATH + call.path
    return original(replace(call, path=path))


@fault("query-params-optional", step="queries.flag")
def needs_with_members(original: Original, call: Call, name: str) -> bool:
    """The list of groups is rejected without with_members."""
    if name not in call.query:
        raise Rejected(Problem.BAD_REQUEST, f"{name} is missing")
    return bool(original(call, name))


@fault("get-groups-with-members", "query-params-need-value", step="queries.flag")
def ignores_with_members(_original: Original, _call: object, _name: object) -> object:
    """The parameter with_members is not read."""
    return False

"""Faults made from the table of inputs: for each key of each body and each class of values, ways to treat that class wrongly.

They are faults of the reference server like all others, but made here: the server knows nothing of the table.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from typing import TYPE_CHECKING, Any

from conformance.contract import load, revisions
from conformance.contract.equivalence import same
from conformance.contract.value_cases import OPEN, PRIVACY, REJECTED, Case, cases
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults import FAULTS, registry
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract import Contract
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

    Way = Callable[[Original, Call, str], object]

ALONE = "autoproxy_mode"  # beside which no other key is valid
ANYWAY_NULL = "autoproxy_member"  # in the mode off
ERRORS, INVALID = "errors-are-4xx-json", "err-40001"
KEYWORDS: dict[str, str] = {}
"""Which checks a fault is tried with, as an expression for `-k`: those that look at its cell."""


def ignores(original: Original, call: Call, key: str) -> object:
    """Carry out the request without the key."""
    body = _without(call, key)
    if not body:
        return {}
    call.body = json.dumps(body).encode()
    return original(call)


def rejects(_: Original, __: Call, key: str) -> object:
    """Reject the request for the key."""
    raise Rejected(Problem.INVALID, errors={key.removeprefix(PRIVACY): [{"message": "no"}]})


def fails_at(_: Original, __: Call, ___: str) -> object:
    """Return a server error."""
    raise Rejected(Problem.INTERNAL)


def recodes(original: Original, call: Call, _: str) -> object:
    """Reject the request as if it could not be understood at all."""
    try:
        return original(call)
    except Rejected:
        raise Rejected(Problem.BAD_REQUEST) from None


def applies_rest_beside(original: Original, call: Call, key: str) -> object:
    """Store the other keys, and reject the request then."""
    try:
        return original(call)
    except Rejected as rejected:
        for name in (key, *(rejected.errors or {})):
            call.body = json.dumps(_without(call, name)).encode()
        original(call)
        raise


@dataclasses.dataclass(frozen=True)
class CellFault:
    """Treats one value of one key in one operation in one way."""

    case: Case
    way: Way

    def __call__(self, server: Server) -> None:
        """Change the server."""
        named = _kebab(self.case.operation)

        def run(original: Original, call: Call) -> object:
            if call.operation is not None and call.operation.name == named and self._is_in(call):
                return self.way(original, call, self.case.key)
            return original(call)

        wrap(server, "run", run)

    def _is_in(self, call: Call) -> bool:
        body = _body(call)
        found = self.case.shown(body) if isinstance(body, dict) else None
        return isinstance(body, dict) and same(found, self.case.value) and self._has_key(body)

    def _has_key(self, body: dict[str, Any]) -> bool:
        return self.case.key.startswith(PRIVACY) or self.case.key in body


def register() -> None:
    """Add the faults of all cells to those of the reference server: of the newest revision, and those that only an older one has."""
    known: set[str] = set()
    for revision in revisions():
        for case in cases(load(revision)):
            if case.cell.name not in known:
                known.add(case.cell.name)
                _register(case, revision)


def ending(case: Case) -> str:
    """Return how the names of the faults of a cell end, like `null_color_of_update_member`."""
    label, key = (re.sub("[-.]", "_", text) for text in (case.label, case.key))
    return f"{label}_{key}_of_{_kebab(case.operation).replace('-', '_')}"


def _register(case: Case, revision: str) -> None:
    for way, rules in _ways(case, load(revision)):
        name = f"{way.__name__}_{ending(case)}"
        if name not in FAULTS:
            text = f"{case.operation} {way.__name__.replace('_', ' ')} {case.key}: {case.label}."
            registry.add(name, text, list(rules), CellFault(case, way), only=revision, of_cell=True)
            KEYWORDS[name] = f"{case.name} or {case.operation}"


def _ways(case: Case, contract: Contract) -> Iterator[tuple[Way, tuple[str, ...]]]:
    yield fails_at, case.rules
    if case.stage == OPEN:
        return
    if not _is_the_same_without(case, contract):
        yield ignores, case.rules
    if case.stage != REJECTED:
        yield rejects, case.rules
        return
    if case.cell.input_class.code:
        yield recodes, (INVALID,)
    if not case.creates and case.key != ALONE:
        yield applies_rest_beside, (ERRORS,)


def _is_the_same_without(case: Case, contract: Contract) -> bool:
    """Whether a body without the key gets the same response: the key has this value anyway, or it is the name, which must be there."""
    if case.key == ANYWAY_NULL:
        return case.value is None
    field = contract.field(case.model, case.key.partition(".")[0])
    return case.creates and (field.required_in_post or same(case.value, field.post_default))


def _without(call: Call, key: str) -> dict[str, Any]:
    """Return the body without a key; one of a privacy object is named with the object, or alone."""
    name = key.removeprefix(PRIVACY)
    body = {k: value for k, value in _body(call).items() if k != name}
    levels = body.get("privacy")
    if isinstance(levels, dict):
        body["privacy"] = {k: level for k, level in levels.items() if k != name}
    return {k: value for k, value in body.items() if value != {}}


def _body(call: Call) -> Any:
    try:
        return json.loads(call.body)
    except (ValueError, RecursionError):
        return None


@functools.cache
def _kebab(operation: str) -> str:
    return re.sub("(?=[A-Z])", "-", operation).lower()

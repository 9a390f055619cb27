"""For every key of every model: which checks test that it is there, its null, its PATCH, its limit and its privacy, or why none is needed.

The checks are found with their rows; the reasons follow from the contract. A cell with neither is open.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from conformance.contract.keys import PRIVACY, read_keys
from conformance.run.checks_by_requirement import case, named_rows
from conformance.scenarios.private_entities import PrivateKeys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract, Requirement
    from conformance.contract.keys import Key

COLUMNS = (
    "present",
    "null",
    "stored",
    "preserve",
    "clear",
    "limit",
    "privacy",
    "not-settable",
)
AUTOPROXY = "AutoproxySettings"
LISTED, OF_LIST = (
    {"SwitchWithMembers": "SwitchWithIds"},
    "getSystemSwitches",
)  # other models in a list
Cell = tuple[str, str, str]  # model, key, column


@dataclasses.dataclass(frozen=True)
class Entry:
    """One cell: its checks, or the reason why none is needed; without either it is open. `cases` are the checks with their rows."""

    model: str
    key: str
    column: str
    checks: tuple[str, ...]
    reason: str
    cases: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it has neither checks nor a reason."""
        return not (self.checks or self.reason)


@functools.cache
def matrix(contract: Contract) -> list[Entry]:
    """Return all cells, key by key."""
    covering = _covering(contract)
    excluded = _excluded(contract)
    entries = []
    for key in read_keys(contract):
        for column in COLUMNS:
            cell = (key.model, key.key, column)
            reason = _reason(key, column, contract)
            needless = column in ("clear", "null") and bool(reason)  # a type rule names both
            cases = () if needless else tuple(dict.fromkeys(covering.get(cell, ())))
            checks = tuple(dict.fromkeys(name.partition("[")[0] for name in cases))
            reason = "" if checks else reason or excluded.get(cell, "")
            entries.append(Entry(*cell, checks, reason, cases))
    return entries


def _covering(contract: Contract) -> Mapping[Cell, list[str]]:
    found: dict[Cell, list[str]] = collections.defaultdict(list)
    for check, row, names in named_rows(contract):
        rules = [contract.requirements[name] for name in names if name in contract.requirements]
        value = row.value if row else None
        stated = {row.about} if row and row.about else set()
        for rule in rules:
            subjects = stated | set(_subjects(contract, value)) | set(_named(contract, rule, value))
            subjects = subjects or set(keys_of(contract, rule))
            for model, key in subjects:
                for column in rule.aspects:
                    found[model, key, column].append(case(check, row))
    return found


def _subjects(contract: Contract, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys that a row of a check is about, whatever form the row has."""
    if isinstance(value, tuple):
        for part in value:
            yield from _subjects(contract, part)
    elif hasattr(value, "field"):
        yield from _subjects(contract, value.field)
        yield from _subjects(contract, getattr(value, "key", None))
    elif isinstance(value, PrivateKeys):
        yield from ((value.model + PRIVACY, key) for key in sorted(value.keys))
    elif hasattr(value, "hides") or getattr(value, "private", False):
        yield value.model + PRIVACY, value.key
    elif hasattr(value, "key"):
        yield getattr(value, "model", "SystemSettings"), value.key
        if value.key == "proxy_tags":
            yield from (("ProxyTag", side) for side in ("prefix", "suffix"))


def _named(contract: Contract, rule: Requirement, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what a row that is a text names: a key of a message, or an entity with all keys of its privacy object."""
    if isinstance(value, str) and rule.operations == ("getMessage",):
        yield "Message", value
    if isinstance(value, str) and rule.kind == "privacy_object":
        for key in contract.privacy_keys_of(value.title()):
            yield key.model + PRIVACY, key.key


def keys_of(contract: Contract, rule: Requirement) -> Iterator[tuple[str, str]]:
    """Yield the keys that a requirement is about, each with its model."""
    model, about = rule.about.get("model"), rule.about
    listed = [LISTED[model]] if model in LISTED and OF_LIST in rule.operations else []
    if model == AUTOPROXY and not contract.fields_of(model):
        model = "SystemGuildSettings"  # which had them at the launch
    for key in (*about.get("keys", ()), *([about["key"]] if "key" in about else ())):
        if model is not None:
            yield from ((one, key) for one in (model, *listed))
    if "list" in about:
        closing = contract.operations[about["operation"]].private_list
        if closing is not None:
            yield closing.model + PRIVACY, closing.key


def _excluded(contract: Contract) -> Mapping[Cell, str]:
    return {
        (model, key, column): rule.excluded
        for rule in contract.requirements.values()
        if rule.excluded
        for model, key in keys_of(contract, rule)
        for column in rule.aspects
    }


def _reason(key: Key, column: str, contract: Contract) -> str:
    """Return why the cell needs no check: what the contract does not say cannot be violated; empty if it needs one."""
    unset = "" if key.settable else "no PATCH sets it"
    if key.nested:
        unset = "its keys have rows of their own"
    elif key.is_part_of_list:
        unset = "a PATCH replaces the list as a whole"
    reasons = {
        "present": "",
        "null": "" if key.nullable else "not nullable",
        "stored": _unstored(key),
        "preserve": unset or ("the only key of its PATCH" if key.alone else ""),
        "clear": unset or ("" if key.clearable else "not nullable"),
        "limit": "" if key.limited else "no limit in the docs",
        "privacy": "" if key.hidden_by or key.is_switch_of_privacy else "never private",
        "not-settable": "settable" if key.settable else _undocumented(key, contract),
    }
    return reasons[column]


def _unstored(key: Key) -> str:
    if key.nested:
        return "its keys have rows of their own"
    if key.model in LISTED.values():
        return "it has what the switch itself has"
    return "" if key.settable else "no request sets it"


def _undocumented(key: Key, contract: Contract) -> str:
    rules = [rule for rule in contract.requirements.values() if "not-settable" in rule.aspects]
    about = any((key.model, key.key) in keys_of(contract, rule) for rule in rules)
    entity = key.model in ("System", "Member", "Group")
    is_documented = about or (entity and contract.named("not_settable", key=key.key))
    return "" if is_documented else "the docs do not say what a body with it does"

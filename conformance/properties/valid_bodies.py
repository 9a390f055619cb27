"""Generated bodies made valid for certain: what the docs leave open is taken out of them, the rest stays as it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.samples import ZONES
from conformance.properties import strategies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract import Contract, Field

LARGEST = 100_000  # integer
BEYOND_BASIC_PLANE = 0x10000


def valid_body(
    contract: Contract, model: str, body: Mapping[str, Any], *, post: bool
) -> dict[str, Any]:
    """Return a body of a POST or PATCH of this model without what the docs leave open; it may be empty."""
    made: dict[str, Any] = {}
    for field in contract.fields_of(model):
        sent = (field.in_post if post else field.in_patch) and field.key in body
        if not sent or not strategies.sends(contract, model, field.key) or _is_chosen_name(field):
            continue
        if field.key == "privacy":
            made |= _privacy(contract, model, body["privacy"], post=post)
        else:
            value = _value(field, body[field.key])
            cleared = value is None and (model, field.key) == strategies.NOT_CLEARED
            made |= {} if cleared else {field.key: value}
    return made


def _is_chosen_name(field: Field) -> bool:
    """Whether the suite chooses the value: names have the mark of the run."""
    return field.key == "name" and field.model != "System"


def _privacy(contract: Contract, model: str, levels: Any, *, post: bool) -> dict[str, Any]:
    documented = not post or "create-takes-privacy-keys" in contract.requirements
    sent = {
        key: level
        for key, level in (levels or {}).items()
        if documented and strategies.sends(contract, model, key)
    }
    return {"privacy": sent} if sent else {}


def _value(field: Field, value: Any) -> Any:
    if isinstance(value, list):
        return _tags(value)
    if type(value) is int:
        return abs(value) % LARGEST
    return _text(field, value) if isinstance(value, str) and "enum" not in field.schema else value


def _text(field: Field, text: str) -> str:
    form = field.schema.get("format")
    if form == "uri":
        return text.replace("example.", f"{field.key.replace('_', '-')}.example.", 1)
    if form == "timezone":
        return ZONES[len(text) % len(ZONES)]
    if form == "date":
        return text if text[:4] != "0001" else f"1990{text[4:]}"
    if str(field.schema.get("pattern", "")).endswith("{6}$"):
        return text
    return plain_text(text, field.schema.get("maxLength", strategies.LONGEST))


def plain_text(text: str, limit: int) -> str:
    """Return the text without what servers may count, cut or read differently."""
    kept = "".join(letter for letter in text if letter.isprintable())
    while sum(2 if ord(letter) >= BEYOND_BASIC_PLANE else 1 for letter in kept) > limit:
        kept = kept[:-1]
    return kept.strip() or "x"


def _tags(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for row in rows:
        prefix, suffix = (
            None if row.get(side) is None else plain_text(row[side], strategies.LONGEST_AFFIX)
            for side in ("prefix", "suffix")
        )
        made[f"{prefix} {suffix}".casefold()] = {"prefix": prefix, "suffix": suffix}
    return list(made.values())

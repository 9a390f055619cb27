"""Faults: colors that are taken, rejected or stored otherwise than documented."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.fields.value_reading import (
    changing,
    replace_reading,
    take_values,
    taking,
)
from conformance.reference.faults.registry import add, fault
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

_SIX_HEX = {
    "system": "system-color-six-hex",
    "member": "member-color-six-hex",
    "group": "group-color-six-hex",
}
_COLORS = list(_SIX_HEX.values())


def _is_number(text: str) -> bool:
    try:
        return len(text) == len("ffffff") and int(text, 16) >= 0
    except ValueError:
        return False


for _name, _description, _violated_by, _step in (
    (
        "takes_color_with_hash",
        "A color may have a # in front.",
        ["system-color-no-hash", *_COLORS],
        taking(lambda text: text.startswith("#")),
    ),
    (
        "takes_color_of_three_digits",
        "A color may have three digits.",
        _COLORS,
        taking(lambda text: len(text) == len("fff")),
    ),
    (
        "takes_color_of_any_letters",
        "A color may have any six letters and digits.",
        _COLORS,
        taking(lambda text: len(text) == len("ffffff") and text.isalnum()),
    ),
    (
        "takes_color_that_is_a_number",
        "A color may be anything of six characters that can be read as a hexadecimal number.",
        _COLORS,
        taking(_is_number),
    ),
    (
        "takes_color_with_more_digits",
        "A color may have more than six digits.",
        _COLORS,
        taking(partial(re.match, r"[0-9a-fA-F]{6}")),
    ),
    (
        "takes_named_colors",
        "A color may be a word.",
        ["member-color-six-hex"],
        taking(partial(re.fullmatch, "red|green|blue")),
    ),
    (
        "forgets_black",
        "The color 000000 counts as none.",
        _COLORS,
        changing(lambda text: text if int(text, 16) else None),
    ),
):
    add(_name, _description, _violated_by, partial(replace_reading, "color", _step))


@fault(
    "system-color-six-hex",
    "member-color-six-hex",
    "group-color-six-hex",
    step="validation.read_color",
)
def rejects_capitals_in_color(original: Original, key: Field, value: object) -> object:
    """The digits A to F of a color have to be in lower case."""
    if value != str(value).lower():
        raise Invalid(flaw("A color is in lower case."))
    return original(key, value)


for _model, _violated in _SIX_HEX.items():
    add(
        f"takes_{_model}_color_of_three_digits",
        f"The color of a {_model} may have three digits.",
        [_violated],
        partial(take_values, _model, "color", lambda value: len(value) == len("fff")),
    )
add(
    "takes_system_color_with_hash",
    "The color of a system may have a # before it.",
    ["system-color-no-hash"],
    partial(take_values, "system", "color", lambda value: value.startswith("#")),
)

"""Faults: texts that are stored otherwise than they were sent, in systems, members and groups."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.fields.value_reading import (
    changing,
    replace_in_posts,
    replace_reading,
)
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

TEXT_IS_KEPT = ["text-is-kept"]


for _name, _description, _changed in (
    ("trims_text", "Texts lose the blanks around them.", str.strip),
    (
        "joins_blanks_in_text",
        "Several blanks in a text become one.",
        lambda text: text.replace("  ", " "),
    ),
    (
        "makes_blanks_of_tabs",
        "A tab in a text becomes a blank.",
        lambda text: text.replace("\t", " "),
    ),
    ("lowers_text", "Texts become lower case.", str.lower),
    (
        "normalises_text",
        "Texts are put into normal form C.",
        partial(unicodedata.normalize, "NFC"),
    ),
    ("escapes_text", "Texts are escaped for HTML.", partial(html.escape, quote=False)),
    (
        "takes_the_word_null_for_none",
        "A text that is the word null counts as no value.",
        lambda text: "" if text == "null" else text,
    ),
    (
        "drops_what_is_no_ascii",
        "Texts lose all letters that are no ASCII.",
        lambda text: text.encode("ascii", "ignore").decode() or "x",
    ),
    (
        "joins_lines_of_text",
        "An empty line in a text is lost.",
        lambda text: text.replace("\n\n", "\n"),
    ),
    (
        "unifies_line_breaks_of_text",
        "CR LF in a text becomes LF.",
        lambda text: text.replace("\r\n", "\n"),
    ),
    (
        "drops_astral_characters",
        "Texts lose all characters outside the basic plane.",
        lambda text: "".join(letter for letter in text if ord(letter) <= 0xFFFF),  # noqa: PLR2004 the last of the plane
    ),
):
    add(_name, _description, TEXT_IS_KEPT, partial(replace_reading, "text", changing(_changed)))
for _name, _description, _changed in (
    (
        "takes_zero_for_no_text",
        "The text 0 counts as none.",
        lambda text: None if text == "0" else text,
    ),
    (
        "makes_numbers_of_texts",
        "A text of digits is stored as a number.",
        lambda text: int(text) if re.fullmatch("[0-9]+", text) else text,
    ),
):
    add(
        _name,
        _description,
        TEXT_IS_KEPT,
        partial(replace_reading, "text", changing(_changed)),
    )


@fault("text-is-kept")
def post_unifies_line_breaks(server: Server) -> None:
    """CR LF in a text of a POST becomes LF."""
    unify = changing(lambda text: text.replace("\r\n", "\n"))
    replace_in_posts(server, "read_text", unify)


_DIRECTIONS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0xFEFF])
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}


def _tidy(
    tidied: Callable[[str], str], original: Original, key: Field, value: object
) -> str | None:
    """Store texts tidied; what is left empty becomes null where the key takes it."""
    text: str | None = original(key, value)
    return text and (tidied(text) or (None if key.nullable else text))


for _name, _description, _tidied in (
    (
        "drops_last_line_break",
        "A text loses the line break at its end.",
        lambda text: text.removesuffix("\n"),
    ),
    (
        "drops_direction_marks",
        "Texts lose the marks of the direction of writing.",
        lambda text: text.translate(_DIRECTIONS),
    ),
    (
        "makes_blanks_of_hard_ones",
        "A blank that forbids a line break becomes a common one.",
        lambda text: text.replace("\u00a0", " "),
    ),
    (
        "drops_characters_of_no_width",
        "Texts lose the joiners and blanks that have no width.",
        lambda text: text.translate(_NO_WIDTH),
    ),
    (
        "writes_moments_in_another_form",
        "A text that is a moment is stored as a date and a time of day.",
        lambda text: re.sub(r"^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z$", r"\2/\3/\1 \4", text),
    ),
    (
        "makes_moments_of_dates",
        "A text that is a date gets a time of day.",
        lambda text: re.sub(r"^(\d{4}-\d\d-\d\d)$", r"\1T00:00:00Z", text),
    ),
    (
        "strips_markup",
        "Texts lose what looks like a tag of HTML.",
        lambda text: re.sub("<[a-z/]+>", "", text),
    ),
    (
        "writes_numbers_plainly",
        "A text that is a number is stored as it is usually written.",
        lambda text: f"{float(text):g}" if re.fullmatch(r"[0-9]+(e[0-9]+)?", text) else text,
    ),
    (
        "drops_backslashes",
        "Texts lose their backslashes.",
        lambda text: text.replace("\\", ""),
    ),
    (
        "makes_wide_letters_narrow",
        "Letters of full width become those of ASCII.",
        lambda text: text.translate(_WIDE),
    ),
):
    add(_name, _description, TEXT_IS_KEPT, partial(_tidy, _tidied), step="validation.read_text")


def _tidy_one(kind: str, key: str, original: Original, asked: Kind, *rest: Any) -> Patch:
    patch: Patch = original(asked, *rest)
    text = patch.fields.get(key)
    if asked.name == kind and isinstance(text, str):
        patch.fields[key] = text.strip()
    return patch


for _model, _key, _only in (
    ("group", "name", None),
    ("system", "tag", None),
    ("settings", "name_format", "2025-08"),
    ("system guild settings", "tag", None),
    ("system guild settings", "display_name", "2025-08"),
    ("member guild settings", "display_name", None),
):
    add(
        f"trims_{_key}_of_{_model.replace(' ', '_')}",
        f"The {_key} of {_model} loses the blanks around it.",
        TEXT_IS_KEPT,
        partial(_tidy_one, _model, _key),
        only=_only,
        step="validation.read",
    )
add(
    "trims_text_of_posts",
    "Texts of a POST lose the blanks around them.",
    TEXT_IS_KEPT,
    lambda server: replace_in_posts(server, "read_text", changing(str.strip)),
)


@fault("text-is-kept", step="presenter.value")
def lists_show_numbers_of_texts(original: Original, *given: Any) -> object:
    """Lists show a text of digits as a number."""
    value, place = original(*given), given[-1]
    digits = isinstance(value, str) and re.fullmatch("[0-9]+", value)
    return int(value) if digits and place == "list" and given[1].form == "text" else value

"""Faults: texts that are tidied before they are stored, and lengths that are counted in other units."""

from __future__ import annotations

import html
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

KINDS = ("system", "member", "group")
KEPT = [
    "create-stores-sent-keys",
    *(f"update-{kind}-persists" for kind in KINDS),
    *(f"update-{kind}-returns-{kind}" for kind in KINDS),
]


def _tidy(tidied: Callable[[str], str], server: Server) -> None:
    def read_text(original: Original, key: Field, value: object) -> str | None:
        text: str | None = original(key, value)
        return text and tidied(text)

    wrap(server.validation, "read_text", read_text)


for _name, _description, _tidied in (
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
        "drops_astral_characters",
        "Texts lose all characters outside the basic plane.",
        lambda text: "".join(letter for letter in text if ord(letter) <= 0xFFFF),  # noqa: PLR2004 the last of the plane
    ),
):
    add(_name, _description, KEPT, partial(_tidy, _tidied))


def _count_bytes(server: Server) -> None:
    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(key, text.encode().decode("latin-1"))
        return found

    wrap(server.validation, "length_flaw", length_flaw)


add(
    "counts_bytes",
    "The length of a text is counted in bytes of UTF-8.",
    ["system-tag-max-79", "member-name-max-100", "group-description-max-1000"],
    _count_bytes,
)


def _count_bytes_in_guilds(server: Server) -> None:
    models = server.revision.models
    counted = {
        id(key) for kind in (models.system_guild, models.member_guild) for key in kind.fields
    }

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        reported = text.encode().decode("latin-1") if id(key) in counted else text
        found: dict[str, Any] | None = original(key, reported)
        return found

    wrap(server.validation, "length_flaw", length_flaw)


add(
    "counts_bytes_in_guilds",
    "The length of a text in a guild is counted in bytes of UTF-8.",
    ["system-guild-tag-max-79", "member-guild-display-name-max-100"],
    _count_bytes_in_guilds,
)


def _drop_fragments(server: Server) -> None:
    def read_url(original: Original, key: Field, value: object) -> str | None:
        url: str | None = original(key, value)
        return url and url.partition("#")[0]

    wrap(server.validation, "read_url", read_url)


add("drops_fragments_of_urls", "URLs lose what follows a hash.", KEPT, _drop_fragments)


def _lose_line_breaks(server: Server) -> None:
    _tidy(lambda text: text.replace("\n\n", "\n"), server)


add("joins_lines_of_text", "An empty line in a text is lost.", KEPT, _lose_line_breaks)


def _unify_line_breaks(server: Server) -> None:
    _tidy(lambda text: text.replace("\r\n", "\n"), server)


add("unifies_line_breaks_of_text", "CR LF in a text becomes LF.", KEPT, _unify_line_breaks)

"""Faults: values that a library reads more leniently than the docs, or changes on their way into the store."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

    Read = Callable[[Original, Field, Any], object]

KINDS = ("system", "member", "group")
COLORS = [f"{kind}-color-six-hex" for kind in KINDS]
URLS = ["system-avatar-is-url", "member-avatar-is-url", "group-icon-is-url"]
BANNERS = ["system-banner-is-url", "member-banner-is-url", "group-banner-is-url"]
BIRTHDAYS = ["member-birthday-format"]
KEPT = [f"update-{kind}-persists" for kind in KINDS]


def _read(form: str, step: Read, server: Server) -> None:
    wrap(server.validation, f"read_{form}", step)


def _take(matches: Callable[[str], object]) -> Read:
    """Return a step that also takes, as they are, the texts that match."""

    def read(original: Original, key: Field, value: Any) -> object:
        return value if isinstance(value, str) and matches(value) else original(key, value)

    return read


def _change(changed: Callable[[str], object]) -> Read:
    """Return a step that stores a text in another way."""

    def read(original: Original, key: Field, value: Any) -> object:
        text: str | None = original(key, value)
        return text and changed(text)

    return read


def _number(text: str) -> bool:
    try:
        return len(text) == len("ffffff") and int(text, 16) >= 0
    except ValueError:
        return False


def _is_date(text: str, form: str) -> bool:
    try:
        return bool(text) and bool(dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC))
    except ValueError:
        return False


for _name, _form, _description, _violated_by, _step in (
    (
        "takes_color_that_is_a_number",
        "color",
        "A color may be anything of six characters that can be read as a hexadecimal number.",
        COLORS,
        _take(_number),
    ),
    (
        "takes_color_with_more_digits",
        "color",
        "A color may have more than six digits.",
        COLORS,
        _take(partial(re.match, r"[0-9a-fA-F]{6}")),
    ),
    (
        "takes_named_colors",
        "color",
        "A color may be a word.",
        ["member-color-six-hex"],
        _take(partial(re.fullmatch, "red|green|blue")),
    ),
    (
        "forgets_black",
        "color",
        "The color 000000 counts as none.",
        COLORS,
        _change(lambda text: text if int(text, 16) else None),
    ),
    (
        "takes_url_of_any_scheme",
        "url",
        "The URL of an image may have any scheme.",
        URLS,
        _take(partial(re.match, "[a-z]+:/")),
    ),
    (
        "takes_url_without_scheme",
        "url",
        "The URL of an image may lack its scheme.",
        URLS,
        _take(partial(re.match, r"[a-z.]+\.com/")),
    ),
    (
        "takes_url_without_host",
        "url",
        "The URL of an image may end behind its scheme.",
        BANNERS,
        _take(partial(re.fullmatch, "https?://")),
    ),
    (
        "takes_text_with_a_url_in_it",
        "url",
        "The URL of an image may be any text that has a URL in it.",
        URLS,
        _take(lambda text: "https://" in text and " " in text),
    ),
    (
        "drops_query_of_urls",
        "url",
        "The URL of an image loses its query.",
        KEPT,
        _change(lambda text: text.partition("?")[0]),
    ),
    ("decodes_urls", "url", "The URL of an image is stored decoded.", KEPT, _change(unquote)),
    (
        "lowers_urls",
        "url",
        "The URL of an image is stored in lower case.",
        KEPT,
        _change(str.lower),
    ),
    (
        "takes_birthday_of_single_digits",
        "birthday",
        "Months and days of a birthday may have one digit.",
        BIRTHDAYS,
        _take(lambda text: len(text) < len("2021-03-04") and _is_date(text, "%Y-%m-%d")),
    ),
    (
        "takes_birthday_without_hyphens",
        "birthday",
        "A birthday may lack its hyphens.",
        BIRTHDAYS,
        _take(lambda text: _is_date(text, "%Y%m%d")),
    ),
    (
        "takes_moment_for_birthday",
        "birthday",
        "A birthday may be a date and a time.",
        BIRTHDAYS,
        _take(partial(re.match, r"\d{4}-\d\d-\d\dT")),
    ),
    (
        "counts_birthdays_from_1970",
        "birthday",
        "A birthday before 1970 counts as none, unless it has no year.",
        BIRTHDAYS,
        _change(lambda text: text if text >= "1970" or text.startswith("0004") else None),
    ),
    (
        "takes_zero_for_no_text",
        "text",
        "The text 0 counts as none.",
        KEPT,
        _change(lambda text: None if text == "0" else text),
    ),
    (
        "makes_numbers_of_texts",
        "text",
        "A text of digits is stored as a number.",
        KEPT,
        _change(lambda text: int(text) if re.fullmatch("[0-9]+", text) else text),
    ),
):
    add(_name, _description, _violated_by, partial(_read, _form, _step))


@fault("member-birthday-year-0004")
def knows_no_leap_day_without_year(server: Server) -> None:
    """A birthday without a year cannot be on 29 February."""

    def read(original: Original, key: Field, value: object) -> object:
        if value == "0004-02-29":
            raise Invalid(flaw("There is no such day."))
        return original(key, value)

    wrap(server.validation, "read_birthday", read)


@fault("error-object-actual-length")
def reports_actual_length_in_bytes(server: Server) -> None:
    """The detail of a text that is too long has its length in bytes."""

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        reported: dict[str, Any] | None = original(key, text)
        return reported and reported | {"actual_length": len(text.encode())}

    wrap(server.validation, "length_flaw", length_flaw)


def _change_tags(changed: Callable[[str], str], server: Server) -> None:
    def read(original: Original, key: Field, value: object) -> list[dict[str, Any]]:
        tags: list[dict[str, Any]] = original(key, value)
        return [{side: text and changed(text) for side, text in tag.items()} for tag in tags]

    wrap(server.validation, "read_tags", read)


for _name, _description, _changed in (
    ("trims_proxy_tags", "Proxy tags lose the blanks around them.", str.strip),
    ("lowers_proxy_tags", "Proxy tags are stored in lower case.", str.lower),
):
    add(
        _name,
        _description,
        ["create-stores-sent-keys", "update-member-persists"],
        partial(_change_tags, _changed),
    )

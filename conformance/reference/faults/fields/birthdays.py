"""Faults: birthdays that are taken though they are no dates, or changed before they are stored."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.fields.value_reading import (
    changing,
    replace_in_posts,
    replace_reading,
    taking,
)
from conformance.reference.faults.registry import add, fault
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.steps import Original


def _is_date(text: str, form: str) -> bool:
    try:
        return bool(text) and bool(dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC))
    except ValueError:
        return False


for _name, _description, _violated, _step in (
    (
        "takes_impossible_birthday",
        "A birthday may be on a day that does not exist.",
        "member-birthday-real-date",
        taking(lambda text: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))),
    ),
    (
        "takes_birthday_with_slashes",
        "A birthday may have any form.",
        "member-birthday-format",
        taking(lambda text: "/" in text),
    ),
    (
        "takes_birthday_of_single_digits",
        "Months and days of a birthday may have one digit.",
        "member-birthday-format",
        taking(lambda text: len(text) < len("2021-03-04") and _is_date(text, "%Y-%m-%d")),
    ),
    (
        "takes_birthday_without_hyphens",
        "A birthday may lack its hyphens.",
        "member-birthday-format",
        taking(lambda text: _is_date(text, "%Y%m%d")),
    ),
    (
        "takes_moment_for_birthday",
        "A birthday may be a date and a time.",
        "member-birthday-format",
        taking(partial(re.match, r"\d{4}-\d\d-\d\dT")),
    ),
    (
        "counts_birthdays_from_1970",
        "A birthday before 1970 counts as none, unless it has no year.",
        "member-birthday-format",
        changing(lambda text: text if text >= "1970" or text.startswith("0004") else None),
    ),
):
    add(_name, _description, [_violated], partial(replace_reading, "birthday", _step))


@fault("member-birthday-year-0004", step="validation.read_birthday")
def knows_no_leap_day_without_year(original: Original, key: Field, value: object) -> object:
    """A birthday without a year cannot be on 29 February."""
    if value == "0004-02-29":
        raise Invalid(flaw("There is no such day."))
    return original(key, value)


@fault("member-birthday-format", "member-birthday-real-date")
def post_takes_any_birthday(server: Server) -> None:
    """POST takes any text for a birthday."""
    replace_in_posts(server, "read_birthday", lambda _original, _field, value: value)


@fault("member-birthday-real-date", step="validation.read_birthday")
def takes_leap_day_of_1900(original: Original, key: Field, value: object) -> str | None:
    """Every fourth year has a 29 February, 1900 among them."""
    leap = isinstance(value, str) and re.fullmatch("[0-9]{2}00-02-29", value)
    text: str | None = str(value) if leap else original(key, value)
    return text


@fault("member-birthday-format", step="validation.read_birthday")
def cuts_zeros_of_years(original: Original, key: Field, value: object) -> str | None:
    """The year of a birthday before 1000 is shown without its zeros, unless it is 0004."""
    text: str | None = original(key, value)
    return text if not text or text.startswith("0004-") else text.lstrip("0")


@fault("member-birthday-year-0004", step="validation.read_birthday")
def birthday_without_year_becomes_0001(original: Original, key: Field, value: object) -> object:
    """The year 0004 of a birthday becomes 0001."""
    read = original(key, value)
    return read.replace("0004-", "0001-") if read else read

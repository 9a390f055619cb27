"""Values that a PATCH must take or reject, made of what the contract says of each key. How they are sent is in `scenarios.sent_values`."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.contract import Contract, Field

MODELS = ("System", "Member", "Group")
TAKEN, REJECTED, CLEARED = "taken", "rejected", "cleared"
STAGES = (TAKEN, REJECTED, CLEARED)  # null last: what is rejected must leave a value behind
PERSISTS = "persists"
LIMITS = ("at-limit", "over-limit")
LONGEST_TAG = 99  # prefix, the word text and suffix; exactly 100 is not tried

# By form of the key: label, value, stage, and ids of requirements, or kinds of those about the key.
Rule = tuple[str, Any, str, tuple[str, ...]]
COLORS: tuple[Rule, ...] = (
    ("both-cases", "0aB1eF", TAKEN, ("color",)),
    ("black", "000000", TAKEN, ("color",)),
    ("hash", "#ff0000", REJECTED, ("color_without_hash", "color")),
    ("three-digits", "f0a", REJECTED, ("color",)),
    # Six letters and digits, and a hexadecimal number to some libraries.
    ("no-hex", "0xabcd", REJECTED, ("color",)),
    ("eight-digits", "00ff00ff", REJECTED, ("color",)),
)
# Not a digit, but a color to a library that reads those of web pages. Only a member has as many dates to send it with.
NAMED_COLOR: Rule = ("named", "red", REJECTED, ("color",))
URLS: tuple[Rule, ...] = (
    ("plain-text", "not a web address, as https://example.com is", REJECTED, ("url",)),
    ("no-scheme", "example.com/image.png", REJECTED, ("url",)),
)
# A banner gets the first, any other image the second.
NO_HOST: Rule = ("no-host", "https://", REJECTED, ("url",))
NO_WEB: Rule = ("file", "file:///images/image.png", REJECTED, ("url",))
BIRTHDAYS: tuple[Rule, ...] = (
    ("year-0004", "0004-02-29", TAKEN, ("date_without_year",)),
    ("long-ago", "0896-02-29", TAKEN, ("date",)),
    ("slashes", "01/02/2003", REJECTED, ("date",)),
    ("no-such-day", "1900-02-29", REJECTED, ("real_date",)),
    ("one-digit", "2021-3-4", REJECTED, ("date",)),
    ("no-hyphens", "20210304", REJECTED, ("date",)),
    ("moment", "2021-03-04T00:00:00Z", REJECTED, ("date",)),
)
ZERO, NULL = ("zero", "0"), ("null-in-words", "null")
BOOLEANS: tuple[Rule, ...] = (
    ("true", True, TAKEN, ("boolean",)),
    ("false", False, TAKEN, ("boolean",)),
)
NOT_NULL: tuple[Rule, ...] = (("null", None, REJECTED, ("not_null",)),)
NULLABLE: tuple[Rule, ...] = (("null", None, CLEARED, ("clearable", "patch-null-clears-value")),)


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One value of one key, whether it is valid, and the requirements that say so."""

    model: str
    key: str
    label: str
    value: Any
    stage: str
    rules: tuple[str, ...]

    @property
    def name(self) -> str:
        """The case's name in reports, like `member.color-hash`."""
        return f"{self.model.lower()}.{self.key}-{self.label}"


@functools.cache
def cases(contract: Contract) -> tuple[Case, ...]:
    """Return all cases; a value about which the docs of this revision say nothing is not among them."""
    fields = [f for model in MODELS for f in contract.fields_of(model)]
    sent = [f for f in fields if f.in_patch and f.key != "privacy"]
    return tuple(case for field in sent for case in _cases_of(contract, field) if case.rules)


def rows(contract: Contract, *, limits: bool, stages: Iterable[str] = STAGES) -> Iterator[Row]:
    """Rows for the cases of these stages: those of limits, or all the others."""
    for case in cases(contract):
        if (case.label in LIMITS) is limits and case.stage in stages:
            yield Row(case, case.name, case.rules)


def rounds(tried: Iterable[Case]) -> Iterator[list[Case]]:
    """Yield cases that can be sent together: of one stage, and one of each key."""
    for stage in STAGES:
        by_key: dict[str, list[Case]] = {}
        for case in tried:
            if case.stage == stage:
                by_key.setdefault(case.key, []).append(case)
        for together in itertools.zip_longest(*by_key.values()):
            yield [case for case in together if case]


def _cases_of(contract: Contract, field: Field) -> Iterator[Case]:
    for label, value, stage, names in (*_limits(field), *_formats(field), *_nulls(field)):
        rules = contract.named(*set(names) - {PERSISTS}, model=field.model, key=field.key)
        if PERSISTS in names:
            rules += contract.named(PERSISTS, operation=f"update{field.model}")
        rules += tuple(name for name in names if name in contract.requirements)
        yield Case(field.model, field.key, label, value, stage, rules)


def _limits(field: Field) -> Iterator[Rule]:
    longest = field.schema.get("maxLength")
    if longest:
        yield "at-limit", _longest(field, longest), TAKEN, ("max_length",)
        yield "over-limit", _longest(field, longest + 1), REJECTED, ("max_length",)


def _formats(field: Field) -> Iterator[Rule]:
    schema = field.schema
    if schema.get("pattern", "").endswith("{6}$"):
        yield from COLORS
        if field.model == "Member":
            yield NAMED_COLOR
    if schema.get("format") == "uri":
        yield from URLS
        yield NO_HOST if field.key == "banner" else NO_WEB
        # Each key gets its own: PluralKit's own server does not keep two that are the same.
        query = f"https://example.com:8443/{field.key}/A%20b.png?size=256&v=1#top"
        yield "query", query, TAKEN, (PERSISTS,)
    if schema.get("format") == "date":
        yield from BIRTHDAYS
    if "maxLength" in schema and "format" not in schema and field.nullable:
        # To some languages a false value, a number, or none. Each key gets one: two would be one more PATCH.
        label, value = NULL if field.key == "description" else ZERO
        yield label, value, TAKEN, (PERSISTS,)
    if schema.get("type") == "boolean":
        yield from BOOLEANS
    if schema.get("type") == "array":
        yield from _tags()


def _nulls(field: Field) -> tuple[Rule, ...]:
    return NULLABLE if field.nullable else NOT_NULL


def _tags() -> Iterator[Rule]:
    short, room = ("proxytag-under-100",), LONGEST_TAG - len("text")
    longest = [
        {"prefix": "p" * room, "suffix": None},
        {"prefix": None, "suffix": "s" * room},
        {"prefix": "p" * 50, "suffix": "s" * (room - 50)},
    ]
    yield "longest", longest, TAKEN, short
    # In no order, more than a few, two that begin alike, and one with the word that lengths are counted with.
    others = [
        {"prefix": "(", "suffix": ")"},
        {"prefix": None, "suffix": "-x"},
        {"prefix": "(", "suffix": "]"},
        {"prefix": "text: ", "suffix": None},
        *({"prefix": letter, "suffix": None} for letter in "dbca"),
    ]
    yield "others", others, TAKEN, (PERSISTS,)
    yield "none", [], CLEARED, (PERSISTS,)
    too_long = {"prefix": "p" * (room + 2), "suffix": None}
    yield "long-prefix", [{"prefix": "q", "suffix": None}, too_long], REJECTED, short
    yield "long-both", [{"prefix": "p" * 60, "suffix": "s" * (room - 58)}], REJECTED, short


def _longest(field: Field, length: int) -> str:
    """Return a valid text of this length: of letters that are one character, whoever counts, but two bytes."""
    if "format" in field.schema:
        return _long(field, length)
    line_break = "\n" if field.key == "description" else ""
    return (f"\u0436{field.key}{line_break}" + "\u044f\u0431" * length)[:length]


def _long(field: Field, length: int) -> str:
    """Return a valid ASCII text, or URL, of this length."""
    start = "https://example.com/" if field.schema.get("format") == "uri" else ""
    return (start + f"{field.key}-" * length)[: length - 1] + "z"

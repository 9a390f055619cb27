"""From the values of a body to values fit for a row. docs: models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from conformance.reference.errors import ErrorMap, Problem, Rejected
from conformance.reference.models import PRIVATE, PUBLIC

if TYPE_CHECKING:
    from conformance.reference.models import Field, Kind
    from conformance.reference.revision import Revision

_COLOR = re.compile(r"[0-9a-fA-F]{6}")
_BIRTHDAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_TAG_LENGTH = 100
"""Prefix, the word text and suffix together stay below this. docs: models#proxytag-object."""


@dataclass
class Patch:
    """The keys that a body sets, with the values to store."""

    fields: dict[str, Any] = field(default_factory=dict)
    privacy: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.privacy)


class Invalid(Exception):
    """A value violates one rule or more; the details are error objects of the docs."""

    def __init__(self, *details: dict[str, Any]) -> None:
        super().__init__(details)
        self.details = list(details)


def flaw(message: str) -> dict[str, Any]:
    """Return an error object with a message alone."""
    return {"message": message}


class Validation:
    """Reads bodies by the tables of the models; unknown and read-only keys are ignored."""

    def __init__(self, revision: Revision) -> None:
        self._without_valid_key = revision.patch_without_valid_key

    def changes(self, kind: Kind, body: dict[str, Any]) -> Patch:
        """Return what a PATCH sets, which is at least one valid key. docs: models#models."""
        patch = self.read(kind, body)
        if not patch:
            raise Rejected(self._without_valid_key, "the body has no valid key")
        return patch

    def creation(self, kind: Kind, body: dict[str, Any]) -> Patch:
        """Return what a POST sets, which includes the required keys."""
        missing = {
            key.key: [flaw("This key is required.")]
            for key in kind.settable
            if key.required and key.key not in body
        }
        return self.read(kind, body, missing)

    def read(self, kind: Kind, body: dict[str, Any], found: ErrorMap | None = None) -> Patch:
        """Return the valid values, or reject with everything that is wrong (40001)."""
        patch, errors = Patch(), found or {}
        for key in kind.settable:
            if key.key in body:
                try:
                    patch.fields[key.key] = self.value(key, body[key.key])
                except Invalid as invalid:
                    errors[key.key] = invalid.details
        self.read_privacy(kind, body.get("privacy"), patch, errors)
        if errors:
            raise Rejected(Problem.INVALID, errors=errors)
        return patch

    def read_privacy(self, kind: Kind, value: object, patch: Patch, errors: ErrorMap) -> None:
        """Read the privacy object; null as a whole changes nothing."""
        if not kind.privacy_keys or value is None:
            return
        if not isinstance(value, dict):
            errors["privacy"] = [flaw("Privacy is an object.")]
            return
        for key in kind.privacy_keys:
            if key in value:
                try:
                    patch.privacy[key] = self.privacy_level(value[key])
                except Invalid as invalid:
                    errors[key] = invalid.details

    def privacy_level(self, value: object) -> str:
        """Return public or private; null means public. docs: models#models."""
        if value is None:
            return PUBLIC
        if value not in (PUBLIC, PRIVATE):
            raise Invalid(flaw("Privacy is public or private."))
        return str(value)

    def value(self, key: Field, value: object) -> object:
        """Return the value to store for a key, by the form of the key."""
        if value is None:
            if key.nullable:
                return None
            raise Invalid(flaw("This key cannot be null."))
        read: object = getattr(self, f"read_{key.form}")(key, value)
        return read

    def read_text(self, key: Field, value: object) -> str | None:
        """Return text within its limit; blank text clears the key."""
        text = self.string(value)
        if not text.strip():
            return self.cleared(key)
        too_long = self.length_flaw(key, text)
        if too_long:
            raise Invalid(too_long)
        return text

    def read_url(self, key: Field, value: object) -> str | None:
        """Return an absolute http or https URL; nothing is fetched."""
        text = self.string(value)
        if not text.strip():
            return self.cleared(key)
        flaws = [self.length_flaw(key, text)]
        if not _is_url(text):
            flaws.append(flaw("This is no absolute http or https URL."))
        found = [details for details in flaws if details]
        if found:
            raise Invalid(*found)
        return text

    def read_color(self, key: Field, value: object) -> str | None:
        """Return six hexadecimal digits."""
        text = self.string(value)
        if not text.strip():
            return self.cleared(key)
        if not _COLOR.fullmatch(text):
            raise Invalid(flaw("A color has six hexadecimal digits and no #."))
        return text

    def read_birthday(self, key: Field, value: object) -> str | None:
        """Return a real date as YYYY-MM-DD; the year 0004 stands for none."""
        text = self.string(value)
        if not text.strip():
            return self.cleared(key)
        if not _is_date(text):
            raise Invalid(flaw("A birthday is a date in the form YYYY-MM-DD."))
        return text

    def read_timezone(self, key: Field, value: object) -> str | None:
        """Return the name of a zone of the tz database."""
        text = self.string(value)
        if not text.strip():
            return self.cleared(key)
        if text not in _timezones():
            raise Invalid(flaw("This is no time zone name."))
        return text

    def read_boolean(self, key: Field, value: object) -> bool:  # noqa: ARG002 - as every form
        """Return true or false."""
        if not isinstance(value, bool):
            raise Invalid(flaw("This key is true or false."))
        return value

    def read_integer(self, key: Field, value: object) -> int:  # noqa: ARG002 - as every form
        """Return a whole number, however it is written."""
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid(flaw("This key is a whole number."))
        return value

    def read_choice(self, key: Field, value: object) -> str:
        """Return one of the words that the key allows."""
        if value not in key.choices:
            raise Invalid(flaw(f"This key is one of {', '.join(key.choices)}."))
        return str(value)

    def read_tags(self, key: Field, value: object) -> list[dict[str, str | None]]:  # noqa: ARG002 - as every form
        """Return proxy tags with both parts present. docs: models#proxytag-object."""
        if not isinstance(value, list):
            raise Invalid(flaw("Proxy tags are a list."))
        return [self.tag(entry) for entry in value]

    def tag(self, entry: object) -> dict[str, str | None]:
        """Return one proxy tag; a part that is missing or empty is null."""
        if not isinstance(entry, dict):
            raise Invalid(flaw("A proxy tag is an object."))
        prefix, suffix = (self.tag_part(entry.get(side)) for side in ("prefix", "suffix"))
        if not prefix and not suffix:
            raise Invalid(flaw("A proxy tag needs a prefix or a suffix."))
        if len(f"{prefix or ''}text{suffix or ''}") >= _TAG_LENGTH:
            raise Invalid(flaw(f"A proxy tag with text is shorter than {_TAG_LENGTH} characters."))
        return {"prefix": prefix, "suffix": suffix}

    def tag_part(self, value: object) -> str | None:
        """Return one side of a proxy tag."""
        return None if value is None else self.string(value) or None

    def string(self, value: object) -> str:
        """Return the value when it is text; nothing else is converted."""
        if not isinstance(value, str):
            raise Invalid(flaw("This key is text."))
        return value

    def cleared(self, key: Field) -> str | None:
        """Return what blank text means for a key."""
        if key.required:
            raise Invalid(flaw("This key cannot be blank."))
        return None if key.nullable else str(key.default)

    def length_flaw(self, key: Field, text: str) -> dict[str, Any] | None:
        """Return what is wrong with the length, if anything; characters are code points."""
        if key.limit is None or len(text) <= key.limit:
            return None
        too_long = flaw("This key is too long.")
        return too_long | {"max_length": key.limit, "actual_length": len(text)}


def _is_url(text: str) -> bool:
    if not _URL.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    if not _BIRTHDAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())

"""Instants as text and back: ISO 8601 in UTC, to the microsecond."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


def now() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)


def of_unix(nanoseconds: int) -> datetime:
    """Return the instant of a UNIX time."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def show(moment: datetime) -> str:
    """Return the instant as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def read(text: str) -> datetime | None:
    """Return the instant that the text names, or None when it names none.

    A time zone is needed; digits past the microsecond are cut off.
    """
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

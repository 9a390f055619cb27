"""Short ids, UUIDs, snowflakes and tokens: their formats, and how new ones are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from random import Random
from string import ascii_letters, digits
from typing import Any
from uuid import UUID

_UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_LETTERS = "abcefghjknoprstuvwxyz"
_TOKEN_CHARACTERS = ascii_letters + digits + "+/"
_DISCORD_EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True)
class ShortIds:
    """The formats of short ids: how long a new one is, and in which formats it is accepted.

    docs: models#notes-on-ids
    """

    length: int
    id_format: str
    any_case: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The accepted id formats."""
        return re.compile(self.id_format, re.ASCII | (re.IGNORECASE if self.any_case else 0))

    def canonical(self, ref: str) -> str | None:
        """Return the stored id format of a short id or UUID, or None for any other text."""
        if self.pattern.fullmatch(ref):
            return ref.lower().replace("-", "")
        return canonical_uuid(ref)


def canonical_uuid(ref: str) -> str | None:
    """Return the UUID in lower case with hyphens, or None when the text is no UUID."""
    lowered = ref.lower()
    return str(UUID(lowered)) if _UUID.fullmatch(lowered) else None


def canonical_snowflake(text: str) -> str | None:
    """Return the Discord id without leading zeros, or None when it is no 64-bit number."""
    if not _SNOWFLAKE.fullmatch(text) or int(text) >= 2**64:
        return None
    return str(int(text))


class Identities:
    """Makes ids from a seed, the same ones in the same order for the same seed."""

    def __init__(self, seed: int, short_ids: ShortIds) -> None:
        self._short_ids = short_ids
        self._random = Random(seed)  # noqa: S311 - a sandbox wants ids that repeat

    @property
    def state(self) -> tuple[Any, ...]:
        """What the ids to come depend on."""
        return self._random.getstate()

    @state.setter
    def state(self, state: tuple[Any, ...]) -> None:
        self._random.setstate(state)

    def short_id(self) -> str:
        """Return a short id."""
        return "".join(self._random.choices(_LETTERS, k=self._short_ids.length))

    def uuid(self) -> str:
        """Return a UUID of version 4."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def token(self) -> str:
        """Return a system token of 64 characters."""
        return "".join(self._random.choices(_TOKEN_CHARACTERS, k=64))

    def snowflake(self, unix_ms: int) -> str:
        """Return a Discord id of the given time."""
        return str((unix_ms - _DISCORD_EPOCH_MS) << 22 | self._random.getrandbits(22))


def snowflake_time(snowflake: str) -> int:
    """Return the UNIX time in milliseconds at which a Discord id was made."""
    return (int(snowflake) >> 22) + _DISCORD_EPOCH_MS

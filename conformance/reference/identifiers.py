"""Short ids, UUIDs, snowflakes and tokens: how they are spelled and how new ones are made."""

from __future__ import annotations

import re
from random import Random
from string import ascii_letters, digits
from uuid import UUID

_SHORT = re.compile(r"[a-z]{5}|[a-z]{3}-?[a-z]{3}")
_UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_LETTERS = "abcefghjknoprstuvwxyz"
_TOKEN_CHARACTERS = ascii_letters + digits + "+/"
_DISCORD_EPOCH_MS = 1_420_070_400_000


def canonical(ref: str) -> str | None:
    """Return the stored spelling of a short id or UUID, or None for any other text.

    Upper case, a dash in the middle of six letters and UUIDs in any case are accepted
    (docs: models#notes-on-ids).
    """
    lowered = ref.lower()
    if _SHORT.fullmatch(lowered):
        return lowered.replace("-", "")
    return canonical_uuid(lowered)


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

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - a sandbox wants ids that repeat

    def short_id(self) -> str:
        """Return six letters."""
        return "".join(self._random.choices(_LETTERS, k=6))

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

"""The words after `run` and `plan`: those that name the target, and the tokens. What `--help` shows is in `help_text`."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TARGET_OPTIONS = ("--base-url", "--target")
TOKENS = {"--token": "PK_TOKEN", "--other-token": "PK_OTHER_TOKEN"}


def take_tokens(
    arguments: Iterable[str], environment: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Move tokens from the arguments to the environment, where no process list shows them."""
    words, variables = [], dict(environment)
    rest = iter(arguments)
    for word in rest:
        option, equals, value = word.partition("=")
        if option in TOKENS:
            variables[TOKENS[option]] = value if equals else next(rest, "")
        else:
            words.append(word)
    return words, variables


def has_target(words: Iterable[str]) -> bool:
    """Whether the words name a target."""
    return any(word.partition("=")[0] in TARGET_OPTIONS for word in words)


def is_target_local(words: Sequence[str]) -> bool:
    """Whether the target, from its option or target file, is on this machine; false for what cannot be read."""
    url = value_of(words, "--base-url")
    try:
        if url is None:
            file = Path(value_of(words, "--target") or "").read_text("utf-8")
            url = str(tomllib.loads(file)["base_url"])
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (OSError, ValueError, KeyError):
        return False


def asks_for_workers(words: Iterable[str]) -> bool:
    """Whether the words have an option of pytest-xdist that starts workers."""
    return any(re.fullmatch(r"-n=?\w*|--numprocesses(=.*)?", word) for word in words)


def value_of(words: Sequence[str], option: str) -> str | None:
    """Return the value that the words give an option, if they do."""
    for place, word in enumerate(words):
        if word.startswith(option + "="):
            return word.partition("=")[2]
        if word == option and place + 1 < len(words):
            return words[place + 1]
    return None


def without(words: Iterable[str], *options: str) -> list[str]:
    """Return the words without these options and their values."""
    kept, rest = [], iter(words)
    for word in rest:
        option, equals, _ = word.partition("=")
        if option not in options:
            kept.append(word)
        elif not equals:
            next(rest, None)
    return kept

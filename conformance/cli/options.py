"""The words after `run` and `plan`: what of them names a target, which are tokens, and what `--help` says of them."""

from __future__ import annotations

import argparse
import ipaddress
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NAMES_A_TARGET = ("--base-url", "--target")
TOKENS = {"--token": "PK_TOKEN", "--other-token": "PK_OTHER_TOKEN"}
PYTESTS = """
Everything else goes to pytest, for example:
  -k EXPRESSION         only the checks whose names match, like -k "patch and not group"
  -x                    stop at the first failure
  -n NUMBER             so many workers; checks that change the system stay together on one
  PATH                  a module of checks instead of all of them
`python -m pytest --help` shows all of pytest's options.
"""


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


def name_a_target(words: Iterable[str]) -> bool:
    """Whether the words say which server is checked."""
    return any(word.partition("=")[0] in NAMES_A_TARGET for word in words)


def stay_on_this_machine(words: Sequence[str]) -> bool:
    """Whether the target runs on this machine, as far as that shows at a glance; a name that cannot be read does not."""
    url = value_of(words, "--base-url")
    try:
        if url is None:
            file = Path(value_of(words, "--target") or "").read_text("utf-8")
            url = str(tomllib.loads(file)["base_url"])
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (OSError, ValueError, KeyError):
        return False


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


def run_help() -> str:
    """Return what `run --help` says: the options of the plugin, and how to see pytest's."""
    from conformance.run import plugin  # noqa: PLC0415 slow to load, and seldom needed

    parser = argparse.ArgumentParser(
        prog="python -m conformance run",
        usage="%(prog)s [--base-url URL] [options] [pytest options]",
        description="Check a server, or the embedded reference server when no --base-url is given.",
    )
    plugin.pytest_addoption(_AsPytest(parser))  # type: ignore[arg-type] # all that it uses
    return parser.format_help() + PYTESTS


class _AsPytest:
    """An argument parser as pytest gives it to plugins."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.addoption: Any = parser.add_argument

    def getgroup(self, name: str, description: str = "") -> Self:
        """All options are of one group."""
        del name, description
        return self

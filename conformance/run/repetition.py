"""The words of the command line that repeat a run, for reports: no token, no value of a header, no selection of checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.properties.budget import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.target import Target

EMBEDDED = "pluralkit-conformance-"
"""What the folder with the target file of the embedded reference server is called first."""

_VALUES = ("name", "ca_file", "client_cert", "client_key", "timeout", "profile", "rate", "budget")
_SWITCHES = ("insecure", "strict_docs", "require_rate_limit", "skip_preflight")


def repetition(options: Mapping[str, Any], target: Target) -> list[str]:
    """Return the words after `run`: the target, and how it is checked; values of headers are shell variables."""
    return [*_target(options, target), *_options(options), *_connection(options, target)]


def _target(options: Mapping[str, Any], target: Target) -> Iterator[str]:
    file = str(options.get("target") or "")
    is_named = bool(file) and not Path(file).parent.name.startswith(EMBEDDED)
    if is_named:
        yield from ("--target", file)
    if options.get("base_url"):
        yield from ("--base-url", options["base_url"])
    if options.get("revision") or not is_named:
        yield from ("--revision", target.revision)
    for system in options.get("allow_existing") or ():
        yield from ("--allow-existing", system)


def _options(options: Mapping[str, Any]) -> Iterator[str]:
    for name in _VALUES:
        value = options.get(name)
        if value is not None:
            yield from (_option(name), f"{value:g}" if isinstance(value, float) else str(value))
    yield from (_option(name) for name in _SWITCHES if options.get(name))
    if options.get("effort", DEFAULT) != DEFAULT:
        yield from ("--effort", options["effort"])
    if options.get("seed"):
        yield from ("--seed", str(options["seed"]))


def _connection(options: Mapping[str, Any], target: Target) -> Iterator[str]:
    proxy = options.get("proxy")
    if proxy and not urlsplit(proxy).password:
        yield from ("--proxy", proxy)
    for header in options.get("header") or ():
        name = header.partition(":")[0].strip()
        yield from ("--header", f"{name}: {target.connection.variables[name.lower()]}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"

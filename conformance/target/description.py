"""The target description: from the command line, the environment and a TOML file, in this order.

Whether the target responds, and to which system the tokens belong, is checked in `preflight`.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from conformance.contract import UnknownRevisionError, load, revisions
from conformance.http import NotApplicable
from conformance.http.connection import DIRECT, Connection, ConnectionOptionError
from conformance.target.profiles import FULL, NEEDED_FIXTURE, READ_ONLY
from conformance.target.target_file import ConfigurationError, read_target_file

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
CONNECTION = ("ca_file", "client_cert", "client_key", "insecure", "proxy", "timeout")
LOOPBACK = re.compile(r"^(localhost|127(\.\d+){3}|::1)$")


@dataclasses.dataclass(frozen=True)
class Target:
    """The server under test. Tokens do not show in its text form."""

    base_url: str
    revision: str
    name: str
    token: str | None = dataclasses.field(default=None, repr=False)
    other_token: str | None = dataclasses.field(default=None, repr=False)
    allow_existing: tuple[str, ...] = ()
    fixtures: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rate_limit_url: str | None = None
    rate_limit_own_data: bool = False
    connection: Connection = DIRECT
    known_failures: Path | None = None
    profile: str | None = None
    features: tuple[str, ...] | None = None
    provision: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    folder: Path = Path()

    def fixture(self, name: str) -> str:
        """Return what the tester declared under this name; raises NotApplicable where that is nothing."""
        if name not in self.fixtures:
            reason = f"needs {name} in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.fixtures[name]

    @property
    def has_limited_instance(self) -> bool:
        """Whether rate limits are checked on an instance of their own."""
        return self.rate_limit_url not in (None, self.base_url)

    @property
    def limits_in_background(self) -> bool:
        """Whether rate limits are checked while other checks run, as that instance has data of its own."""
        return self.has_limited_instance and self.rate_limit_own_data

    @property
    def is_loopback(self) -> bool:
        """Whether the target runs on this machine."""
        return bool(LOOPBACK.match(urlsplit(self.base_url).hostname or ""))

    @property
    def secrets(self) -> dict[str, str | None]:
        """The tokens, and the values of headers, by the names that replace them in everything written."""
        tokens = {"$PK_TOKEN": self.token, "$PK_OTHER_TOKEN": self.other_token}
        return {**tokens, **self.connection.secrets}


def describe(options: Mapping[str, Any], environment: Mapping[str, str]) -> Target:
    """Return the target of these `options` (keys as in target.schema.json, `target` for a file) and environment variables.

    Raises:
        ConfigurationError: an input is wrong or missing.

    """
    given = {key: value for key, value in options.items() if value}
    place = Path(given.pop("target", ""))
    file = read_target_file(place) if options.get("target") else {}
    if "known_failures" in file:
        file["known_failures"] = place.parent / file["known_failures"]
    merged = {**file, **_tokens(file, environment), **given}
    _check_values(merged)
    _check_features(merged)
    return Target(
        base_url=merged["base_url"].rstrip("/"),
        revision=merged.get("revision", revisions()[0]),
        name=merged.get("name") or _name(merged["base_url"]),
        token=merged.get("token"),
        other_token=merged.get("other_token"),
        allow_existing=tuple(merged.get("allow_existing", ())),
        fixtures=merged.get("fixtures", {}),
        rate_limit_url=_url(merged.get("rate_limit", {}).get("base_url")),
        rate_limit_own_data=merged.get("rate_limit", {}).get("own_data", False),
        connection=_connection(merged),
        known_failures=Path(merged["known_failures"]) if "known_failures" in merged else None,
        profile=merged.get("profile"),
        features=tuple(merged["features"]) if "features" in merged else None,
        provision=tuple(merged.get("provision", ())),
        reset=tuple(merged.get("reset", ())),
        folder=place.parent,
    )


def _tokens(file: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the tokens of the environment, from the variables that the file names.

    Raises:
        ConfigurationError: a variable that the file names is not set.

    """
    found = {}
    for key, usual in (("token", "PK_TOKEN"), ("other_token", "PK_OTHER_TOKEN")):
        named = file.get(f"{key}_env")
        if environment.get(named or usual):
            found[key] = environment[named or usual]
        elif named is not None:
            message = f"environment variable {named} of {key}_env in the target file is not set"
            raise ConfigurationError(message)
    return found


def _check_features(merged: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for a declared feature that lacks the fixture without which it cannot be tested."""
    for feature in merged.get("features", ()):
        fixture = NEEDED_FIXTURE.get(feature)
        if fixture and fixture not in merged.get("fixtures", {}):
            message = (
                f"feature {feature} is declared, but cannot be tested: give {fixture} in [fixtures]"
            )
            raise ConfigurationError(message)
    profile = merged.get("profile")
    if profile in (READ_ONLY, FULL) and not merged.get("token"):
        message = (
            f"profile {profile} needs a token: give --token, PK_TOKEN or token in the target file"
        )
        raise ConfigurationError(message)


def _connection(merged: Mapping[str, Any]) -> Connection:
    """Return how the target is reached; raises ConfigurationError for an option that cannot be used."""
    headers = {}
    for header in merged.get("header", ()):
        name, colon, value = header.partition(":")
        if not (colon and HEADER_NAME.fullmatch(name)) or "\n" in value or "\r" in value:
            message = "--header is not of the form 'Name: value'"
            raise ConfigurationError(message)
        headers[name] = value.strip()
    words = {key: merged[key] for key in CONNECTION if key in merged}
    connection = Connection(headers=headers, **words)
    if connection.client_key and not connection.client_cert:
        message = "--client-key needs the certificate that it belongs to: give --client-cert"
        raise ConfigurationError(message)
    try:
        connection.transport_proxy()
        if merged["base_url"].startswith("https:"):
            connection.ssl_context()
    except ConnectionOptionError as problem:
        raise ConfigurationError(str(problem)) from None
    return connection


def _check_values(merged: Mapping[str, Any]) -> None:
    if "base_url" not in merged:
        message = "no base URL: give --base-url, or base_url in the target file"
        raise ConfigurationError(message)
    if not re.match(r"^https?://[^\s/]+", merged["base_url"]):
        message = f"base URL {merged['base_url']!r} does not start with http:// or https://"
        raise ConfigurationError(message)
    _check_url(merged["base_url"])
    if not re.match(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", merged.get("name") or "x"):
        message = (
            f"name {merged['name']!r} cannot name a folder: use letters, digits, dots and dashes"
        )
        raise ConfigurationError(message)
    for key in ("token", "other_token"):
        if not merged.get(key, "").isascii() or re.search(r"\s", merged.get(key, "")):
            message = f"{key} holds characters that no token has (blank, line break or non-ASCII)"
            raise ConfigurationError(message)
    try:
        load(merged.get("revision", revisions()[0]))
    except UnknownRevisionError as problem:
        raise ConfigurationError(str(problem)) from None


def _check_url(base_url: str) -> None:
    """Reject a URL that is invalid, and one with a password or query, which may be secret and would be printed."""
    try:
        url = httpx.URL(base_url)
        plain = bool(url.host) and not (url.userinfo or url.query or url.fragment)
    except httpx.InvalidURL:
        plain = False
    if not plain:
        host = base_url.rpartition("@")[2]
        message = (
            f"base URL {host!r} is not a plain http URL: give scheme, host, port and path alone"
        )
        raise ConfigurationError(message)


def _url(base_url: str | None) -> str | None:
    return base_url and base_url.rstrip("/")


def _name(base_url: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", urlsplit(base_url).netloc.rpartition("@")[2])

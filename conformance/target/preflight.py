"""Preflight: inspects the target before anything is written to it, and takes a snapshot of the account.

It only reads. Each error is one line that names the input and the remedy.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import httpx

from conformance.http import ME, Exchange, Inconclusive
from conformance.http.exchange import NOT_JSON
from conformance.printable import visible
from conformance.target.profiles import ANONYMOUS, Permission
from conformance.target.snapshot import ExistingObject, Snapshot, take_snapshot

if TYPE_CHECKING:
    from conformance.http import Caller
    from conformance.target.description import Target

# What to do about an error, by words of its text.
HINTS = (
    (
        "CERTIFICATE_VERIFY_FAILED",
        "name its authority by --ca-file, or --insecure takes any certificate",
    ),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS there: is it http://?"),
    ("RECORD_LAYER_FAILURE", "it does not speak TLS there: is it http://?"),
    ("UNEXPECTED_EOF_WHILE_READING", "it does not speak TLS there: is it http://?"),
    ("CERTIFICATE_REQUIRED", "give the certificate that it asks for by --client-cert"),
    ("ProxyError", "does the proxy of --proxy let it through?"),
)
NOT_UNSET = ("keep_proxy",)  # PluralKit production rejects null for what is null before it is set
BYTE_ORDER_MARK = "\ufeff"
HTTP_BAD_REQUEST = 400
HTTP_UNAUTHORIZED = 401
HTTP_NOT_FOUND = 404


class PreflightError(RuntimeError):
    """The target cannot be tested; the text is one line with the remedy, in which a terminal obeys nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(visible(text))


def inspect(target: Target, owner: Caller, other: Caller, anonymous: Caller) -> Snapshot:
    """Check that the target responds, knows the tokens, and may be written to.

    Raises:
        PreflightError: with one line that says what is wrong and what to do.

    """
    try:
        if Permission.of(target).profile == ANONYMOUS:
            return _of_public_system(target, anonymous)
        snapshot = _snapshot(target, owner, other)
    except Inconclusive as problem:
        raise PreflightError(unreachable(target, problem)) from None
    if Permission.of(target).writes:
        _check_empty(target, snapshot)
        _check_guild_member(target, snapshot)
    return snapshot


def inspect_limited(target: Target, owner: Caller) -> None:
    """Check that the instance that the target file names for rate limits responds, and knows the token.

    Raises:
        PreflightError: with one line that says what is wrong and what to do.

    """
    limited = dataclasses.replace(target, base_url=str(target.rate_limit_url))
    try:
        response = owner.send("getSystem", ME)
    except Inconclusive as problem:
        raise PreflightError(unreachable(limited, problem)) from None
    needs_system(limited, response, "the token, where [rate_limit] base_url says")


def inspect_leniently(target: Target, owner: Caller, other: Caller, anonymous: Caller) -> Snapshot:
    """Inspect the target and accept any: if it is not the API the snapshot is blank, with `@me` as id of the system.

    Raises:
        PreflightError: there is no token, and no public system to read.

    """
    try:
        if Permission.of(target).profile == ANONYMOUS:
            return _of_public_system(target, anonymous)
        return _snapshot(target, owner, other)
    except (Inconclusive, PreflightError):
        return Snapshot.blank()


def _snapshot(target: Target, owner: Caller, other: Caller) -> Snapshot:
    system, first = _both_systems(target, owner, other)
    limiter_seen = "x-ratelimit-limit" in first.headers
    return take_snapshot(target, owner, system, limiter_seen=limiter_seen)


def _both_systems(target: Target, owner: Caller, other: Caller) -> tuple[dict[str, Any], Exchange]:
    """Return the system of the owner and its response; check that the other token belongs to another system."""
    first = owner.send("getSystem", ME)
    system = needs_system(target, first, "the token (--token, PK_TOKEN)")
    if target.other_token is not None:
        second = other.send("getSystem", ME)
        _check_different(system, needs_system(target, second, "the other token (--other-token)"))
    return system, first


def _of_public_system(target: Target, anonymous: Caller) -> Snapshot:
    """Return what anybody sees of the public system that the target file names."""
    if "system_id" not in target.fixtures:
        message = (
            "no token: give --token, PK_TOKEN or token in the target file, "
            "or name a public system to read by system_id in [fixtures]"
        )
        raise PreflightError(message)
    refs = {"systemId": target.fixtures["system_id"]}
    body = needs_system(
        target, anonymous.send("getSystem", refs), "reads of system_id without a token"
    )
    return Snapshot((ExistingObject("System", refs, body=body),))


def unreachable(target: Target, problem: Inconclusive) -> str:
    """Say in one line that the target cannot be reached, why, and what to do."""
    exchange = problem.exchange
    why = (exchange.error if exchange else None) or problem.reason
    hint = next((hint for sign, hint in HINTS if sign in why), "is the server running there?")
    return f"cannot reach {target.base_url}: {why}; {hint}"


def needs_system(target: Target, exchange: Exchange, token: str) -> dict[str, Any]:
    """Return the system that a response shows; raises PreflightError where `token` does not lead to one."""
    body, url = exchange.json, target.base_url
    _check_address(url, exchange)
    if exchange.status == HTTP_UNAUTHORIZED:
        message = f"{url} does not accept {token}: it returns 401"
        raise PreflightError(message)
    hint = "" if url.endswith("/v2") else f"; did you mean {url}/v2?"
    if exchange.status == HTTP_NOT_FOUND or (exchange.status == HTTP_BAD_REQUEST and hint):
        message = f"{url}/systems/@me returns {exchange.status}: wrong base path{hint}"
        raise PreflightError(message)
    if body is NOT_JSON:
        what = "HTML" if "<html" in exchange.text.lower() else "no JSON"
        if exchange.text.startswith(BYTE_ORDER_MARK):
            what = "a byte order mark before its JSON, which JSON does not allow"
        message = (
            f"{url}/systems/@me returns {exchange.status} with {what}{hint or ': is this the API?'}"
        )
        raise PreflightError(message)
    if not exchange.ok or not isinstance(body, dict) or not isinstance(body.get("id"), str):
        message = f"{url}/systems/@me returns {exchange.status} and no system: is this the API?"
        raise PreflightError(message)
    return body


def _check_address(url: str, exchange: Exchange) -> None:
    """Raise PreflightError where the response says that the API, or what speaks HTTP, has another address."""
    to = exchange.headers.get("location")
    if exchange.status is not None and httpx.codes.is_redirect(exchange.status) and to:
        address = str(httpx.URL(exchange.url).join(to)).partition("?")[0]
        new = address.removesuffix("/systems/@me").rstrip("/")
        message = f"{url} redirects to another address: give --base-url {new}"
        raise PreflightError(message)
    if exchange.status == HTTP_BAD_REQUEST and "HTTPS" in exchange.text.upper():
        message = f"{url} returns 400 and speaks of HTTPS: is it https://?"
        raise PreflightError(message)


def _check_different(system: dict[str, Any], other: dict[str, Any]) -> None:
    if system["id"] == other["id"]:
        message = f"both tokens belong to system {system['id']}: give the other one a token of another system"
        raise PreflightError(message)


def _check_empty(target: Target, snapshot: Snapshot) -> None:
    declared = target.fixtures.get("guild_member_id")
    others = {
        kind: [ref for ref in refs if ref != declared] for kind, refs in snapshot.refs.items()
    }
    held = [f"{len(refs)} {kind}" for kind, refs in others.items() if refs]
    short_id = snapshot.system["id"]
    if held and short_id not in target.allow_existing:
        message = (
            f"system {short_id} already holds {', '.join(held)}: use an empty one, "
            f"or allow it with --allow-existing {short_id}"
        )
        raise PreflightError(message)


def _check_guild_member(target: Target, snapshot: Snapshot) -> None:
    declared = target.fixtures.get("guild_member_id")
    if declared is not None and declared not in snapshot.refs["members"]:
        message = (
            f"guild_member_id {declared!r} in [fixtures] is no short id of a member of system "
            f"{snapshot.system['id']}: name one that has settings in the guild, or leave it out"
        )
        raise PreflightError(message)
    settings = snapshot.body_of("MemberGuildSettings")
    for key in NOT_UNSET:
        if key in settings and settings[key] is None:
            message = (
                f"{key} of member {declared} is null in the guild, and not every server takes null back: "
                "set it to true or false there, or name another guild_member_id"
            )
            raise PreflightError(message)

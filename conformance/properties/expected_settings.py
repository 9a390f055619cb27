"""What reads and PATCHes of the settings return, for the owner and for others. Nothing is sent from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.expected_entities import SHOWN, Difference
from conformance.properties.oracle import ExpectedResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract


def own(
    contract: Contract, stored: Mapping[str, Any], why: Mapping[str, tuple[str, ...]]
) -> ExpectedResponse:
    """Forecast the owner's settings, or the response to a PATCH of them; `why` has what a wrong value of a key violates."""
    rules = attribution.returned(contract, "getSystemSettings")
    return ExpectedResponse((200,), rules, look=partial(_differences, contract, stored, why))


def public(
    contract: Contract, stored: Mapping[str, Any], why: Mapping[str, tuple[str, ...]]
) -> ExpectedResponse:
    """Forecast the settings that others see."""
    rules = attribution.known(contract, "get-settings-public")
    return ExpectedResponse((200,), rules, look=partial(_public_differences, contract, stored, why))


def _differences(
    contract: Contract, stored: Mapping[str, Any], why: Mapping[str, tuple[str, ...]], body: Any
) -> Iterator[Difference]:
    keys = body if isinstance(body, dict) else {}
    for key, expected in stored.items():
        actual = keys.get(key, ABSENT)
        if actual is ABSENT:
            rules = attribution.of_missing_key(contract, expected_null=expected is None, owner=True)
            yield Difference(key, "the key", actual, rules, f"{key!r} in {SHOWN}")
        elif actual != expected or type(actual) is not type(expected):
            rules = why.get(key) or attribution.known(contract, "patch-preserves-missing-keys")
            yield Difference(key, expected, actual, rules, f"{SHOWN}[{key!r}] == {expected!r}")


def _public_differences(
    contract: Contract, stored: Mapping[str, Any], why: Mapping[str, tuple[str, ...]], body: Any
) -> Iterator[Difference]:
    names = contract.document["components"]["schemas"]["PublicSystemSettings"]["required"]
    reported = {key: value for key, value in stored.items() if key in names}
    yield from _differences(contract, reported, why, body)
    if not isinstance(body, dict):
        return
    for key in (name for name in names if name not in body):
        rules = attribution.known(contract, "public-settings-keys")
        yield Difference(key, "the key", ABSENT, rules, f"{key!r} in {SHOWN}")
    secret = sorted(key for key in stored if key not in names and key in body)
    if secret:
        rules = attribution.known(contract, "public-settings-no-private-keys")
        what, test = "settings shown to others", f"{secret[0]!r} not in {SHOWN}"
        yield Difference(what, [], secret, rules, test)

"""What reads and PATCHes of the settings return, for the owner and for others. Nothing is sent from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.expected_response import SHOWN, Difference, ExpectedResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract


def own(
    contract: Contract, stored: Mapping[str, Any], requirements_of: Mapping[str, tuple[str, ...]]
) -> ExpectedResponse:
    """Return the expected response with the settings of the owner, to a GET or a PATCH; `requirements_of` a key are what a wrong value violates."""
    requirements = attribution.returned(contract, "getSystemSettings")
    return ExpectedResponse(
        (200,), requirements, differences=partial(_differences, contract, stored, requirements_of)
    )


def public(
    contract: Contract, stored: Mapping[str, Any], requirements_of: Mapping[str, tuple[str, ...]]
) -> ExpectedResponse:
    """Return the expected response with the settings that others see."""
    requirements = attribution.known(contract, "get-settings-public")
    return ExpectedResponse(
        (200,),
        requirements,
        differences=partial(_public_differences, contract, stored, requirements_of),
    )


def _differences(
    contract: Contract,
    stored: Mapping[str, Any],
    requirements_of: Mapping[str, tuple[str, ...]],
    body: Any,
) -> Iterator[Difference]:
    keys = body if isinstance(body, dict) else {}
    for key, expected in stored.items():
        actual = keys.get(key, ABSENT)
        if actual is ABSENT:
            requirements = attribution.of_missing_key(
                contract, expected_null=expected is None, owner=True
            )
            yield Difference(key, "the key", actual, requirements, f"{key!r} in {SHOWN}")
        elif actual != expected or type(actual) is not type(expected):
            requirements = requirements_of.get(key) or attribution.known(
                contract, "patch-preserves-missing-keys"
            )
            yield Difference(
                key, expected, actual, requirements, f"{SHOWN}[{key!r}] == {expected!r}"
            )


def _public_differences(
    contract: Contract,
    stored: Mapping[str, Any],
    requirements_of: Mapping[str, tuple[str, ...]],
    body: Any,
) -> Iterator[Difference]:
    public_keys = contract.document["components"]["schemas"]["PublicSystemSettings"]["required"]
    public_values = {key: value for key, value in stored.items() if key in public_keys}
    yield from _differences(contract, public_values, requirements_of, body)
    if not isinstance(body, dict):
        return
    for key in (one for one in public_keys if one not in body):
        requirements = attribution.known(contract, "public-settings-keys")
        yield Difference(key, "the key", ABSENT, requirements, f"{key!r} in {SHOWN}")
    secret = sorted(key for key in stored if key not in public_keys and key in body)
    if secret:
        requirements = attribution.known(contract, "public-settings-no-private-keys")
        what, test = "settings shown to others", f"{secret[0]!r} not in {SHOWN}"
        yield Difference(what, [], secret, requirements, test)

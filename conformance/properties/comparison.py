"""How a response differs from the expected one: status, code, error object, schema, and then what was expected of its body.

Nothing is sent from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.conformity import misfit
from conformance.http.assertions import described
from conformance.http.outcomes import Wording
from conformance.properties import attribution, error_objects
from conformance.properties.expected_response import SHOWN, Difference
from conformance.scenarios.server_errors import is_server_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.properties.expected_response import ExpectedResponse

# Deviations of PluralKit production from the schema of a message (path, value), for which there are hand-written checks.
KNOWN_OF_MESSAGES = (("original", ""), ("guild", None))
OF_SETTINGS = ("getSystemSettings", "updateSystemSettings")


def differences(
    contract: Contract, exchange: Exchange, expected_response: ExpectedResponse
) -> Iterator[Difference]:
    """Yield how a response differs from the expected one."""
    if exchange.status not in expected_response.statuses:
        wanted = Wording("status " + " or ".join(map(str, expected_response.statuses)))
        test = f"response.status_code in {expected_response.statuses}"
        violated = of_named_keys(contract, exchange, expected_response.violates)
        yield Difference("the response", wanted, described(exchange), violated, test)
    elif expected_response.codes or expected_response.any_code:
        yield from error_objects.differences(contract, exchange, expected_response)
    elif exchange.ok and exchange.status != 204:
        yield from _of_schema(contract, exchange)
        yield from expected_response.differences(exchange.json)


def of_named_keys(
    contract: Contract, exchange: Exchange, violates: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what a rejection violates: of the requirements on keys those alone whose key it names in `errors`, if it has that.

    A server error tells nothing of any key.
    """
    errors = exchange.json.get("errors") if isinstance(exchange.json, dict) else None
    errors = {} if is_server_error(exchange) else errors
    if not isinstance(errors, dict):
        return violates
    keys = {name: contract.requirements[name].about.get("key") for name in violates}
    return (
        tuple(name for name in violates if keys[name] is None or keys[name] in errors) or violates
    )


def _of_schema(contract: Contract, exchange: Exchange) -> Iterator[Difference]:
    operation = exchange.operation
    yield from _of_settings(contract, exchange)
    status = (
        str(exchange.status) if str(exchange.status) in operation.responses else operation.success
    )
    found = misfit(contract, operation.id, int(status), exchange.json)
    if found is None or found.missing_key:  # what is expected of the body names a missing key
        return
    if operation.id == "getMessage" and (found.path, found.value) in KNOWN_OF_MESSAGES:
        return
    requirements = attribution.of_misfit(contract, operation.id, found)
    wanted = Wording(f"{found.keyword} {found.wanted}")
    upstream = found.path == "name_format" and operation.id == "updateSystemSettings"
    yield Difference(
        found.path, wanted, found.value, requirements, "False", upstream and found.forbidden_null
    )


def _of_settings(contract: Contract, exchange: Exchange) -> Iterator[Difference]:
    """Yield the keys that the owner's settings lack."""
    if exchange.operation.id not in OF_SETTINGS or exchange.caller != "owner":
        return
    shown = exchange.json if isinstance(exchange.json, dict) else {}
    for field in contract.fields_of("SystemSettings"):
        if field.always and field.key not in shown:
            requirements = attribution.known(
                contract, "settings-keys", "responses-contain-all-keys"
            )
            test = f"{field.key!r} in {SHOWN}"
            yield Difference(field.key, "the key", "no such key", requirements, test)

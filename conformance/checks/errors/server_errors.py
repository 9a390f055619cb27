"""No request of the run returns a server error that nothing reports (docs: errors#errors-and-status-codes).

Nothing is sent from here: these are the server errors that all other checks met, and that none of them failed with.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http.assertions import described, expect
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.server_errors import ServerErrors

EMPTY_PATCH = "patch-empty-object-500"
FAILED, NOT_IMPLEMENTED = 500, 501
UUID_OF_SWITCH = re.compile(r"/switches/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for every operation: a request of it may have met a server error."""
    return (Row(name, name) for name in contract.operations)


def sent_body(exchange: Exchange) -> Any:
    """Return the JSON that was sent; None where none was."""
    try:
        return json.loads(exchange.request_body or "null")
    except ValueError:
        return None


def is_documented(exchange: Exchange, contract: Contract) -> bool:
    """Whether the docs of the revision say that this request is 500: a PATCH that sets nothing, at the launch."""
    body, operation = sent_body(exchange), exchange.operation
    settable = {field.key for field in contract.fields_of(operation.entity) if field.in_patch}
    return (
        EMPTY_PATCH in contract.requirements
        and (operation.action, exchange.status) == ("update", FAILED)
        and isinstance(body, dict)
        and not settable & body.keys()
    )


def is_as_upstream(exchange: Exchange, contract: Contract) -> bool:
    """Whether PluralKit production returns the same to this request, so that checks of its own report it."""
    operation, status = exchange.operation, exchange.status
    if contract.revision == "2021-11":
        return False
    if operation.entity == "AutoproxySettings":  # without a guild, or with a channel
        asked = "guild_id=" in exchange.url and "channel_id=" not in exchange.url
        return status == NOT_IMPLEMENTED and not asked
    if "{switchId}" in operation.path:
        return status == FAILED and not UUID_OF_SWITCH.search(exchange.url)
    return False


@requirement("errors-are-4xx-json")
@each("operation", operations)
def check_server_errors_are_reported(
    operation: str, server_errors: ServerErrors, contract: Contract
) -> None:
    """No request returns 5xx; what no check has failed with before fails here."""
    left = [
        exchange
        for exchange in server_errors.unreported(operation)
        if not is_documented(exchange, contract)
    ]

    def known(exchange: Exchange) -> bool:
        alike = (operation, exchange.status) in server_errors.as_upstream
        return alike or is_as_upstream(exchange, contract)

    for exchange in sorted(left, key=known):
        expect(
            exchange.label,
            holds=False,
            expected=Wording("success, or a rejection (4xx)"),
            actual=described(exchange),
            exchange=exchange,
            as_upstream=known(exchange),
        )

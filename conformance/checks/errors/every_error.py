"""What every rejection of the run looks like, whatever it was rejected for (docs: errors#errors-and-status-codes).

Nothing is sent from here: these are the rejections that all other checks met. Those of the rate limit, and of requests
without a User-Agent, are tested where they are provoked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import ABSENT, expect
from conformance.http.outcomes import Wording
from conformance.scenarios.rejections import (
    WRONG_METHOD,
    is_of_a_framework,
    names_nothing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.rejections import Rejections

LAUNCH = "2021-11"
MEMBERS_OF_SWITCH = "updateSwitchMembers"
NOT_FOUND = 404
# What only errors of another kind have; statuses, and codes, of rejections that are not about a body that is no model.
ELSEWHERE = {
    "errors": "error-errors-only-for-model-parsing",
    "retry_after": "error-retry-after-only-rate-limit",
}
NO_BODY_READ = (401, 403, 404)
ABOUT_SWITCHES = (40003, 40004, 40005, 40006)
# Which type each key of an error object has, and the requirement that says so.
KEYS = {"code": (int, "error-has-integer-code"), "message": (str, "error-has-message")}


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for every operation: it may have been rejected."""
    return (Row(name, name) for name in contract.operations)


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for every operation with each key of an error object."""
    for name in contract.operations:
        for key, (_, rule) in KEYS.items():
            yield Row((name, key), f"{name}-{key}", (rule,))


def is_of_the_framework(exchange: Exchange, contract: Contract) -> bool:
    """Whether a response is one that PluralKit production leaves to its framework: at the launch also for refs that name nothing."""
    if contract.revision == LAUNCH:
        return is_of_a_framework(exchange) or is_no_route_of_the_launch(exchange)
    return is_of_a_framework(exchange) and not names_nothing(exchange)


def is_no_route_of_the_launch(exchange: Exchange) -> bool:
    """Whether a response is what production had at the launch for members of a switch of a named system: no such path."""
    return (
        exchange.operation.id == MEMBERS_OF_SWITCH
        and exchange.status == NOT_FOUND
        and not exchange.text
    )


def expected_of_production(exchange: Exchange) -> tuple[bool, bool]:
    """Return what rejections are sorted by: last what a framework returns for refs that have no form."""
    of_a_framework = is_of_a_framework(exchange) or is_no_route_of_the_launch(exchange)
    return of_a_framework, not names_nothing(exchange)


def need_rejections(operation: str, rejections: Rejections) -> list[Exchange]:
    """Return the rejections of an operation, each of another kind; raises NotApplicable without any.

    Those in which PluralKit production deviates from the docs come last: they hide nothing that is wrong with others.
    """
    if operation not in rejections.by_operation:
        reason = f"no check had {operation} rejected"
        raise NotApplicable(reason)
    return sorted(rejections.by_operation[operation].values(), key=expected_of_production)


@requirement("errors-are-4xx-json")
@each("operation", operations)
def check_rejection_is_a_json_object(
    operation: str, rejections: Rejections, contract: Contract
) -> None:
    """A request that fails returns a JSON object, and is labelled as JSON."""
    for exchange in need_rejections(operation, rejections):
        unlabelled = contract.revision == LAUNCH and not exchange.media_type
        expect(
            f"error body of {exchange.label}",
            holds=exchange.is_labelled_json and isinstance(exchange.json, dict),
            expected=Wording("a JSON object, labelled application/json"),
            actual=Wording(f"{exchange.media_type or 'no label'}: {exchange.text or 'nothing'}"),
            exchange=exchange,
            as_upstream=(unlabelled and isinstance(exchange.json, dict))
            or (exchange.status == WRONG_METHOD and not exchange.text)
            or (contract.revision == LAUNCH and is_no_route_of_the_launch(exchange)),
        )


@each("case", keys)
def check_rejection_has_code_and_message(
    case: tuple[str, str], rejections: Rejections, contract: Contract
) -> None:
    """The object of an error has an integer under `code` and a text under `message`."""
    operation, key = case
    for exchange in need_rejections(operation, rejections):
        if not isinstance(exchange.json, dict) and not is_of_the_framework(exchange, contract):
            reason = f"{exchange.label} returned no JSON object, which is for its own requirement"
            raise PreconditionFailed(reason, exchange)
        value = exchange.json.get(key, ABSENT) if isinstance(exchange.json, dict) else ABSENT
        kind = KEYS[key][0]
        expect(
            f"{key} of the error body of {exchange.label}",
            holds=type(value) is kind,
            expected=Wording("an integer" if kind is int else "a text"),
            actual=value,
            exchange=exchange,
            as_upstream=is_of_the_framework(exchange, contract) and value is ABSENT,
        )


def others(contract: Contract) -> Iterator[Row]:
    """Rows for every operation with each key that only other errors have."""
    for name in contract.operations:
        for key, rule in ELSEWHERE.items():
            yield Row((name, key), f"{name}-{key}", (rule,))


@each("case", others)
def check_rejection_has_no_key_of_other_errors(
    case: tuple[str, str], rejections: Rejections
) -> None:
    """A rejection for another reason than a body or the rate limit has neither `errors` nor `retry_after`."""
    operation, key = case
    for exchange in need_rejections(operation, rejections):
        body = exchange.json if isinstance(exchange.json, dict) else {}
        read = exchange.status in NO_BODY_READ or body.get("code") in ABOUT_SWITCHES
        expect(
            f"{key} of the error body of {exchange.label}",
            holds=body.get(key) is None or not (read or key == "retry_after"),
            expected=ABSENT,
            actual=body.get(key, ABSENT),
            exchange=exchange,
        )

"""What is wrong with the object that a rejected request returns (docs: errors). Nothing is sent from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.outcomes import Wording
from conformance.properties import attribution
from conformance.properties.expected_response import SHOWN, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.properties.expected_response import ExpectedResponse

MODEL_ERROR, MODEL_REQUIREMENT = 40001, "err-40001"  # the code is not documented at the launch
ERROR = ("errors-are-4xx-json", "error-has-integer-code", "error-has-message")


def differences(
    contract: Contract, exchange: Exchange, expected_response: ExpectedResponse
) -> Iterator[Difference]:
    """Yield how an error object differs from the expected one."""
    body = exchange.json
    shown = body if isinstance(body, dict) else {}
    if type(shown.get("code")) is not int or not isinstance(shown.get("message"), str):
        requirements = attribution.known(contract, *ERROR)
        wanted = Wording('an object with an integer "code" and a text "message"')
        yield Difference(
            "the error",
            wanted,
            exchange.text,
            requirements,
            f"{{'code', 'message'}} <= {SHOWN}.keys()",
        )
    elif exchange.media_type and not exchange.is_labelled_json:
        requirements = attribution.known(contract, "errors-are-4xx-json")
        test = "'json' in response.headers['content-type']"
        yield Difference(
            "Content-Type", Wording("application/json"), exchange.media_type, requirements, test
        )
    elif expected_response.codes and shown["code"] not in expected_response.codes:
        test = f"{SHOWN}['code'] in {expected_response.codes}"
        yield Difference(
            "code",
            list(expected_response.codes),
            shown["code"],
            expected_response.violates,
            test,
        )
    else:
        yield from _of_details(contract, exchange, shown)
        yield from expected_response.differences(shown)


def _of_details(
    contract: Contract, exchange: Exchange, shown: dict[str, Any]
) -> Iterator[Difference]:
    """Yield what is wrong with the optional keys of an error object."""
    shown = {key: value for key, value in shown.items() if value is not None}
    details = shown.get("errors", {})
    known = partial(attribution.known, contract)
    if "retry_after" in shown and exchange.status != 429:
        requirements = known("error-retry-after-only-rate-limit")
        yield Difference(
            "retry_after",
            "no key",
            shown["retry_after"],
            requirements,
            f"'retry_after' not in {SHOWN}",
        )
    if (
        "errors" in shown
        and shown["code"] != MODEL_ERROR
        and MODEL_REQUIREMENT in contract.requirements
    ):
        requirements = known("error-errors-only-for-model-parsing")
        yield Difference("errors", "no key", details, requirements, f"'errors' not in {SHOWN}")
    if not isinstance(details, dict):
        test = f"isinstance({SHOWN}['errors'], dict)"
        wanted = Wording("a map of keys to lists")
        yield Difference("errors", wanted, details, known("err-40001", "error-errors-map"), test)
        return
    rows = list(details.values())
    if not all(isinstance(row, list) for row in rows):
        test = f"all(isinstance(row, list) for row in {SHOWN}['errors'].values())"
        yield Difference(
            "errors", Wording("a list for each key"), details, known("error-errors-map"), test
        )
    for one in (one for row in rows if isinstance(row, list) for one in row):
        if not isinstance(one, dict) or not isinstance(one.get("message"), str):
            requirements = known("error-object-message")
            yield Difference(
                "an error detail", Wording("an object with a message"), one, requirements, "False"
            )

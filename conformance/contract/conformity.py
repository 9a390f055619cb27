"""Whether a response body fits the schema that the contract has for its operation and status."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from conformance.contract.document import Json
    from conformance.contract.loading import Contract


@dataclasses.dataclass(frozen=True)
class Misfit:
    """What does not fit: where, which keyword of the schema says so, that keyword's value, and the value that is there.

    Where keys are missing, `wanted` are those keys alone and `value` the keys that are there.
    """

    path: str
    keyword: str
    wanted: Json
    value: Json

    @property
    def missing_key(self) -> bool:
        """Whether a key is missing."""
        return self.keyword == "required"

    @property
    def forbidden_null(self) -> bool:
        """Whether a value is null that must not be."""
        return self.keyword == "type" and self.value is None


def misfit(contract: Contract, operation: str, status: int, body: Json) -> Misfit | None:
    """Return what is most wrong with a response body, or None when it fits."""
    error = best_match(_validator(contract, operation, str(status)).iter_errors(body))
    if error is None:
        return None
    path = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path
    )
    wanted, value = error.validator_value, error.instance
    if error.validator == "required":  # name what is missing, and what is there instead
        wanted, value = [key for key in wanted if key not in value], list(value)
    return Misfit(path.lstrip(".") or "the body", str(error.validator), wanted, value)


@functools.cache
def _validator(contract: Contract, operation: str, status: str) -> Draft202012Validator:
    schema = contract.operations[operation].responses.get(status, {})
    return Draft202012Validator({**schema, "components": contract.document["components"]})

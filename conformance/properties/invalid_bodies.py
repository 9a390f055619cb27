"""Invalid bodies, and what is wrong with each: from the coverage phase of schemathesis, as far as the docs say that they are rejected.

The docs leave open what becomes of a number where text is asked for, of null for a flag, and of blank text: PluralKit
production accepts some of that. Nothing is sent from here.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.contract import inputs
from conformance.contract.value_cases import MODELS, REJECTED, body_of, cases
from conformance.http.outcomes import Wording
from conformance.properties import attribution, generation
from conformance.properties.expected_response import SHOWN, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import InputClass

WITHOUT_KEYS: dict[str, dict[str, str]] = {
    "patch-empty-object-400": {},
    "patch-no-valid-key-400": {"no_such_key": "x"},
}
WITHOUT_MODEL = ("MemberGroups", "GroupMembers", "Switch", "SwitchMembers")  # entities
FORMATS = ("color", "color_without_hash", "url", "date", "real_date", "boolean")
VALID = {"SystemSettings": {"pings_enabled": True}}
# Forms that generated bodies have, or that a PATCH may have.
LEFT_TO_GENERATION = ("list", "null", "empty")
BESIDE = "description"  # a valid key beside an invalid one
UNREADABLE = 40001  # code of a value that cannot be read as one of its key
# Keys of which the docs leave open which values are rejected.
OPEN = ("show_private_info", "hid_list_padding", "proxy_switch", "proxy_tags")


@dataclasses.dataclass(frozen=True)
class InvalidBody:
    """A body that must be rejected: the key that is invalid, in which way, and the requirements that say so.

    `headers` and `content` are sent in place of the usual ones; `code` is that of the rejection, where the docs determine it;
    `limit` how many characters the key takes, where the text has more than one too many.
    """

    key: str
    kind: str
    body: Any
    requirements: tuple[str, ...]
    headers: Mapping[str, str | None] | None = None
    content: bytes | None = None
    code: int | None = None
    limit: int | None = None

    def differences(self, body: dict[str, Any], contract: Contract) -> Iterator[Difference]:
        """Yield what is wrong with `errors` in the response to a value that cannot be read (docs: errors#error-response-model)."""
        errors = body.get("errors")
        details = errors.get(self.key) if isinstance(errors, dict) else None
        rows = [row for row in details or () if isinstance(row, dict)]
        if not isinstance(details, list) or not rows:
            wanted = Wording(f"a map of {self.key} to a list of objects")
            requirements = attribution.known(contract, "err-40001", "error-errors-map")
            test = f"{self.key!r} in {SHOWN}['errors']"
            yield Difference("errors", wanted, errors, requirements, test)
        for row in rows:
            yield from self._of_lengths(row, contract)

    def _of_lengths(self, row: dict[str, Any], contract: Contract) -> Iterator[Difference]:
        sent = self.body[self.key]
        wanted: dict[str, int] = {}
        if isinstance(sent, str) and (self.kind == "maxLength" or self.limit):
            wanted = {"max_length": self.limit or len(sent) - 1, "actual_length": len(sent)}
        requirements = {
            "max_length": "error-object-max-length",
            "actual_length": "error-object-actual-length",
        }
        for key, requirement in requirements.items():
            expected, actual = wanted.get(key), row.get(key)
            if expected != actual:
                why = attribution.known(
                    contract, requirement if wanted else "error-object-lengths-only-when-too-long"
                )
                where = f"{SHOWN}['errors'][{self.key!r}][0].get({key!r})"
                yield Difference(key, expected, actual, why, f"{where} == {expected!r}")


def bodies_of(contract: Contract, operation: Operation, model: str) -> list[InvalidBody]:
    """Return the invalid bodies of an operation, one of each kind for each key."""
    found = {
        (invalid_body.key, invalid_body.kind): invalid_body
        for invalid_body in _rejected_values(contract, model)
    }
    for body in generation.invalid_bodies(contract, operation.id):
        for invalid_body in _of_generated_body(contract, operation, model, body):
            found.setdefault((invalid_body.key, invalid_body.kind), invalid_body)
    return [
        *found.values(),
        *_without_keys(contract, operation),
        *invalid_messages(contract, operation, VALID.get(model, {"description": "never stored"})),
    ]


def _rejected_values(contract: Contract, model: str) -> Iterator[InvalidBody]:
    """Yield bodies with a value that its key rejects, such as one character more than its limit."""
    for case in cases(contract, "update"):
        certain = case.stage == REJECTED and case.value is not None and case.key not in OPEN
        if case.model == model and model in MODELS and certain:
            how = "maxLength" if case.label == "over-limit" else case.label
            beside = {} if case.key == BESIDE else {BESIDE: "never stored"}
            code = UNREADABLE if case.cell.input_class.code else None
            far = case.label == "far-over-limit"
            limit = contract.field(model, case.key).schema["maxLength"] if far else None
            body = body_of([case]) | beside
            yield InvalidBody(case.key, how, body, case.rules, code=code, limit=limit)


def invalid_messages(contract: Contract, operation: Operation, body: Any) -> Iterator[InvalidBody]:
    """Yield a valid body with each header for which it is rejected, and content that cannot be read as such a body."""
    requirements = attribution.known(contract, "json-body-requires-content-type")
    for one in inputs.classes(inputs.HEADER) if requirements else ():
        if inputs.CONTENT_TYPE in one.of and not one.upstream:
            headers = {"Content-Type": one.value}
            yield InvalidBody("Content-Type", one.id, body, requirements, headers=headers)
    requirements = attribution.known(contract, "user-agent-required", "user-agent-missing-400")
    if requirements:
        yield InvalidBody("User-Agent", "missing", body, requirements, headers={"User-Agent": None})
    requirements = attribution.known(contract, "err-0-400")
    documented = requirements and operation.id in contract.requirements[requirements[0]].operations
    for input_class in inputs.classes(inputs.BODY):
        form, fits = input_class.id, ("list" if isinstance(body, list) else "object")
        if _is_read_upstream(input_class, operation):
            continue  # a known deviation, which a hand-written check has
        if fits in input_class.of and (
            form not in LEFT_TO_GENERATION or (documented and _has_no_model(operation))
        ):
            yield InvalidBody(
                "the body",
                form,
                body,
                requirements,
                content=input_class.sent.encode(),
                code=0 if documented else None,
            )


def _is_read_upstream(input_class: InputClass, operation: Operation) -> bool:
    """Whether PluralKit production is known to treat such a body of the operation otherwise."""
    of_operation = (entry.get("operations", [operation.id]) for entry in input_class.upstream)
    return any(operation.id in operations for operations in of_operation)


def _has_no_model(operation: Operation) -> bool:
    """Whether the body has no model of its own: that of a switch, and a list of refs."""
    return operation.entity in WITHOUT_MODEL


def _without_keys(contract: Contract, operation: Operation) -> Iterator[InvalidBody]:
    """Yield the bodies of a PATCH that set nothing, where the docs of the revision say that they are rejected."""
    for requirement, body in WITHOUT_KEYS.items():
        if operation.method == "PATCH" and requirement in contract.requirements:
            yield InvalidBody("the body", requirement, body, (requirement,))


def _of_generated_body(
    contract: Contract, operation: Operation, model: str, body: Any
) -> Iterator[InvalidBody]:
    if not isinstance(body, dict):
        if isinstance(body, (list, str, type(None))):
            yield InvalidBody(
                "the body",
                f"is {type(body).__name__}",
                body,
                attribution.known(contract, "err-0-400"),
            )
        return
    errors = list(_validator(contract, operation).iter_errors(body))
    if len(errors) == 1:
        yield from _of_error(contract, operation, model, body, errors[0])


@functools.cache
def _validator(contract: Contract, operation: Operation) -> Draft202012Validator:
    assert operation.request_schema is not None
    components = contract.document["components"]
    return Draft202012Validator({**operation.request_schema, "components": components})


def _of_error(
    contract: Contract,
    operation: Operation,
    model: str,
    body: dict[str, Any],
    error: ValidationError,
) -> Iterator[InvalidBody]:
    path = [str(part) for part in error.absolute_path]
    creates = operation.action == "create"
    if error.validator == "required" and not path and creates:
        requirements = contract.named("required_key", model=model, key="name")
        yield InvalidBody(
            "name",
            "is missing",
            {key: body[key] for key in body if key == "description"},
            requirements,
        )
        return
    if path[:1] == ["privacy"]:
        yield from _of_privacy(contract, body, creates=creates)
    elif (
        len(path) == 1 and path[0] not in OPEN and _is_certain(str(error.validator), error.instance)
    ):
        requirements = _requirements(contract, model, path[0], str(error.validator))
        yield InvalidBody(path[0], str(error.validator), {path[0]: body[path[0]]}, requirements)


def _of_privacy(
    contract: Contract, body: dict[str, Any], *, creates: bool
) -> Iterator[InvalidBody]:
    levels = body["privacy"] if isinstance(body["privacy"], dict) else {}
    for key, level in levels.items():
        if isinstance(level, str) and level.strip() and level not in ("public", "private"):
            requirements = attribution.known(contract, "privacy-invalid-value-rejected")
            body = {"privacy": {key: level}}
            # For a POST the docs leave the code open, and PluralKit production has another one.
            code = None if creates else UNREADABLE
            yield InvalidBody(f"privacy.{key}", "enum", body, requirements, code=code)


def _is_certain(keyword: str, value: Any) -> bool:
    """Whether the docs leave no doubt that the value is rejected."""
    if keyword == "type":
        return isinstance(value, (list, dict))
    return (
        keyword in ("maxLength", "pattern", "format")
        and isinstance(value, str)
        and bool(value.strip())
    )


def _requirements(contract: Contract, model: str, key: str, keyword: str) -> tuple[str, ...]:
    if keyword == "maxLength":
        return contract.named("max_length", model=model, key=key)
    return contract.named(*FORMATS, model=model, key=key) or attribution.of_code(
        contract, UNREADABLE
    )

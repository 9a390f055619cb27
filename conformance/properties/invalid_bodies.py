"""Invalid bodies, and what is wrong with each: from the coverage phase of schemathesis, as far as the docs say that they are rejected.

The docs leave open what becomes of a number where text is asked for, of null for a flag, and of blank text: PluralKit's own
server takes some of that. Nothing is sent from here.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.checks.errors.malformed_bodies import LIST, OBJECT
from conformance.checks.requests.content_type import WRONG
from conformance.contract.value_cases import REJECTED, cases
from conformance.http.outcomes import Wording
from conformance.properties import generation
from conformance.properties.expected_entities import SHOWN, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from conformance.contract import Contract, Operation

VALID = {"SystemSettings": {"pings_enabled": True}}
# Bodies that generation makes, or that a PATCH may be.
LEFT_TO_SCHEMAS = ("list", "null", "empty")
BESIDE = "description"  # a valid key beside a wrong one
UNREADABLE = 40001
LOOSE = ("show_private_info", "hid_list_padding", "proxy_switch", "proxy_tags")


@dataclasses.dataclass(frozen=True)
class Flaw:
    """A body that must be rejected: the key that is wrong, in words how, and the requirements that say so.

    ``headers`` and ``content`` are what is sent in place of the usual ones, ``code`` is that of the rejection, where the docs
    tell it; of what cannot be read as a value of its key, ``errors`` tells as well.
    """

    key: str
    how: str
    body: Any
    rules: tuple[str, ...]
    headers: Mapping[str, str | None] | None = None
    content: bytes | None = None
    code: int | None = None

    def differences(self, body: dict[str, Any], contract: Contract) -> Iterator[Difference]:
        """Yield what the response to a value that cannot be read does not tell of it (docs: errors#error-response-model)."""
        errors = body.get("errors")
        details = errors.get(self.key) if isinstance(errors, dict) else None
        rows = [row for row in details or () if isinstance(row, dict)]
        if not isinstance(details, list) or not rows:
            wanted = Wording(f"a map of {self.key} to a list of objects")
            rules = _known(contract, "err-40001", "error-errors-map")
            test = f"{self.key!r} in {SHOWN}['errors']"
            yield Difference("errors", wanted, errors, rules, test)
        for row in rows:
            yield from self._of_lengths(row, contract)

    def _of_lengths(self, row: dict[str, Any], contract: Contract) -> Iterator[Difference]:
        sent = self.body[self.key]
        wanted: dict[str, int] = {}
        if self.how == "maxLength" and isinstance(sent, str):
            wanted = {"max_length": len(sent) - 1, "actual_length": len(sent)}
        rules = {
            "max_length": "error-object-max-length",
            "actual_length": "error-object-actual-length",
        }
        for key, rule in rules.items():
            expected, actual = wanted.get(key), row.get(key)
            if expected != actual:
                why = _known(
                    contract, rule if wanted else "error-object-lengths-only-when-too-long"
                )
                where = f"{SHOWN}['errors'][{self.key!r}][0].get({key!r})"
                yield Difference(key, expected, actual, why, f"{where} == {expected!r}")


def flaws(contract: Contract, operation: Operation, model: str) -> list[Flaw]:
    """Return the flaws of an operation's bodies, one of each kind for each key."""
    found = {(flaw.key, flaw.how): flaw for flaw in _rejected_values(contract, model)}
    for body in generation.invalid_bodies(contract, operation.id):
        for flaw in _flaws(contract, operation, model, body):
            found.setdefault((flaw.key, flaw.how), flaw)
    return [
        *found.values(),
        *_without_keys(contract, operation),
        *of_message(contract, operation, VALID.get(model, {"description": "never stored"})),
    ]


def _rejected_values(contract: Contract, model: str) -> Iterator[Flaw]:
    """Yield what each key rejects, one character more than its limit among it."""
    for case in cases(contract):
        certain = case.schedule == REJECTED and case.value is not None and case.key not in LOOSE
        if case.model == model and certain:
            how = "maxLength" if case.label == "over-limit" else case.label
            beside = {} if case.key == BESIDE else {BESIDE: "never stored"}
            body = {case.key: case.value, **beside}
            yield Flaw(case.key, how, body, case.rules, code=UNREADABLE)


def of_message(contract: Contract, operation: Operation, body: Any) -> Iterator[Flaw]:
    """Yield a valid body with each header that it is rejected for, and what cannot be read as such a body."""
    rules = _known(contract, "json-body-requires-content-type")
    for label, value in WRONG.items() if rules else ():
        yield Flaw("Content-Type", label, body, rules, headers={"Content-Type": value})
    rules = _known(contract, "user-agent-required", "user-agent-missing-400")
    if rules:
        yield Flaw("User-Agent", "missing", body, rules, headers={"User-Agent": None})
    rules = _known(contract, "err-0-400")
    reported = rules and operation.id in contract.requirements[rules[0]].operations
    for form, content in (LIST if isinstance(body, list) else OBJECT).items():
        if form not in LEFT_TO_SCHEMAS or (reported and _is_of_lists(operation)):
            yield Flaw("the body", form, body, rules, content=content, code=0 if reported else None)


def _is_of_lists(operation: Operation) -> bool:
    """Whether the body has no model of its own: switches, and lists of what belongs together."""
    return "Switch" in operation.id or operation.path.endswith(("/add", "/remove", "/overwrite"))


def _without_keys(contract: Contract, operation: Operation) -> Iterator[Flaw]:
    """Yield the bodies of a PATCH that set nothing, where the docs of the revision say that they are the caller's mistake."""
    bodies = {"patch-empty-object-400": {}, "patch-no-valid-key-400": {"no_such_key": "x"}}
    for rule, body in bodies.items():
        if operation.method == "PATCH" and rule in contract.requirements:
            yield Flaw("the body", rule, body, (rule,))


def _flaws(contract: Contract, operation: Operation, model: str, body: Any) -> Iterator[Flaw]:
    if not isinstance(body, dict):
        if isinstance(body, (list, str, type(None))):
            yield Flaw("the body", f"is {type(body).__name__}", body, _known(contract, "err-0-400"))
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
) -> Iterator[Flaw]:
    path = [str(part) for part in error.absolute_path]
    creates = operation.id.startswith("create")
    if error.validator == "required" and not path and creates:
        rules = _known(contract, f"create-{model.lower()}-name-required")
        yield Flaw(
            "name", "is missing", {key: body[key] for key in body if key == "description"}, rules
        )
        return
    if path[:1] == ["privacy"]:
        yield from _of_privacy(contract, body, creates=creates)
    elif (
        len(path) == 1
        and path[0] not in LOOSE
        and _is_certain(str(error.validator), error.instance)
    ):
        rules = _rules(contract, model, path[0], str(error.validator))
        yield Flaw(path[0], str(error.validator), {path[0]: body[path[0]]}, rules)


def _of_privacy(contract: Contract, body: dict[str, Any], *, creates: bool) -> Iterator[Flaw]:
    levels = body["privacy"] if isinstance(body["privacy"], dict) else {}
    for key, level in levels.items():
        if isinstance(level, str) and level.strip() and level not in ("public", "private"):
            rules = _known(contract, "privacy-invalid-value-rejected")
            body = {"privacy": {key: level}}
            # For a POST the docs do not tell the code, and PluralKit's own server has another one.
            code = None if creates else UNREADABLE
            yield Flaw(f"privacy.{key}", "enum", body, rules, code=code)


def _is_certain(keyword: str, value: Any) -> bool:
    """Whether the docs leave no doubt that the value is rejected."""
    if keyword == "type":
        return isinstance(value, (list, dict))
    return (
        keyword in ("maxLength", "pattern", "format")
        and isinstance(value, str)
        and bool(value.strip())
    )


def _rules(contract: Contract, model: str, key: str, keyword: str) -> tuple[str, ...]:
    about = contract.about(model=model, key=key)
    of_length = tuple(rule for rule in about if "-max-" in rule)
    if keyword == "maxLength":
        return of_length
    form = ("-hex", "-hash", "-url", "-format", "-boolean", "-date")
    return tuple(rule for rule in about if rule.endswith(form)) or _known(contract, "err-40001")


def _known(contract: Contract, *rules: str) -> tuple[str, ...]:
    return tuple(rule for rule in rules if rule in contract.requirements)

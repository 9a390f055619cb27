"""Values that a POST must take or reject (docs: models, errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.checks.post.defaults import LIST, POSTED, READ, models
from conformance.contract.equivalence import means
from conformance.contract.rows import Row
from conformance.contract.value_cases import REJECTED, TAKEN, Case, cases, rows
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_list,
    need_object,
)
from conformance.scenarios.sent_values import INVALID, errors_of, expect_error_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange


class Bodies:
    """POSTs with a value of `value_cases` in each key, those of one stage together; each is sent once."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._rejected: dict[Case, Exchange] = {}
        self._marks: dict[str, set[str]] = {}

    def longest(self, model: str) -> tuple[dict[str, Any], Exchange]:
        """Return a body of the longest texts, and the response to it."""
        taken = [c for c in self._cases(model) if c.label == "at-limit" and c.key != "name"]
        body = {"name": self.account.name(), **{case.key: case.value for case in taken}}
        exchange = self.account.owner.send(f"create{model}", json=body)
        self.account.adopt(model.lower(), body, exchange)
        return body, exchange

    def rejected(self, case: Case) -> Exchange:
        """Return the response to a body with the case: alone, where the response to several does not tell of it."""
        if case not in self._rejected:
            together = [c for c in posted(self.contract) if c.model == case.model]
            exchange = self._post(together)
            self._rejected |= dict.fromkeys(together, exchange)
            for other, exchange in list(self._rejected.items()):
                if other.model == case.model and other.key not in errors_of(exchange):
                    self._rejected[other] = self._post([other])
        return self._rejected[case]

    def marks(self, model: str) -> set[str]:
        """Return the descriptions, or names, of what must not be there."""
        return self._marks[model]

    def _cases(self, model: str) -> list[Case]:
        keys = {f.key for f in self.contract.fields_of(model) if f.in_post}
        return [c for c in cases(self.contract) if c.model == model and c.key in keys]

    def _post(self, together: list[Case]) -> Exchange:
        model = together[0].model
        body = {"name": self.account.name()} | {case.key: case.value for case in together}
        if isinstance(body["name"], str):
            self._marks.setdefault(model, set()).add(body["name"])
        exchange = self.account.owner.send(f"create{model}", json=body)
        self.account.adopt(model.lower(), body, exchange)
        return exchange


@pytest.fixture(scope="session")
def bodies(account: Account, contract: Contract) -> Bodies:
    """What the checks of values in a POST look at."""
    return Bodies(account, contract)


def posted(contract: Contract) -> Iterator[Case]:
    """Yield one value for each key that a POST must reject; of URLs in turn one in the wrong form and one that is too long."""
    found = [c for c in cases(contract) if c.label in POSTED and c.stage == REJECTED]
    for model in READ:
        keys = [f.key for f in contract.fields_of(model) if f.in_post and f.key != "name"]
        for number, key in enumerate(keys):
            tried = [c for c in found if (c.model, c.key) == (model, key)]
            tried.sort(key=lambda case: POSTED.index(case.label), reverse=bool(number % 2))
            yield from tried[:1]


def bad_values(contract: Contract) -> Iterator[Row]:
    """Rows for the values that a POST must reject; a missing or null name is tested above."""
    more = (INVALID,) if INVALID in contract.requirements else ()
    for case in posted(contract):
        yield Row(case, case.name, (*case.rules, *more))


@each("case", bad_values)
def check_bad_value_in_a_post_is_rejected(case: Case, bodies: Bodies, owner: Caller) -> None:
    """A POST with a value that a PATCH must reject returns 400, and `errors` names its key."""
    exchange = bodies.rejected(case)
    expect_status(exchange, 400, violates=case.rules)
    if INVALID in owner.contract.requirements:
        expect_error_names(exchange, case.key)


@requirement("errors-are-4xx-json")
@each("model", models)
def check_rejected_post_creates_nothing(model: str, bodies: Bodies, account: Account) -> None:
    """A POST that was rejected for a value has created nothing."""
    first = next(c.value for c in bad_values(account.contract) if c.value.model == model)
    need = bodies.rejected(first)
    if need.ok:
        reason = f"{need.label} was not rejected"
        raise NotApplicable(reason, need)
    listed = account.owner.send(LIST[model], ME)
    known = {ref for kind, ref in account.journal.record.created if kind == model.lower()}
    rows_ = [row for row in need_list(listed) if isinstance(row, dict)]
    found = [
        str(row.get("id"))
        for row in rows_
        if row.get("name") in bodies.marks(model) and row.get("id") not in known
    ]
    for ref in found:
        account.journal.created(model.lower(), ref)
    expect_value(listed, f"{model.lower()}s that rejected POSTs created", found, [])


def longest(contract: Contract) -> Iterator[Row]:
    """Rows for the models that a POST makes, with the requirements on their longest texts."""
    for model in ("Member",):
        tried = rows(contract, limits=True, stages=[TAKEN])
        rules = {
            rule: None for row in tried if row.value.model == model for rule in row.requirements
        }
        yield Row(model, model.lower(), tuple(rules))


@each("model", longest)
def check_longest_texts_in_a_post_are_taken(model: str, bodies: Bodies, contract: Contract) -> None:
    """A POST takes texts, of letters beyond ASCII, that are exactly as long as they may be."""
    body, exchange = bodies.longest(model)
    expect_status(exchange, 200, 201)
    shown = need_object(exchange)
    lost = [key for key, value in body.items() if not means(key, shown.get(key, ABSENT), value)]
    texts = [key for key in lost if key != "name" or isinstance(shown.get(key), str)]
    limits = (rule for key in texts for rule in contract.named("max_length", model=model, key=key))
    expect(
        "keys that lost something",
        holds=not lost,
        expected=[],
        actual=lost,
        exchange=exchange,
        violates=tuple(limits),
    )

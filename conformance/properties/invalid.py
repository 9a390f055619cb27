"""Invalid generated bodies are rejected with an error, and nothing of them is stored (docs: errors, models)."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each, requirement
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.properties import attribution
from conformance.properties.comparison import CREATES
from conformance.properties.entities import blamed
from conformance.properties.invalid_bodies import UNREADABLE, Flaw, flaws, of_message
from conformance.properties.oracle import REJECTED, ExpectedResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import Shares
    from conformance.properties.entities import Cast

# Bodies that are tried, with how many parts of the budget each operation gets: one for every ten flaws or so.
TRIED = {
    "updateMember": ("Member", 6),
    "updateGroup": ("Group", 4),
    "updateSystem": ("System", 4),
    "updateSystemSettings": ("SystemSettings", 3),
    "createMember": ("Member", 5),
    "createGroup": ("Group", 4),
}
MODEL_FREE = 1  # parts for an operation whose body is no model: only its form is tried
JSON = "application/json"


def tried(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that take a body, those whose bodies are models first."""
    taking = [name for name, one in contract.operations.items() if one.request_schema is not None]
    taking.sort(
        key=lambda name: (name not in TRIED, list(TRIED).index(name) if name in TRIED else 0)
    )
    return (Row(contract.operations[name], name) for name in taking)


def parts(operation: Operation) -> int:
    """Return how many parts of the budget an operation gets."""
    return TRIED[operation.id][1] if operation.id in TRIED else MODEL_FREE


@changes_system
@requirement("errors-are-4xx-json")
@each("operation", tried)
def check_invalid_body_is_rejected(
    operation: Operation, contract: Contract, cast: Cast, shares: Shares
) -> None:
    """An invalid body is rejected with a 4xx and an error object, and nothing of it is stored."""
    model = TRIED[operation.id][0] if operation.id in TRIED else None
    whole = sum(parts(row.value) for row in tried(contract))
    with shares.part("invalid", parts(operation), whole, 3 if model else 1) as budget:
        if not budget.left:
            reason = f"the budget left no request for {operation.id}"
            raise NotApplicable(reason)
        with cast.lent(budget):
            Rejections(cast, operation, model).try_all()


def _message(flaw: Flaw, body: Any) -> dict[str, Any]:
    """Return what a request with this flaw carries."""
    if flaw.headers is None and flaw.content is None:
        return {"json": body}
    content = flaw.content if flaw.content is not None else json.dumps(body).encode()
    return {"content": content, "headers": {"Content-Type": JSON, **(flaw.headers or {})}}


class Rejections:
    """The invalid bodies of one operation."""

    def __init__(self, cast: Cast, operation: Operation, model: str | None) -> None:
        """Take the operation, the model of its body if it has one, and what it works with."""
        self.cast, self.operation, self.model = cast, operation, model
        self.creates = operation.id in CREATES

    def try_all(self) -> None:
        """Send as many as the budget allows, and read what they were sent to."""
        cast = self.cast
        refs = {} if self.creates and self.model else self._refs()
        found = (
            flaws(cast.contract, self.operation, self.model)
            if self.model
            else list(of_message(cast.contract, self.operation, cast.body(self.operation)))
        )
        random.Random(f"flaws {cast.account.seed}").shuffle(found)  # noqa: S311 no secret
        found.sort(
            key=lambda flaw: not flaw.how.startswith("patch-")
        )  # two that random bodies miss
        reads = self.model is not None and not self.creates
        for flaw in found[: max(1, cast.arena.budget.left - reads)]:
            cast.arena.kept.clear()
            self._try(flaw, refs)
        if reads:
            self._read()

    def _refs(self) -> dict[str, str]:
        if self.model in ("System", "SystemSettings"):
            return dict(ME)
        if self.model is None:
            return self.cast.refs(self.operation)
        return self.cast.moves.refs(self.cast.thing(self.model), "short")

    def _try(self, flaw: Flaw, refs: dict[str, str]) -> None:
        cast = self.cast
        body = flaw.body
        if self.creates and self.model and isinstance(body, dict) and flaw.key != "name":
            body = {"name": cast.account.name(), **body}
        cast.account.will_change(self.operation.id)
        exchange = cast.arena.send(
            self.operation.id,
            "owner",
            refs,
            query=cast.query(self.operation),
            **_message(flaw, body),
        )
        cast.arena.adopt(exchange)
        general = attribution.known(cast.contract, "errors-are-4xx-json")
        rules = flaw.rules if exchange.ok else general
        if flaw.code is not None and not exchange.ok:
            rules = (*flaw.rules, *general)
        cast.arena.kept.append(exchange)
        cast.arena.agree(exchange, self._expected_response(flaw, rules))
        self._remember(flaw)

    def _expected_response(self, flaw: Flaw, rules: tuple[str, ...]) -> ExpectedResponse:
        if flaw.code is None:
            plain = flaw.headers is None and flaw.content is None
            return ExpectedResponse(REJECTED, rules, any_code=plain)
        look = None
        if flaw.code == UNREADABLE and flaw.key in flaw.body:
            look = partial(flaw.differences, contract=self.cast.contract)
            rules = attribution.known(self.cast.contract, *rules, "err-40001")
        return ExpectedResponse((400,), rules, (flaw.code,), look=look)

    def _remember(self, flaw: Flaw) -> None:
        """Let a later read that shows the rejected value tell what it violates."""
        if self.model in ("System", "Member", "Group") and not self.creates:
            why = self.cast.thing(self.model).why
            why[flaw.key] = (*why.get(flaw.key, ()), *flaw.rules)

    def _read(self) -> None:
        """Look whether anything of what was rejected is stored."""
        word = "get" + self.operation.id.removeprefix("update")
        for view in self.cast.views(word)[:1]:
            with blamed(*attribution.known(self.cast.contract, "errors-are-4xx-json")):
                self.cast.moves.look(view, passing=True)

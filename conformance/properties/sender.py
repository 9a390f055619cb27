"""Sends the requests of a property, compares each response with the expected one, and deletes in the end what was created.

Everything goes through the callers of the run, so that the guard, the pace, the record and the journal apply. What to send
is decided elsewhere; what is wrong with a response is found in `comparison`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.http import AsUpstream, Outcome, Refuted
from conformance.http.client import NO_BODY
from conformance.properties import attribution
from conformance.properties.comparison import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange
    from conformance.properties.budget import Budget
    from conformance.properties.expected_response import ExpectedResponse

PRIVACY, LEAK_TO_TOKENS = "privacy", "foreign-token-does-not-open-privacy"
CREATES = {"createMember": "member", "createGroup": "group", "createSwitch": "switch"}
DELETION_ORDER = ("switch", "group", "member")


class SpentError(Exception):
    """The budget is used up."""


@dataclasses.dataclass
class Sender:
    """The callers and the budget of one property, what was sent, and what was created."""

    account: Account
    contract: Contract
    budget: Budget
    sent: list[Exchange] = dataclasses.field(default_factory=list)
    # The requests that a failure shows before the one that failed.
    evidence: list[Exchange] = dataclasses.field(default_factory=list)
    created: dict[str, Entity] = dataclasses.field(default_factory=dict)  # by id
    creations: list[Exchange] = dataclasses.field(default_factory=list)  # that created them
    _is_own_system: dict[str, bool] = dataclasses.field(default_factory=dict)  # by systemRef

    def caller(self, name: str) -> Caller:
        """Return a caller by name."""
        found: Caller = getattr(self.account, name)
        return found

    def require_budget(self) -> None:
        """Raise SpentError when no request is left, before anything is noted that would then not be sent."""
        if not self.budget.left:
            raise SpentError

    def send_and_compare(
        self,
        operation: str,
        caller: str,
        expected_response: ExpectedResponse,
        refs: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        json: Any = NO_BODY,
        as_evidence: bool = True,
    ) -> Exchange:
        """Send a request and compare its response; later failures show it too, unless it is not to be taken `as_evidence`.

        Raises:
            Refuted: the response is not as the docs say.
            SpentError: there is no budget for it.

        """
        exchange = self.send(operation, caller, refs, query=query, json=json)
        if as_evidence:
            self.evidence.append(exchange)
        self.compare(exchange, expected_response)
        return exchange

    def send(
        self,
        operation: str,
        caller: str,
        refs: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        json: Any = NO_BODY,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Exchange:
        """Send a request, whatever it returns."""
        self.require_budget()
        self.budget.take()
        message = {"query": query, "json": json, "content": content, "headers": headers}
        exchange = self.caller(caller).send(operation, refs, **message)
        self.sent.append(exchange)
        return exchange

    def compare(self, exchange: Exchange, expected_response: ExpectedResponse) -> None:
        """Raise Refuted where the response differs from the expected one; AsUpstream where it differs as production does."""
        found = list(differences(self.contract, exchange, expected_response))
        if not found:
            return
        decisive = [one for one in found if not one.as_upstream] or found
        first = decisive[0]
        kind = AsUpstream if first.as_upstream else Refuted
        violates = dict.fromkeys(requirement for one in decisive for requirement in one.violates)
        if exchange.caller == "other" and exchange.ok and self._concern_privacy(violates):
            violates |= dict.fromkeys(attribution.known(self.contract, LEAK_TO_TOKENS))
        problem = kind(
            f"{first.what}, {exchange.label}",
            expected=first.expected,
            actual=first.actual,
            exchange=exchange,
            violates=tuple(violates),
        )
        chain = [*self.evidence, *([] if exchange in self.evidence else [exchange])]
        problem.chain = (*self._creations_of(chain), *chain)
        problem.test = first.test
        raise problem

    def _concern_privacy(self, requirements: Iterable[str]) -> bool:
        """Whether one of these requirements is about what others must not see."""
        return any(self.contract.requirements[name].area == PRIVACY for name in requirements)

    def _creations_of(self, chain: list[Exchange]) -> list[Exchange]:
        """Return the requests before these that created what they name, so that a chain can be repeated anywhere."""
        named, found = "".join(map(_refs_in, chain)), []
        for exchange in reversed(self.creations):
            ids = (str(exchange.json.get(key) or "?") for key in ("id", "uuid"))
            if exchange not in chain and any(_without_format(one) in named for one in ids):
                found.append(exchange)
                named += _refs_in(exchange)
        return found[::-1]

    def adopt(self, exchange: Exchange, body: Mapping[str, Any] | None = None) -> Entity | None:
        """Keep what a response says was created, to delete it in the end, even if it ought to have been rejected.

        None is for an operation that creates nothing, and for a response that shows nothing new.
        """
        kind = CREATES.get(exchange.operation.id)
        entity = self.account.adopt(kind, dict(body or {}), exchange) if kind else None
        if entity is not None:
            self.created[entity.id] = entity
            self.creations.append(exchange)
        return entity

    def names_own_system(self, refs: Mapping[str, str]) -> bool:
        """Whether a systemRef names the system under test; only then may anything be written under that name."""
        [name] = refs.values()
        if name not in self._is_own_system:
            shown = self.send("getSystem", "owner", refs).json
            self._is_own_system[name] = (
                isinstance(shown, dict) and shown.get("id") == self.account.system_id
            )
            if self._is_own_system[name]:
                self.account.owner.client.guard.allow(name)
        return self._is_own_system[name]

    def forget(self, ref: str) -> None:
        """Note that something is deleted and need not be deleted in the end."""
        entity = self.created.pop(ref, None)
        if entity is not None:
            self.account.journal.deleted(entity.kind, entity.id)

    def clear(self) -> None:
        """Delete what is left of all that was created; the journal still has what cannot be deleted now."""
        for ref, entity in sorted(
            self.created.items(), key=lambda item: DELETION_ORDER.index(item[1].kind)
        ):
            self.budget.take()
            try:
                self.account.delete(entity)
            except Outcome:
                return
            del self.created[ref]
        self.sent.clear()
        self.evidence.clear()
        self.creations.clear()


def _refs_in(exchange: Exchange) -> str:
    """Return the path and the body of a request, with the refs in them in one id format."""
    return _without_format(exchange.url + (exchange.request_body or ""))


def _without_format(text: str) -> str:
    return text.lower().replace("-", "")

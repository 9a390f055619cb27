"""Sends the requests of a property and holds each response against its forecast. What to send is decided elsewhere.

Everything goes through the callers of the run, so that the guard, the pace, the record and the journal apply. What it
creates is its own and deleted again.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from conformance.contract.conformity import misfit
from conformance.http import AsUpstream, Outcome, Refuted
from conformance.http.assertions import described
from conformance.http.client import NO_BODY
from conformance.http.outcomes import Wording
from conformance.properties import attribution
from conformance.properties.expected_entities import SHOWN, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange
    from conformance.properties.budget import Budget
    from conformance.properties.oracle import ExpectedResponse

MODEL_ERROR, MODEL_RULE = 40001, "err-40001"  # the code is not documented at the launch
# Misfits that PluralKit's own server is known for, and that the checks of messages name.
OF_MESSAGES = (("original", ""), ("guild", None))
CREATES = {"createMember": "member", "createGroup": "group", "createSwitch": "switch"}
ERROR = ("errors-are-4xx-json", "error-has-integer-code", "error-has-message")


class SpentError(Exception):
    """The budget is used up."""


@dataclasses.dataclass
class Arena:
    """One property at work: the callers, its budget, what it sent, and what it made."""

    account: Account
    contract: Contract
    budget: Budget
    sent: list[Exchange] = dataclasses.field(default_factory=list)
    kept: list[Exchange] = dataclasses.field(
        default_factory=list
    )  # those that led to where things are
    made: dict[str, Entity] = dataclasses.field(default_factory=dict)
    making: list[Exchange] = dataclasses.field(
        default_factory=list
    )  # the responses that reported of them
    _home: dict[str, bool] = dataclasses.field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        """Return a caller by name."""
        found: Caller = getattr(self.account, name)
        return found

    def need_budget(self) -> None:
        """Raise SpentError when no request is left, before anything is noted that would then not be sent."""
        if not self.budget.left:
            raise SpentError

    def ask(
        self,
        operation: str,
        caller: str,
        expected_response: ExpectedResponse,
        refs: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        json: Any = NO_BODY,
        passing: bool = False,
    ) -> Exchange:
        """Send a request and refute what its response violates; one that only looks in `passing` is no step of a chain.

        Raises:
            Refuted: the response is not as the docs say.
            SpentError: there is no budget for it.

        """
        exchange = self.send(operation, caller, refs, query=query, json=json)
        if not passing:
            self.kept.append(exchange)
        self.agree(exchange, expected_response)
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
        self.need_budget()
        self.budget.take()
        message = {"query": query, "json": json, "content": content, "headers": headers}
        exchange = self.caller(caller).send(operation, refs, **message)
        self.sent.append(exchange)
        return exchange

    def agree(self, exchange: Exchange, expected_response: ExpectedResponse) -> None:
        """Refute what the response violates."""
        differences = list(self._differences(exchange, expected_response))
        if not differences:
            return
        telling = [one for one in differences if not one.as_upstream] or differences
        first = telling[0]
        kind = AsUpstream if first.as_upstream else Refuted
        violates = dict.fromkeys(rule for one in telling for rule in one.violates)
        problem = kind(
            f"{first.what}, {exchange.label}",
            expected=first.expected,
            actual=first.actual,
            exchange=exchange,
            violates=tuple(violates),
        )
        steps = [*self.kept, *([] if exchange in self.kept else [exchange])]
        problem.chain = (*self._makers(steps), *steps)
        problem.test = first.test
        raise problem

    def _makers(self, steps: list[Exchange]) -> list[Exchange]:
        """Return the requests before these that made what they name, so that a chain can be repeated anywhere."""
        named, found = "".join(map(_names, steps)), []
        for exchange in reversed(self.making):
            ids = (str(exchange.json.get(key) or "?") for key in ("id", "uuid"))
            if exchange not in steps and any(_plain(one) in named for one in ids):
                found.append(exchange)
                named += _names(exchange)
        return found[::-1]

    def _differences(
        self, exchange: Exchange, expected_response: ExpectedResponse
    ) -> Iterator[Difference]:
        if exchange.status not in expected_response.statuses:
            wanted = Wording("status " + " or ".join(map(str, expected_response.statuses)))
            test = f"response.status_code in {expected_response.statuses}"
            yield Difference(
                "the response", wanted, described(exchange), expected_response.violates, test
            )
        elif expected_response.codes or expected_response.any_code:
            yield from self._of_rejection(exchange, expected_response)
        elif exchange.ok and exchange.status != 204:
            yield from self._of_form(exchange)
            yield from expected_response.look(exchange.json) if expected_response.look else ()

    def _of_rejection(
        self, exchange: Exchange, expected_response: ExpectedResponse
    ) -> Iterator[Difference]:
        body = exchange.json
        shown = body if isinstance(body, dict) else {}
        if type(shown.get("code")) is not int or not isinstance(shown.get("message"), str):
            rules = attribution.known(self.contract, *ERROR)
            wanted = Wording('an object with an integer "code" and a text "message"')
            yield Difference(
                "the error",
                wanted,
                exchange.text,
                rules,
                f"{{'code', 'message'}} <= {SHOWN}.keys()",
            )
        elif exchange.media_type and not exchange.is_labelled_json:
            rules = attribution.known(self.contract, "errors-are-4xx-json")
            test = "'json' in response.headers['content-type']"
            yield Difference(
                "Content-Type", Wording("application/json"), exchange.media_type, rules, test
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
            yield from self._of_details(exchange, shown)
            yield from expected_response.look(shown) if expected_response.look else ()

    def _of_details(self, exchange: Exchange, shown: dict[str, Any]) -> Iterator[Difference]:
        """Yield what is wrong with the optional keys of an error object."""
        shown = {key: value for key, value in shown.items() if value is not None}
        details = shown.get("errors", {})
        known = functools.partial(attribution.known, self.contract)
        if "retry_after" in shown and exchange.status != 429:
            rules = known("error-retry-after-only-rate-limit")
            yield Difference(
                "retry_after",
                "no key",
                shown["retry_after"],
                rules,
                f"'retry_after' not in {SHOWN}",
            )
        if (
            "errors" in shown
            and shown["code"] != MODEL_ERROR
            and MODEL_RULE in self.contract.requirements
        ):
            rules = known("error-errors-only-for-model-parsing")
            yield Difference("errors", "no key", details, rules, f"'errors' not in {SHOWN}")
        if not isinstance(details, dict):
            test = f"isinstance({SHOWN}['errors'], dict)"
            wanted = Wording("a map of keys to lists")
            yield Difference(
                "errors", wanted, details, known("err-40001", "error-errors-map"), test
            )
            return
        rows = list(details.values())
        if not all(isinstance(row, list) for row in rows):
            test = f"all(isinstance(row, list) for row in {SHOWN}['errors'].values())"
            yield Difference(
                "errors", Wording("a list for each key"), details, known("error-errors-map"), test
            )
        for one in (one for row in rows if isinstance(row, list) for one in row):
            if not isinstance(one, dict) or not isinstance(one.get("message"), str):
                rules = known("error-object-message")
                yield Difference(
                    "an error detail", Wording("an object with a message"), one, rules, "False"
                )

    def _of_form(self, exchange: Exchange) -> Iterator[Difference]:
        operation = exchange.operation
        yield from self._of_settings(exchange)
        status = (
            str(exchange.status)
            if str(exchange.status) in operation.responses
            else operation.success
        )
        found = misfit(self.contract, operation.id, int(status), exchange.json)
        if found is None or found.missing_key:  # a missing key is for the forecast to name
            return
        if operation.id == "getMessage" and (found.path, found.value) in OF_MESSAGES:
            return
        rules = attribution.of_form(self.contract, operation.id, found)
        wanted = Wording(f"{found.keyword} {found.wanted}")
        upstream = found.path == "name_format" and operation.id == "updateSystemSettings"
        yield Difference(
            found.path, wanted, found.value, rules, "False", upstream and found.forbidden_null
        )

    def _of_settings(self, exchange: Exchange) -> Iterator[Difference]:
        """Yield the keys that the owner's settings lack."""
        if not exchange.operation.id.endswith("SystemSettings") or exchange.caller != "owner":
            return
        shown = exchange.json if isinstance(exchange.json, dict) else {}
        for field in self.contract.fields_of("SystemSettings"):
            if field.always and field.key not in shown:
                rules = attribution.known(
                    self.contract, "settings-keys", "responses-contain-all-keys"
                )
                test = f"{field.key!r} in {SHOWN}"
                yield Difference(field.key, "the key", "no such key", rules, test)

    def adopt(self, exchange: Exchange, body: Mapping[str, Any] | None = None) -> Entity | None:
        """Keep what a response says was created, to delete it in the end, even if it ought to have been rejected.

        None is for an operation that creates nothing, and for a response that tells of nothing new.
        """
        kind = CREATES.get(exchange.operation.id)
        entity = self.account.adopt(kind, dict(body or {}), exchange) if kind else None
        if entity is not None:
            self.made[entity.id] = entity
            self.making.append(exchange)
        return entity

    def leads_home(self, refs: Mapping[str, str]) -> bool:
        """Whether a path leads to the system under test; only then may anything be written under that name."""
        [name] = refs.values()
        if name not in self._home:
            shown = self.send("getSystem", "owner", refs).json
            self._home[name] = isinstance(shown, dict) and shown.get("id") == self.account.system_id
            if self._home[name]:
                self.account.owner.client.guard.allow(name)
        return self._home[name]

    def forget(self, ref: str) -> None:
        """Note that something is deleted."""
        entity = self.made.pop(ref, None)
        if entity is not None:
            self.account.journal.deleted(entity.kind, entity.id)

    def clear(self) -> None:
        """Delete what is left of all that was created; the journal still has what cannot be deleted now."""
        for ref, entity in sorted(
            self.made.items(), key=lambda item: ("switch", "group", "member").index(item[1].kind)
        ):
            self.budget.take()
            try:
                self.account.delete(entity)
            except Outcome:
                return
            del self.made[ref]
        self.sent.clear()
        self.kept.clear()
        self.making.clear()


def _names(exchange: Exchange) -> str:
    """Return what a request names, however it writes it."""
    return _plain(exchange.url + (exchange.request_body or ""))


def _plain(text: str) -> str:
    return text.lower().replace("-", "")

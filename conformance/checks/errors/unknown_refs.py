"""A path that names nothing is rejected with the code of what it names (docs: errors#json-error-codes).

Nothing is named by an id that nobody has, by text that is no id at all, by the id of what was deleted, and by that of something of
another kind: the classes are in `openapi/inputs/paths.yaml`. Refs in the lists of bodies are tested in `memberships`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.account.refs import PARAMETER
from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.http.assertions import described, expect, expect_error, expect_status
from conformance.http.outcomes import Wording
from conformance.scenarios.coded_answers import NEEDS_ME, expect_answer, needs_me
from conformance.scenarios.path_refs import REACHED, PathRefs, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange

# Text that no id looks like; docs: models#notes-on-ids. The number is an account id in form, but too early to be one.
ODD = {
    "letter": "a",
    "blank": "no such",
    "long": "conformance" * 20,
    "accented": "\u00e9t\u00e9\u00e9",
    "account": "10000000000000001",
}
CODES = {"System": 20001, "Member": 20002, "Group": 20004}
HTTP_NOT_FOUND = 404
HTTP_BAD_REQUEST = 400
LAUNCH = "2021-11"
# The requirements on what a path of each parameter does not name.
ON_NOTHING = {
    "systemId": ("err-20001",),
    "memberId": ("err-20002",),
    "groupId": ("err-20004",),
    "switchId": ("err-20007", "err-20008"),
}


def unknown(contract: Contract) -> Iterator[Row]:
    """Rows for each operation, with each class of refs in each parameter of its path."""
    for cell in sent(contract):
        rules = (NEEDS_ME,) if needs_me(cell, contract) else cell.rules(contract)
        yield Row(cell, cell.name, rules, cells=(cell,))


def reached(contract: Contract) -> Iterator[Row]:
    """Rows for what a request with a wrong parameter might reach instead of nothing."""
    for where, reads in REACHED.items():
        for read in reads:
            if read in contract.operations:
                yield Row((where, read), f"{where}-{read}", ON_NOTHING[where])


@each("cell", unknown)
def check_ref_of_nothing_is_rejected(cell: Cell, path_refs: PathRefs, contract: Contract) -> None:
    """A ref of a path that names nothing is rejected with the code of its kind."""
    exchange = path_refs.response(cell)
    if needs_me(cell, contract):
        expect(
            exchange.label,
            holds=not exchange.ok,
            expected=Wording("a rejection"),
            actual=described(exchange),
            exchange=exchange,
        )
        return
    expect_answer(cell, exchange, contract)


@each("case", reached)
def check_ref_of_nothing_reaches_nothing(case: tuple[str, str], path_refs: PathRefs) -> None:
    """Requests whose path names nothing have not changed something else; a switch that somebody logs meanwhile is no change."""
    where, read = case
    before, after = path_refs.reached(where, read)
    shown = path_refs.writes.shown(after)
    if isinstance(before, list) and isinstance(shown, list):
        shown = [row for row in shown if row in before]
    expect(
        f"{after.label} after requests with a {where} of nothing",
        holds=after.ok and same(before, shown),
        expected=before,
        actual=shown if after.ok else described(after),
        exchange=after,
    )


def deviates(exchange: Exchange, revision: str) -> bool:
    """Whether the response is the one that PluralKit production of this revision is known for."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    problem = exchange.media_type == "application/problem+json" and "code" not in body
    return (
        exchange.operation.id == "getSystem"
        and revision == LAUNCH
        and exchange.status == HTTP_NOT_FOUND
        and problem
    )


def odd(contract: Contract) -> Iterator[Row]:
    """Rows for each kind of thing, named by each text that is no id of one."""
    for model, code in CODES.items():
        for name, ref in ODD.items():
            rules = contract.named("error_code", code=code)
            yield Row((model, ref), f"{model.lower()}-{name}", rules)


@each("case", odd)
def check_malformed_ref_names_nothing(
    case: tuple[str, str], owner: Caller, contract: Contract
) -> None:
    """A path with text that is no id returns like one that names nothing, or as a bad request."""
    model, ref = case
    exchange = owner.send(f"get{model}", {PARAMETER[model]: ref})
    expect_status(
        exchange,
        HTTP_NOT_FOUND,
        HTTP_BAD_REQUEST,
        as_upstream=deviates(exchange, contract.revision),
    )
    if exchange.status == HTTP_NOT_FOUND and not deviates(exchange, contract.revision):
        expect_error(exchange, HTTP_NOT_FOUND, (CODES[model],))


@requirement("unversioned-endpoints-removed")
def check_path_without_version_names_nothing(owner: Caller, account: Account) -> None:
    """A path without the version has no endpoint."""
    if not owner.client.has_version:
        reason = "the base URL has no version to leave out"
        raise NotApplicable(reason)
    exchange = owner.without_version().send("getSystem", ME)
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        "the system, asked for without a version",
        holds=not (exchange.ok and body.get("id") == account.system_id),
        expected=Wording("no endpoint"),
        actual=described(exchange),
        exchange=exchange,
    )

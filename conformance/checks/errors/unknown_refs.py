"""A path that names nothing returns 404 with the code of what it names (docs: errors#json-error-codes).

Nothing is named by a UUID that nobody has, by text that is no id at all, and by the id of something of another kind.

Unknown refs in the lists of bodies are tested in `memberships`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.refs import PARAMETER, addressed
from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import described, expect, expect_error, expect_status
from conformance.http.client import NO_BODY
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import ShownEntities

# Text that no id looks like; docs: models#notes-on-ids. The number is an account id in form, but too early to be one.
ODD = {
    "letter": "a",
    "blank": "no such",
    "long": "conformance" * 20,
    "accented": "\u00e9t\u00e9\u00e9",
    "signs": "no*such~id",
    "account": "10000000000000001",
}
GUILD = "10000000000000002"  # in the form of a guild; nobody gets so far as to look for it
# What has a UUID of its own, but of another kind than the path.
ELSEWHERE = {"Member": "Group", "Group": "Member"}
CODES = {"System": 20001, "Member": 20002, "Group": 20004}
HTTP_NOT_FOUND = 404
HTTP_FAILED = 500
HTTP_BAD_REQUEST = 400
LAUNCH = "2021-11"
LISTED_MEMBER = 20003


def unknown(contract: Contract) -> Iterator[Row]:
    """Rows for the reads of systems, and for the operations on members and groups; of those with a list, one each."""
    for model, code in CODES.items():
        names = addressed(contract, model, writes=False)
        if model == "Member":
            names += ("getMemberGuildSettings",)
        if model != "System":
            names += addressed(contract, model, writes=True)
        for name in names:
            path = contract.operations[name].path
            if "{switchId}" not in path and not path.endswith(("/remove", "/overwrite")):
                yield Row((name, model), name, contract.named("error_code", code=code))


def body_of(operation: Operation, separate_entities: ShownEntities) -> Any:
    """Return a valid body for the operation."""
    if operation.action == "update":
        return {"description": "of nobody"}
    if operation.entity == "MemberGroups":
        return [separate_entities.groups[0].id]
    if operation.entity == "GroupMembers":
        return [separate_entities.members[0].id]
    return NO_BODY


def deviates(exchange: Exchange, revision: str) -> bool:
    """Whether the response is the one that PluralKit production of this revision is known for."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    operation, not_found = exchange.operation.id, exchange.status == HTTP_NOT_FOUND
    if operation == "getMemberGroups" and revision == LAUNCH:
        return exchange.status == HTTP_FAILED
    if operation == "getMemberGroups":
        return not_found and body.get("code") == LISTED_MEMBER
    problem = exchange.media_type == "application/problem+json" and "code" not in body
    return operation == "getSystem" and revision == LAUNCH and not_found and problem


@each("case", unknown)
def check_unknown_ref_is_404(
    case: tuple[str, str], account: Account, separate_entities: ShownEntities
) -> None:
    """A ref of a path that names nothing returns 404 with the code of its kind."""
    name, model = case
    operation = account.contract.operations[name]
    body = body_of(operation, separate_entities) if operation.writes else NO_BODY
    refs = {"guildId": GUILD, PARAMETER[model]: account.unknown_uuid()}
    exchange = account.owner.send(name, refs, json=body)
    if deviates(exchange, account.contract.revision):
        expect(
            f"code of {exchange.label}",
            holds=False,
            expected=Wording(f"status 404 with code {CODES[model]}"),
            actual=Wording(f"status {exchange.status}: {exchange.text}"),
            exchange=exchange,
            as_upstream=True,
        )
    expect_status(exchange, HTTP_NOT_FOUND)
    expect_error(exchange, HTTP_NOT_FOUND, (CODES[model],))


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


def elsewhere(contract: Contract) -> Iterator[Row]:
    """Rows for each kind of thing, named by the UUID of one of another kind."""
    for model, other in ELSEWHERE.items():
        rules = contract.named("error_code", code=CODES[model])
        yield Row((model, other), f"{model.lower()}-by-{other.lower()}", rules)


@each("case", elsewhere)
def check_id_of_another_kind_names_nothing(
    case: tuple[str, str], owner: Caller, separate_entities: ShownEntities
) -> None:
    """The UUID of a member names no group, and the other way round."""
    model, other = case
    entity = separate_entities.members[0] if other == "Member" else separate_entities.groups[0]
    if entity.uuid in {
        known.uuid
        for known in (separate_entities.groups if other == "Member" else separate_entities.members)
    }:
        reason = f"a {model.lower()} has the same UUID"
        raise PreconditionFailed(reason, entity.created)
    exchange = owner.send(f"get{model}", {PARAMETER[model]: entity.uuid})
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

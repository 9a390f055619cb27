"""How switches are logged (docs: endpoints#create-switch)."""

from __future__ import annotations

import datetime as dt
import email.utils
from typing import TYPE_CHECKING, Any, TypeGuard

from conformance.checks import each, requirement
from conformance.checks.switches.switches import (
    A_MINUTE,
    FORMS,
    HTTP_BAD_REQUEST,
    TAKEN,
    forms,
)
from conformance.contract import inputs
from conformance.contract.rows import Row, table_of
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_accepted,
    expect_error,
    expect_status,
    expect_value,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.shown_switches import expect_members, expect_time
from conformance.scenarios.switch_history import SwitchHistory, member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell


def rejections(contract: Contract) -> Iterator[Row]:
    """Rows for the steps that must be rejected, with the code."""
    for code, step in ((40003, "duplicates"), (40004, "same"), (TAKEN, "taken")):
        rules, sent = (
            contract.named("error_code", code=code),
            repeated(contract, "createSwitch", code),
        )
        yield Row((step, code), f"create-{code}", rules, cells=sent)
    rules = contract.named("error_code", code=TAKEN)
    yield Row(("taken in other words", TAKEN), f"create-{TAKEN}-in-other-words", rules)
    for code, step in (
        (40003, "duplicate members"),
        (40004, "same members"),
        (TAKEN, "taken move"),
    ):
        rules = contract.named("error_code", code=code)
        sent = repeated(contract, "updateSwitchMembers", code)
        yield Row((step, code), f"update-{code}", rules, cells=sent)


def repeated(contract: Contract, operation: str, code: int) -> tuple[Cell, ...]:
    """Return the cell of a list with the same entry twice, for the code of those."""
    return tuple(
        cell
        for cell in inputs.cells(contract, inputs.ENTRY)
        if cell.operation.id == operation and cell.input_class.id == "twice" and code == 40003
    )


@requirement("create-switch-timestamp-optional")
def check_new_switch_needs_no_timestamp(history: SwitchHistory) -> None:
    """A new switch is logged without a timestamp."""
    expect_accepted(history.response("now"))


@requirement("create-switch-timestamp-default-now")
def check_new_switch_starts_now(history: SwitchHistory) -> None:
    """A new switch without a timestamp starts now: to a minute, by the server's clock or by ours."""
    exchange = history.response("now")
    actual = moment(need_object(exchange).get("timestamp"))
    clocks = [dt.datetime.fromtimestamp(exchange.ended, dt.UTC)]
    clocks += [_date(exchange.headers["date"])] if "date" in exchange.headers else []
    expect(
        "timestamp of a switch logged without one",
        holds=actual is not None and any(abs(actual - clock) <= A_MINUTE for clock in clocks),
        expected=Wording("the present, give or take a minute"),
        actual=need_object(exchange).get("timestamp"),
        exchange=exchange,
    )


def _date(header: str) -> dt.datetime:
    try:
        return email.utils.parsedate_to_datetime(header).replace(tzinfo=dt.UTC)
    except ValueError:
        return dt.datetime.now(dt.UTC)


@requirement("create-switch-timestamp-used")
@each("form", forms)
def check_new_switch_has_given_timestamp(form: str, history: SwitchHistory) -> None:
    """A new switch starts at the timestamp that its body gives, in the response and in a GET."""
    expected = history.switch(form).sent["timestamp"]
    expect_time(history.response(form), expected)
    expect_time(history.response(f"read {form}"), expected)


@requirement("create-switch-short-ids-or-uuids")
@each("form", forms)
def check_new_switch_takes_either_id(form: str, history: SwitchHistory) -> None:
    """The members of a new switch are named by short id or by UUID."""
    member = history.first if form == "short id" else history.second
    expect_accepted(history.response(form))
    expect_members(history.response(form), member, objects=True)
    expect_members(history.response(f"read {form}"), member, objects=True)


@requirement("create-switch-members-required")
def check_new_switch_needs_members(history: SwitchHistory) -> None:
    """A new switch without the key members is rejected."""
    exchange = history.response("memberless")
    expect(
        "a switch without members",
        holds=not exchange.ok,
        expected=Wording("a rejection"),
        actual=Wording(f"status {exchange.status}"),
        exchange=exchange,
    )


@requirement("create-switch-timestamp-used", "update-switch-timestamp")
def check_new_switch_takes_an_offset(history: SwitchHistory) -> None:
    """A new switch starts at a timestamp that is given in another zone; a switch that was moved left that time free."""
    need_success(history.response("move"))
    exchange = history.response("with offset")
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        f"rejection of {exchange.label}",
        holds=body.get("code") != TAKEN,
        expected=Wording("none: the switch of that time was moved"),
        actual=Wording(exchange.text),
        exchange=exchange,
        violates=("update-switch-timestamp",),
    )
    rule = ("create-switch-timestamp-used",)
    rejected = exchange.status == HTTP_BAD_REQUEST
    expect_accepted(exchange, as_upstream=rejected, violates=rule)
    expect_time(exchange, history.with_fraction(2), violates=rule)


@requirement("create-switch-becomes-fronters")
def check_new_switch_is_current(history: SwitchHistory) -> None:
    """A new switch that starts now is the one that GET of the fronters shows."""
    exchange = history.response("fronters now")
    new, shown = history.switch("now"), need_object(exchange)
    if is_later(shown, new.body):
        reason = "a switch of the future is the current one"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, "current switch", shown.get("id"), new.id)
    expect_members(exchange, history.first, history.second)


def is_later(shown: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether another switch than the new one has a later time."""
    one, other = moment(shown.get("timestamp")), moment(new.get("timestamp"))
    another = shown.get("id") != new.get("id")
    return another and one is not None and other is not None and one > other


@requirement("get-fronters-returns-switch-with-members")
def check_back_dated_switch_is_not_current(history: SwitchHistory) -> None:
    """A switch that was logged later for an earlier time is not the one that the fronters show."""
    need_success(history.response("now"))
    exchange = history.response("fronters")
    actual = need_object(exchange).get("id")
    expect(
        "current switch",
        holds=actual not in [history.switch(form).id for form in FORMS],
        expected=history.switch("now").id,
        actual=actual,
        exchange=exchange,
    )


@requirement("switch-members-in-given-order")
@each("step", table_of(("now", "fronters")))
def check_members_keep_their_order(step: str, history: SwitchHistory) -> None:
    """The members of a new switch stand in the order of its body, in the response and among the fronters."""
    exchange, sent = history.response(step), history.switch("now").sent["members"]
    rows = need_object(exchange).get("members")
    actual = [row.get("id") for row in rows] if is_object_list(rows) else []
    if sorted(map(str, actual)) != sorted(sent):
        reason = f"{exchange.label} does not show the members of the new switch"
        raise PreconditionFailed(reason, exchange)
    expect_value(exchange, "members", actual, sent)


def is_object_list(value: object) -> TypeGuard[list[dict[str, Any]]]:
    """Whether a value is a list of objects."""
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


@requirement("create-switch-empty-members")
def check_empty_switch_is_a_switch_out(history: SwitchHistory) -> None:
    """After a switch with an empty member list nobody fronts."""
    need_success(history.response("now"))
    if member_ids(need_object(history.response("fronters beside"))) == []:
        reason = "nobody fronted before"
        raise PreconditionFailed(reason, history.response("fronters beside"))
    expect_accepted(history.response("switch-out"))
    exchange = history.response("fronters after switch-out")
    # No content is for a system that never had a switch; this one has its present switch to show.
    expect_status(exchange, 200)
    if is_later(need_object(exchange), history.switch("switch-out").body):
        reason = "a switch of the future is the current one"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, "fronters", need_object(exchange).get("members"), [])


@each("case", rejections)
def check_switch_is_rejected(
    case: tuple[str, int], history: SwitchHistory, contract: Contract
) -> None:
    """A switch with a member twice, with the current fronters, or at a time that is taken is rejected with its code."""
    step, code = case
    exchange = history.response(step)
    if code == 40004:
        need_fronting(history)
    if step == "duplicate members" and exchange.ok:
        as_upstream = contract.revision == "2021-11"
        expect_status(exchange, 400, as_upstream=as_upstream)
    expect_error(exchange, 400, (code,))


def need_fronting(history: SwitchHistory) -> None:
    """Both members front, or nothing can be identical to the fronters."""
    fronters = history.response("fronters")
    both = sorted((history.first.id, history.second.id))
    if member_ids(need_object(fronters)) != both:
        reason = "the new switch did not become the current one"
        raise PreconditionFailed(reason, fronters)


@requirement("err-40003", "err-40005", "create-switch-members-required")
def check_rejected_switch_is_not_logged(history: SwitchHistory) -> None:
    """A switch that was rejected is not in the history."""
    exchange = history.response("list")
    rejected = {
        history.at(3): ("err-40003",),
        history.at(4): ("create-switch-members-required",),
        history.at(1): ("err-40005",),
    }
    known = {history.switch(form).id for form in FORMS}
    rows = history.rows("list")
    if not known <= {row.get("id") for row in rows}:
        reason = "the list does not show the switches that were logged"
        raise PreconditionFailed(reason, exchange)
    extra = [row for row in rows if row.get("id") not in known]
    times = [moment(row.get("timestamp")) for row in extra]
    violates = [rules for time, rules in rejected.items() if moment(time) in times]
    expect(
        "switches that nobody logged",
        holds=not extra,
        expected=[],
        actual=extra,
        exchange=exchange,
        violates=violates[0] if violates else (),
    )


@requirement("err-40004")
def check_repeated_switch_is_not_logged(history: SwitchHistory) -> None:
    """A switch to those who front already is not logged."""
    need_fronting(history)
    exchange = history.response("fronters kept")
    expected = history.switch("now").id
    expect_value(exchange, "current switch", need_object(exchange).get("id"), expected)

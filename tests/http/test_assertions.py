"""Assertions: which responses pass, and what a failure shows of the others."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import load
from conformance.contract.equivalence import same
from conformance.http import ME, AsUpstream, Inconclusive, PreconditionFailed, Refuted
from conformance.http.assertions import (
    described,
    expect_error,
    expect_error_object,
    expect_rejected,
    expect_status,
    expect_value,
    need_key,
    need_list,
    need_object,
    need_success,
    need_type,
)
from conformance.http.exchange import NOT_JSON
from conformance.http.outcomes import LONGEST_SHOWN, Wording, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from tests.conftest import Connect
    from tests.http.conftest import Responses

ERROR = {"code": 20001, "message": "Not here."}


def test_status(responses: Responses) -> None:
    """One of the expected statuses passes; another one is refuted, with the message of the response."""
    expect_status(responses(404, ERROR), 403, 404)
    with pytest.raises(Refuted) as caught:
        expect_status(responses(404, ERROR), 200, 204)
    assert caught.value.expected == "status 200 or 204"
    assert caught.value.actual == "status 404 (Not here.)"
    assert str(caught.value) == (
        "anonymous getSystem: expected status 200 or 204, got status 404 (Not here.)"
    )


def test_as_upstream(responses: Responses) -> None:
    """A known deviation raises AsUpstream, anything else Refuted."""
    with pytest.raises(AsUpstream):
        expect_status(responses(200), 400, as_upstream=True)
    with pytest.raises(Refuted) as caught:
        expect_status(responses(200), 400, violates=("a-rule",))
    assert not isinstance(caught.value, AsUpstream)
    assert caught.value.violates == ("a-rule",)
    assert caught.value.exchange


def test_rejected(responses: Responses) -> None:
    """Any 4xx is a rejection; other statuses are not."""
    expect_rejected(responses(400))
    expect_rejected(responses(499))
    for status in (200, 302, 500):
        with pytest.raises(Refuted, match=r"expected a rejection \(4xx\), got status"):
            expect_rejected(responses(status))


def test_error(responses: Responses) -> None:
    """A documented error has its status, the error object and one of its codes."""
    expect_error(responses(404, ERROR), 404, (20001,))
    with pytest.raises(Refuted, match="expected status 403"):
        expect_error(responses(404, ERROR), 403, (20001,))
    with pytest.raises(Refuted, match="code of anonymous getSystem: expected 1 or 2, got 20001"):
        expect_error(responses(404, ERROR), 404, (1, 2))
    with pytest.raises(PreconditionFailed, match="returned no integer code"):
        expect_error(responses(404, "gone"), 404, (20001,))


def test_a_key_that_is_needed(responses: Responses) -> None:
    """The value of a key is returned, null too; without the key the precondition failed."""
    exchange = responses(200, {"color": None})
    assert need_key(exchange, {"color": None}, "color") is None
    with pytest.raises(PreconditionFailed, match="shows no key name"):
        need_key(exchange, {"color": None}, "name")


def test_a_type_that_is_needed(responses: Responses) -> None:
    """The value of a key is returned when it is of a type of the key, or null; else the precondition failed."""
    field, exchange = load().field("Member", "tts"), responses(200, {})
    assert need_type(exchange, {"tts": True}, field) is True
    assert need_type(exchange, {"tts": None}, field) is None
    with pytest.raises(PreconditionFailed, match="shows tts with a value of another type"):
        need_type(exchange, {"tts": "true"}, field)
    with pytest.raises(PreconditionFailed, match="shows no key tts"):
        need_type(exchange, {}, field)


def test_a_failure_of_an_error_can_name_what_it_violates(responses: Responses) -> None:
    """The requirements that a missing status or code violates are those that are given."""
    for status, code in ((403, 20001), (404, 1)):
        with pytest.raises(Refuted) as raised:
            expect_error(responses(404, ERROR), status, (code,), violates=("err-20001",))
        assert raised.value.violates == ("err-20001",)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        {},
        {"code": 0},
        {"message": "no code"},
        {"code": "0", "message": "code as text"},
        {"code": True, "message": "code as boolean"},
        {"code": 0, "message": None},
    ],
)
def test_error_object(responses: Responses, body: Any) -> None:
    """An error body without an integer code and a text message is refuted."""
    with pytest.raises(Refuted, match='an integer "code" and a text "message"'):
        expect_error_object(responses(400, body))


def test_value(responses: Responses) -> None:
    """A value passes when it is exactly the expected one; both are shown as JSON when it is not."""
    exchange = responses()
    expect_value(exchange, "color", None, None)
    with pytest.raises(Refuted, match='color: expected null, got ""'):
        expect_value(exchange, "color", "", None)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (False, 0, False),
        (True, True, True),
        ([1, {"a": None}], [1, {"a": None}], True),
        ([1], [True], False),
        ([1], [1, 2], False),
        ({"a": 0}, {"a": False}, False),
        ({"a": None}, {}, False),
        ("1", 1, False),
        ([], {}, False),
    ],
)
def test_equality_is_that_of_json(left: object, right: object, *, equal: bool) -> None:
    """Booleans are no numbers, at any depth; a key with null is not a missing key."""
    assert same(left, right) is equal
    assert same(right, left) is equal


@pytest.mark.parametrize(
    ("need", "status", "body", "message"),
    [
        (need_success, 500, "", "anonymous getSystem returned status 500"),
        (need_object, 404, ERROR, r"returned status 404 \(Not here.\)"),
        (need_object, 200, [], "did not return a JSON object"),
        (need_object, 200, "<html>", "did not return a JSON object"),
        (need_list, 200, {}, "did not return a JSON array"),
        (need_list, 403, [], "returned status 403"),
    ],
)
def test_preconditions_that_fail(
    responses: Responses, need: Callable[[Exchange], Any], status: int, body: Any, message: str
) -> None:
    """A precondition that fails raises PreconditionFailed, which refutes nothing."""
    with pytest.raises(PreconditionFailed, match=message) as caught:
        need(responses(status, body))
    assert caught.value.exchange


def test_preconditions_that_hold(responses: Responses) -> None:
    """The exchange, or its body, is returned."""
    assert need_success(responses(204)).status == 204
    assert need_object(responses(200, {"a": 1})) == {"a": 1}
    assert need_list(responses(200, [1])) == [1]


def test_described_responses(responses: Responses, connect: Connect) -> None:
    """A response is described by its status, and whether it is no JSON, or by the error instead of it."""
    assert described(responses(200, {"message": "a member's"})) == "status 200"
    assert described(responses(502, "<html>")) == "status 502, not JSON"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Inconclusive) as caught:
        connect(f"http://127.0.0.1:{port}").send("getSystem", ME)
    assert caught.value.exchange
    assert described(caught.value.exchange).startswith("ConnectError")


def test_long_values_are_truncated() -> None:
    """A very long value is shown by its beginning and its length."""
    shown = show("x" * 1000)
    assert len(shown) < LONGEST_SHOWN + 50
    assert shown.endswith("... (1002 characters)")


def test_text_of_a_server_does_not_reach_the_terminal_raw() -> None:
    """Escape codes, and characters that turn the direction of writing, are shown as escapes."""
    problem = Refuted(
        "x\x1b[31m", expected="\u202eabc", actual=Wording("a\nb\u2028\x9b"), exchange=None
    )
    text = problem.reason
    assert text == 'x\\x1b[31m: expected "\\u202eabc", got a\\nb\\u2028\\x9b'


def test_no_json_is_shown_in_words() -> None:
    """A body that is no JSON has no Python object in a reason."""
    problem = Refuted("body", expected={}, actual=NOT_JSON, exchange=None)
    assert problem.reason == 'body: expected {}, got "no JSON"'

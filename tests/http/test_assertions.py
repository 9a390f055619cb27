"""Expectations: what they let through, and what they say about the rest."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.equivalence import same
from conformance.http import ME, AsUpstream, Inconclusive, Refuted, Unmet
from conformance.http.assertions import (
    described,
    expect_error,
    expect_error_object,
    expect_refused,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_success,
)
from conformance.http.outcomes import LONGEST, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from tests.conftest import Connect
    from tests.http.conftest import Answered

ERROR = {"code": 20001, "message": "Not here."}


def test_status(answered: Answered) -> None:
    """One of the expected statuses passes; another one is refuted, with the message it came with."""
    expect_status(answered(404, ERROR), 403, 404)
    with pytest.raises(Refuted) as caught:
        expect_status(answered(404, ERROR), 200, 204)
    assert caught.value.expected == "status 200 or 204"
    assert caught.value.actual == "status 404 (Not here.)"
    assert str(caught.value) == (
        "anonymous getSystem: expected status 200 or 204, got status 404 (Not here.)"
    )


def test_as_upstream(answered: Answered) -> None:
    """What PluralKit's own server is known to do is refuted in its own way, and is told apart."""
    with pytest.raises(AsUpstream):
        expect_status(answered(200), 400, as_upstream=True)
    with pytest.raises(Refuted) as caught:
        expect_status(answered(200), 400, breaks=("a-rule",))
    assert not isinstance(caught.value, AsUpstream)
    assert caught.value.breaks == ("a-rule",)
    assert caught.value.exchange


def test_refused(answered: Answered) -> None:
    """Any 4xx is a refusal; success and failure of the server are not."""
    expect_refused(answered(400))
    expect_refused(answered(499))
    for status in (200, 302, 500):
        with pytest.raises(Refuted, match=r"expected a refusal \(4xx\), got status"):
            expect_refused(answered(status))


def test_error(answered: Answered) -> None:
    """A documented error has its status, the error object and one of its codes."""
    expect_error(answered(404, ERROR), 404, (20001,))
    with pytest.raises(Refuted, match="expected status 403"):
        expect_error(answered(404, ERROR), 403, (20001,))
    with pytest.raises(Refuted, match="code of anonymous getSystem: expected 1 or 2, got 20001"):
        expect_error(answered(404, ERROR), 404, (1, 2))
    with pytest.raises(Refuted, match="error body"):
        expect_error(answered(404, "gone"), 404, (20001,))


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
def test_error_object(answered: Answered, body: Any) -> None:
    """An error body without an integer code and a text message is refuted."""
    with pytest.raises(Refuted, match='an integer "code" and a text "message"'):
        expect_error_object(answered(400, body))


def test_value(answered: Answered) -> None:
    """A value passes when it is exactly the expected one; both are shown as JSON when it is not."""
    exchange = answered()
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
    ("need", "status", "body", "said"),
    [
        (need_success, 500, "", "anonymous getSystem answered status 500"),
        (need_object, 404, ERROR, r"answered status 404 \(Not here.\)"),
        (need_object, 200, [], "did not answer with a JSON object"),
        (need_object, 200, "<html>", "did not answer with a JSON object"),
        (need_list, 200, {}, "did not answer with a JSON array"),
        (need_list, 403, [], "answered status 403"),
    ],
)
def test_needs_are_unmet(
    answered: Answered, need: Callable[[Exchange], Any], status: int, body: Any, said: str
) -> None:
    """What a check needs and does not get is unmet, which refutes nothing."""
    with pytest.raises(Unmet, match=said) as caught:
        need(answered(status, body))
    assert caught.value.exchange


def test_needs_are_met(answered: Answered) -> None:
    """What is needed is handed out."""
    assert need_success(answered(204)).status == 204
    assert need_object(answered(200, {"a": 1})) == {"a": 1}
    assert need_list(answered(200, [1])) == [1]


def test_answers_in_words(answered: Answered, connect: Connect) -> None:
    """An answer is described by its status, by what it is not, or by why there is none."""
    assert described(answered(200, {"message": "a member's"})) == "status 200"
    assert described(answered(502, "<html>")) == "status 502, not JSON"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Inconclusive) as caught:
        connect(f"http://127.0.0.1:{port}").send("getSystem", ME)
    assert caught.value.exchange
    assert described(caught.value.exchange).startswith("ConnectError")


def test_long_values_are_cut() -> None:
    """A very long value is shown by its beginning and its length."""
    shown = show("x" * 1000)
    assert len(shown) < LONGEST + 50
    assert shown.endswith("... (1002 characters)")

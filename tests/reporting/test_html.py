"""The page: complete, escaped, and without requests of its own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import read
from conformance.reporting.card import LONGEST_BODY
from conformance.reporting.document import report
from conformance.reporting.events import VERDICTS
from conformance.reporting.html import html

from .conftest import (
    DOCS,
    ENTRY,
    every_verdict,
    exchange,
    finished,
    finished_check,
    judged,
    started,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


class _Page(HTMLParser):
    """Collects text, tags with attributes, and tags left open."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.unclosed: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "input"}:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(path: Path) -> _Page:
    return _Page(html(report(read(path))))


def test_texts_verdicts_and_anchors(write: Write) -> None:
    """Every requirement is there with its text; links within the page have a target, and the docs are linked."""
    page = _page(write(every_verdict()))
    assert page.unclosed == []
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for verdict in VERDICTS:
        assert f"The requirement of <{verdict}>." in page.text
        assert verdict in identifiers
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    inner = {link for link in links if link.startswith("#")}
    assert {link.removeprefix("#") for link in inner} <= set(identifiers)
    assert {"#card-failed", "#card-warned"} <= inner
    outer = {link for link in set(links) - inner if not link.startswith("?verdict=")}
    assert outer == {DOCS, ENTRY["link"]}


def test_known_deviations_are_shown(write: Write) -> None:
    """A warning shows what PluralKit production does beside what the docs say."""
    text = _page(write(every_verdict())).text
    assert "PluralKit production does this instead" in text
    assert "The value goes." in text


def test_known_failures_are_shown(write: Write) -> None:
    """A known failure has a card with its reason, link and last day; an outdated entry says what to do."""
    outdated = {"requirement": "a", "problem": "passed", "message": "a is passed: remove its entry"}
    events = [*every_verdict()[:-1], finished(1, outdated=[outdated])]
    page = _page(write(events))
    assert "#card-known" in {attributes.get("href") for _, attributes in page.tags}
    for text in (
        "Known failures",
        "until 2027-03-01: Soon <b>",
        ENTRY["link"],
        outdated["message"],
    ):
        assert text in page.text


def test_hostile_bodies_are_escaped(write: Write) -> None:
    """Bodies, headers and reasons are text, whatever they hold."""
    page = _page(write(every_verdict()))
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert page.text.count("<script>alert('x')</script>") > 2


def test_no_external_request(write: Write) -> None:
    """The page names no other file and forbids loading any."""
    source = html(report(read(write(every_verdict()))))
    page = _Page(source)
    assert {tag for tag, attributes in page.tags if "src" in attributes} == set()
    assert [a["href"] for tag, a in page.tags if tag == "link"] == ["data:,"]
    assert not re.search(r"url\(|@import", source)
    assert "default-src 'none'" in source


def test_failures_come_first(write: Write) -> None:
    """Violated requirements come before the others, with expected, actual and curl."""
    text = _page(write(every_verdict())).text
    assert text.index("Violated") < text.index("Warnings") < text.index("All requirements")
    assert text.index("Expected") < text.index("Actual") < text.index("curl -sS")


def test_what_led_to_a_failure(write: Write) -> None:
    """The card tells the last steps, and has the curl lines of all; no curl line stands there twice."""
    text = _page(write(every_verdict())).text
    lines = text.partition("in bash with curl and jq")[2].partition("All requirements")[0]
    assert lines.count("curl -sS") == 9
    assert "the last 5 of 9 requests" in text
    assert text.count("curl -X PATCH") == 0
    assert "The same as a pytest test" not in text


def test_each_card_runs_again(write: Write) -> None:
    """Each requirement with a card has the line that runs its checks again, and nothing with a token."""
    text = _page(write(every_verdict())).text
    for verdict in ("error", "failed", "known", "inconclusive", "warned"):
        assert text.count(f"--revision 2025-08 --requirement {verdict}") == 1
    assert "--requirement passed" not in text


@pytest.mark.parametrize("number", [1, 5, 40])
def test_many_checks_make_one_card(write: Write, number: int) -> None:
    """However many checks fail, a requirement has one card, with a few in full, and the names of all."""
    names = [f"m::check[{n}]" for n in range(number)]
    checks = [finished_check(name, "failed", ["a"], reason=f"because of {name}") for name in names]
    path = write([started(["a"]), *checks, judged("a", "failed", names), finished(1)])
    page = _page(path)
    assert [a.get("id") for tag, a in page.tags if (a.get("id") or "").startswith("card-")] == [
        "card-a"
    ]
    assert all(name in page.text for name in names)
    assert sum(a.get("class") == "finding" for _, a in page.tags) == min(number, 3)


def test_only_the_first_card_is_open(write: Write) -> None:
    """The index has a line for each card, in their order, and only the first card is open."""
    page = _page(write(every_verdict()))
    cards = [a for tag, a in page.tags if tag == "details" and "card" in (a["class"] or "").split()]
    lines = [a for tag, a in page.tags if tag == "li" and "data-ids" in a]
    assert len(cards) == 5
    assert [one["data-ids"] for one in cards] == [one["data-ids"] for one in lines]
    assert ["open" in one for one in cards] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"color":"ff0000"}', '{\n  "color": "ff0000"\n}'),
        ("not json", "not json"),
        ("x" * (LONGEST_BODY + 1), "the log has all 4,001 characters"),
        ("x" * 501, "501 characters"),
        ("[" * 5000, "[[["),
    ],
)
def test_bodies(write: Write, body: str, shown: str) -> None:
    """JSON is indented, other text is left alone, long bodies are cut."""
    responses = exchange("e1", response={"headers": {}, "body": body})
    check = finished_check("m::c", "failed", ["a"], exchanges=["e1"], evidence="e1")
    path = write([started(["a"]), responses, check, judged("a", "failed", ["m::c"]), finished(1)])
    assert shown in _page(path).text


def test_partial_runs_leftovers_and_lost_connections(write: Write) -> None:
    """A partial run, what was left on the target and a lost connection are shown."""
    lost = exchange("e1", status=None, response=None, error="connection reset by peer")
    check = finished_check("m::c", "inconclusive", ["a"], exchanges=["e1"], evidence="e1")
    events = [lost, check, judged("a", "inconclusive", ["m::c"])]
    footer = finished(5, left_over=["member abcde"], partial=True, selection="-k color")
    text = _page(write([started(["a"]), *events, footer])).text
    for shown in ("Partial run", "-k color", "member abcde", "connection reset by peer"):
        assert shown in text


@pytest.mark.parametrize(
    ("moment", "seconds", "shown"),
    [
        ("2026-11-23T12:00:00Z", 12.34, ["23 November 2026, 12:00 UTC", "12.3 s"]),
        ("some day", 132.9, ["some day", "2 min 12 s"]),
    ],
)
def test_times(write: Write, moment: str, seconds: float, shown: list[str]) -> None:
    """Times and durations are formatted for people; a text that is no time stays as it is."""
    text = _page(write([started([], started=moment), finished(seconds=seconds)])).text
    assert all(part in text for part in shown)


def test_an_incomplete_log(write: Write) -> None:
    """A run that stopped has a page that says so."""
    assert "incomplete: the run stopped before its end" in _page(write([started(["a"])])).text


def test_unseen_characters_are_marked(write: Write) -> None:
    """What turns the direction of writing, or is not seen, stands as a named mark, and as an escape in attributes."""
    check = finished_check("m::c", "failed", ["a"], reason="one\u202etwo")
    page = _page(write([started(["a"]), check, judged("a", "failed", ["m::c"]), finished(1)]))
    marks = [a["title"] for _, a in page.tags if a.get("class") == "unseen"]
    assert "right-to-left override" in marks
    assert "one\\u202etwo" in page.text
    assert not any("\u202e" in (value or "") for _, a in page.tags for value in a.values())


def test_facts(write: Write) -> None:
    """The header says by what and with which options the run was made."""
    events = [started(["a"], repetition=["--target", "t.toml"], python="3.12.1"), finished()]
    text = _page(write(events)).text
    assert all(shown in text for shown in ("full, standard", "--target t.toml", "0.1.0, 3.12.1"))


def test_matrices_lead_to_cards(write: Write) -> None:
    """A cell with a failure leads to the card, one that passed to the row of the requirement."""
    names = ["patch::check_failed[member.color]", "patch::check_passed[member.color]"]
    cells = [{"checks": [name], "reason": ""} for name in names]
    rows = [{"group": "Member", "name": "color", "cells": [*cells, {"checks": [], "reason": "x"}]}]
    matrix = {
        "event": "matrix",
        "name": "keys",
        "columns": ["null", "clear", "limit"],
        "rows": rows,
    }
    page = _page(write([*every_verdict()[:-1], matrix, finished(1)]))
    links = [
        a["href"] for tag, a in page.tags if tag == "a" and "1 check" in (a.get("title") or "")
    ]
    assert links[:2] == ["#card-failed", "#passed"]
    assert "Keys by rule" in page.text
    assert "Operations by caller" in page.text

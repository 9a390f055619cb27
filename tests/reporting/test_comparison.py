"""Two reports compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import read
from conformance.reporting.comparison import FORMATS, MOST, compare
from conformance.reporting.document import report
from conformance.reporting.events import VERDICTS
from conformance.reporting.terminal import WIDTH

from .conftest import HOSTILE, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]
    Document = dict[str, Any]

ENTRY = {"reason": "r", "link": "https://example.org", "expires": "2027-01-01"}


@pytest.fixture
def document(write: Write) -> Callable[..., Document]:
    """Return a function that makes the report of a run with these verdicts."""

    def make(verdicts: dict[str, str], reason: str = "why", **header: object) -> Document:
        checks = [finished_check(f"m::{name}", "passed", [name]) for name in verdicts]
        rows = [
            judged(name, verdict, [f"m::{name}"], reason=reason, known_failure=ENTRY)
            for name, verdict in verdicts.items()
        ]
        return report(read(write([started([*verdicts], **header), *checks, *rows, finished(1)])))

    return make


def kinds(a: Document, b: Document) -> dict[str, list[str]]:
    """Return the ids of the changes of each kind that there are."""
    changes = compare(a, b).changes
    return {kind: [one.row["id"] for one in found] for kind, found in changes.items() if found}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("passed", "failed", "new"),
        ("passed", "error", "new"),
        ("passed", "known", "new"),
        ("failed", "failed", "still"),
        ("known", "failed", "still"),
        ("failed", "passed", "fixed"),
        ("failed", "warned", "fixed"),
        ("failed", "untested", "other"),
        ("passed", "inconclusive", "other"),
        ("passed", "passed", None),
    ],
)
def test_kinds_of_changes(
    document: Callable[..., Document], before: str, after: str, kind: str | None
) -> None:
    """A change is of one kind; only what fails in B and did not in A makes it worse."""
    a, b = document({"r": before}), document({"r": after})
    assert kinds(a, b) == ({kind: ["r"]} if kind else {})
    assert compare(a, b).is_worse == (kind == "new" and after != "known")


def test_requirements_of_one_report(document: Callable[..., Document]) -> None:
    """What only one report has is added or removed; what is violated there is new."""
    a, b = document({"gone": "failed", "same": "passed"}), document({"same": "passed"})
    assert kinds(a, b) == {"removed": ["gone"]}
    assert kinds(b, a) == {"new": ["gone"]}
    c = document({"same": "passed", "more": "passed"})
    assert kinds(b, c) == {"added": ["more"]}


def test_how_the_runs_differ(document: Callable[..., Document]) -> None:
    """Another server, suite, revision or configuration is named, and nothing that is the same."""
    a = document({"r": "passed"})
    b = document(
        {"r": "passed"},
        suite={"name": "s", "version": "9"},
        target={"name": "mine", "base_url": "http://127.0.0.1:1/v2"},
        revision="2021-11",
        profile="read-only",
        seed=8,
        repetition=["--target", "mine.toml"],
    )
    assert [name for name, _, _ in compare(a, b).settings] == [
        *("server", "suite", "revision", "profile", "seed", "options"),
    ]
    assert compare(a, a).settings == []
    assert "another suite: 0.1.0 in A, 9 in B" in FORMATS["terminal"](compare(a, b))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(document: Callable[..., Document], name: str) -> None:
    """Each format has each change, and nothing that a server sent is obeyed or markup."""
    ids = [f"{one}-{two}" for one in VERDICTS for two in VERDICTS]
    a = document({one: one.partition("-")[0] for one in ids if not one.startswith("not-")})
    b = document(
        {one: VERDICTS[n % 9] for n, one in enumerate(ids)},
        reason=HOSTILE,
        target={"name": HOSTILE, "base_url": "http://x/v2"},
    )
    made = FORMATS[name](compare(a, b))
    assert made == FORMATS[name](compare(a, b))
    assert "<script>alert" not in made or name == "terminal"
    assert all(line.isprintable() for line in made.splitlines()) or name == "html"
    assert "failed-error" in made
    if name == "terminal":
        assert max(map(len, made.splitlines())) <= WIDTH


def test_what_is_no_violation_is_counted(document: Callable[..., Document]) -> None:
    """The terminal does not list hundreds of changes that violate nothing, and has what is new last."""
    many = {f"u{n}": "passed" for n in range(200)}
    a, b = (
        document(many | {"r": "passed"}),
        document(dict.fromkeys(many, "untested") | {"r": "failed"}),
    )
    lines = FORMATS["terminal"](compare(a, b)).splitlines()
    assert f"{200 - MOST} further other requirements" in lines
    assert lines[-1] == "1 new, 0 still violated, 0 fixed, 200 judged otherwise"
    assert lines[-4].startswith("NEW r (must, ")


def test_nothing_changed(document: Callable[..., Document]) -> None:
    """Two equal reports have no change, and each format says so."""
    found = compare(document({"r": "passed"}), document({"r": "passed"}))
    assert "No verdict changed." in FORMATS["html"](found)
    assert FORMATS["markdown"](found).startswith("## 0 new, 0 still violated, 0 fixed\n")

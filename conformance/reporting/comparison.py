"""Two reports compared: what is fixed, what is new, what is still violated, and whether the two runs can be compared at all.

The texts are made here for a terminal and as Markdown; the page is in `pages/comparison.html.j2`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.printable import counted, shortened, visible
from conformance.reporting.events import VERDICTS
from conformance.reporting.markdown import bounded, code, table
from conformance.reporting.markdown import text as escaped
from conformance.reporting.page import page
from conformance.reporting.terminal import WIDTH, wrapped
from conformance.reporting.weight import weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Document = Mapping[str, Any]

VIOLATED = ("error", "failed", "known")
FAILING = ("error", "failed")
MOST = 30  # lines of each kind of change that are no violation, on a terminal
TITLES = {
    "new": "New",
    "still": "Still violated",
    "fixed": "Fixed",
    "other": "Judged otherwise",
    "added": "Added",
    "removed": "Removed",
}
"""The kinds of changes, most important first."""
EXPLAINED = {
    "new": "violated in B, and not in A",
    "still": "violated in both",
    "fixed": "violated in A, and not in B",
    "other": "another verdict, violated in neither",
    "added": "only in B",
    "removed": "only in A",
}
_SETTINGS: Mapping[str, Callable[[Document], object]] = {
    "server": lambda one: f"{one['target']['name']} at {one['target']['base_url']}",
    "suite": lambda one: one["suite"]["version"],
    "revision": lambda one: one["revision"],
    "profile": lambda one: one.get("profile"),
    "effort": lambda one: one.get("effort"),
    "seed": lambda one: one.get("seed"),
    "options": lambda one: " ".join(one.get("repetition") or ()),
    "selection": lambda one: (one.get("selection") or "some checks") if one.get("partial") else "",
    "stopped early": lambda one: one.get("stopped") or "",
}


@dataclasses.dataclass(frozen=True)
class Change:
    """A requirement, its verdict in each report (None where it is missing), and the newer reason."""

    row: Mapping[str, Any]
    before: str | None
    after: str | None

    @property
    def reason(self) -> str:
        """What the row says of its verdict; that of a fixed one is of no use any more."""
        return str(self.row["reason"]) if self.after in VIOLATED or self.after is None else ""


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The two reports, what differs in how they were made, and the changes of each kind, heaviest first."""

    a: Document
    b: Document
    settings: list[tuple[str, str, str]]
    changes: dict[str, list[Change]]

    @property
    def is_worse(self) -> bool:
        """Whether something fails in B that did not in A."""
        return any(change.after in FAILING for change in self.changes["new"])

    @property
    def headline(self) -> str:
        """How many changes of each kind there are."""
        kinds = [kind for kind in TITLES if kind in ("new", "still", "fixed") or self.changes[kind]]
        return ", ".join(f"{len(self.changes[kind])} {TITLES[kind].lower()}" for kind in kinds)


def compare(a: Document, b: Document) -> Comparison:
    """Compare two reports, the older one first."""
    before = {row["id"]: row for row in a["requirements"]}
    after = {row["id"]: row for row in b["requirements"]}
    changes: dict[str, list[Change]] = {kind: [] for kind in TITLES}
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        verdicts = [row["verdict"] if row else None for row in (old, new)]
        if kind := _kind(*verdicts):
            changes[kind].append(Change(new or old or {}, *verdicts))
    for found in changes.values():
        found.sort(key=_heaviest)
    settings = [(name, str(take(a)), str(take(b))) for name, take in _SETTINGS.items()]
    return Comparison(a, b, [row for row in settings if row[1] != row[2]], changes)


def _kind(before: str | None, after: str | None) -> str | None:
    """Return the kind of a change; None where nothing changed that is worth a line."""
    if after in VIOLATED:
        return "still" if before in VIOLATED else "new"
    if before is None or after is None:
        return "added" if before is None else "removed"
    if before in VIOLATED:
        return "fixed" if after in ("passed", "warned", "unimplemented") else "other"
    return "other" if before != after else None


def _heaviest(change: Change) -> tuple[int, int]:
    verdict = change.after or change.before or VERDICTS[-1]
    return [*VERDICTS].index(verdict), weight(change.row)  # type: ignore[arg-type] # each is a verdict


def terminal(found: Comparison) -> str:
    """Return the comparison as lines for a terminal, what is new last."""
    lines = [f"A: {_about(found.a)}", f"B: {_about(found.b)}"]
    lines += [_setting(*row) for row in found.settings]
    for kind in reversed(TITLES):
        lines += _lines(kind, found.changes[kind])
    return "\n".join([*lines, found.headline]) + "\n"


def _about(document: Document) -> str:
    about = f"{document['target']['name']}, {document['revision']}, {document['started']}"
    return shortened(visible(f"{about}: {document['headline']}"), WIDTH - 3)


def _setting(name: str, before: str, after: str) -> str:
    line = f"another {name}: {before or 'none'} in A, {after or 'none'} in B"
    return visible(shortened(line, WIDTH))


def _lines(kind: str, changes: list[Change]) -> Iterator[str]:
    """Yield the lines of one kind, the heaviest last; of what violates nothing there are not more than can be read."""
    kept = changes if kind in ("new", "still", "fixed") else changes[:MOST]
    if len(kept) < len(changes):
        yield f"{counted(len(changes) - len(kept), f'further {kind} requirement')}"
    for change in reversed(kept):
        row = change.row
        source = f"{row['level']}, {row['page']}#{row['section']}"
        head = f"{TITLES[kind].upper()} {row['id']} ({source}): {_verdicts(change)}"
        yield shortened(visible(head), WIDTH)
        if kind == "new":
            yield from (line.text for line in wrapped(str(row["text"])))
            yield from (line.text for line in wrapped(change.reason))


def _verdicts(change: Change) -> str:
    return f"{change.before or 'none'} -> {change.after or 'none'}"


def markdown(found: Comparison) -> str:
    """Return the comparison as Markdown, bounded like summary.md."""
    lines = [f"## {escaped(found.headline)}", ""]
    rows = [(name, code(one), code(two)) for name, one, two in _reports(found)]
    lines += table(("", "A", "B"), rows)
    for kind, changes in found.changes.items():
        if changes:
            lines += ["", f"**{TITLES[kind]}** ({EXPLAINED[kind]})", ""]
            lines += table(("requirement", "A", "B", "reason"), map(_cells, changes))
    return bounded(lines)


def _reports(found: Comparison) -> Iterable[tuple[str, str, str]]:
    return [("headline", found.a["headline"], found.b["headline"]), *found.settings]


def _cells(change: Change) -> tuple[str, ...]:
    reason = code(change.reason) if change.reason else ""
    name = f"{code(change.row['id'])}<br>{escaped(change.row['text'])}"
    return name, change.before or "", change.after or "", reason


def html(found: Comparison) -> str:
    """Return the comparison as a page."""
    return page("comparison.html.j2", it=found, titles=TITLES, explained=EXPLAINED)


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "html": html,
}

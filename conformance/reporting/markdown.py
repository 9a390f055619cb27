"""A run as summary.md: headline, counts, and what failed or is known to fail, short enough for the page of a CI job.

Whatever comes from the server stays text: no character of it is markup, and none is obeyed by a terminal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.printable import visible
from conformance.reporting.causes import by_cause, heaviest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIMIT = 10_000  # bytes of UTF-8 in all
MOST_LINES = 60
LONGEST_CELL = 200  # characters
_LAST = 100  # bytes of the line that says how many are left out
_SHOWN = ("error", "failed", "known")
_DOCS = re.compile(r"https://[\w./#-]+")
# What Markdown could take for markup, a link, a mention or an emoji; escaped as HTML does it, also in tables.
_MARKUP = re.compile(
    r"""(?<=www)\.|:(?=\S)|[^0-9A-Za-z ,.:;()'"?!=+%\u00a0-\U0010ffff-]""", re.IGNORECASE
)


def markdown(report: Mapping[str, Any]) -> str:
    """Return the summary of the content of a report.json."""
    target = report["target"]
    place = f"{code(target['name'])} at {code(target['base_url'])}"
    lines = [
        f"## {text(report['headline'])}",
        "",
        f"{place}, PluralKit API v2, revision {text(report['revision'])}",
        "",
        *table(("verdict", "requirements"), _counts(report["counts"])),
    ]
    if report["stopped"]:
        lines += ["", f"Stopped early: {text(report['stopped'])}"]
    if report["outdated"]:
        lines += ["", "**Known failures that are fixed or expired**", ""]
        lines += [f"- {text(row['message'])}" for row in report["outdated"]]
    if rows := worst_first(report):
        lines += ["", *table(("verdict", "requirement", "source", "reason"), map(_row, rows))]
    return bounded(lines)


def worst_first(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the requirements that failed or could not be judged, then those known to fail; the most specific of each cause first."""
    rows = [row for row in report["requirements"] if row["verdict"] in _SHOWN]
    groups = heaviest_first(by_cause(rows, report["exchanges"]))
    ordered = [*(main for main, _ in groups), *(one for _, others in groups for one in others)]
    return sorted(ordered, key=lambda row: _SHOWN.index(row["verdict"]))


def text(words: str) -> str:
    """Return words as Markdown that shows them as they are, in one line; long ones are cut."""
    cut = visible(words)
    cut = cut if len(cut) <= LONGEST_CELL else f"{cut[:LONGEST_CELL]}..."
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", cut)


def code(words: str) -> str:
    """Return words as they are in a fixed-width font, in which nothing is turned into a link or a mention."""
    return f"<code>{text(words)}</code>"


def _counts(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(verdict, str(number)) for verdict, number in counts.items() if number]


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    reason, entry = code(row["reason"]) if row["reason"] else "", row["known_failure"]
    if entry:
        until = f"until {entry['expires']}: {entry['reason']} ({entry['link']})"
        reason = f"{text(until)}<br>{reason}"
    source = text(f"{row['page']}#{row['section']}")
    source = f"[{source}]({row['url']})" if _DOCS.fullmatch(row["url"]) else source
    requirement = f"{code(row['id'])}<br>{text(row['text'])}"
    return row["verdict"], requirement, f"{row['level']}, {source}", reason


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def bounded(lines: list[str]) -> str:
    """Return the lines as one text; those beyond the limits are counted in its last line."""
    room = MOST_LINES if len(lines) <= MOST_LINES else MOST_LINES - 2
    size = 0
    kept: list[str] = []
    for line in lines:
        size += len(line.encode("utf-8", "backslashreplace")) + 1
        if size > LIMIT - _LAST or len(kept) == room:
            left = len(lines) - len(kept)
            kept += ["", f"{left} more line{'s' if left != 1 else ''}: see the report"]
            break
        kept.append(line)
    return "\n".join(kept) + "\n"

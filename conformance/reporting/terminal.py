"""What a run found as lines for a terminal or the log of a CI job: the heaviest last, next to the prompt, then how to run it again.

All of it comes from the content of a report.json. In full each finding has its checks and the requests that show it; else there is
room for some sixty lines, the heaviest findings have most of it, and the report has the rest.
"""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING, Any

from conformance.printable import counted, shortened, visible
from conformance.reporting.causes import by_cause, heaviest_first
from conformance.reporting.curl import curl
from conformance.reporting.events import VERDICTS
from conformance.reporting.shell import rerun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

WIDTH = 100  # columns
ROOM = 62  # lines of all findings, if they are not shown in full
MOST = 40  # violated requirements that are named
SEVERAL = 3  # checks of one requirement, and requirements that could not be judged, that are shown one by one
LINES = 2  # of a text that is wrapped
STYLES = {"failed": "bold red", "error": "bold magenta", "known": "yellow", "warned": "yellow"}
VIOLATED = ("error", "failed")
_LEVEL_OF_WARNINGS = ("warned", "failed")


@dataclasses.dataclass(frozen=True)
class Line:
    """One line, and how it is styled."""

    text: str
    style: str = ""


def findings(report: Mapping[str, Any], *, full: bool) -> list[Line]:
    """Return what did not pass, the heaviest last, and the line that runs that again."""
    others = [line for block in _others(report, full=full) for line in block]
    violated = _violated(report, full=full, room=ROOM - len(others))
    return [*others, *violated, *_again(report)]


def wrapped(text: str, indent: str = "  ", most: int = LINES) -> list[Line]:
    """Return a text in lines of the width; what does not fit into so many lines is left out."""
    lines = textwrap.wrap(
        visible(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        max_lines=most,
        placeholder=" ...",
        break_on_hyphens=False,
    )
    return [Line(line) for line in lines]


def named(verdict: str, name: str, reason: str) -> str:
    """Return a finding in one line."""
    return shortened(visible(f"{verdict.upper()} {name}: {reason}"), WIDTH - 2)


def _violated(report: Mapping[str, Any], *, full: bool, room: int) -> list[Line]:
    """Return the violated requirements, lightest first; those for which there is room with text and reason."""
    rows = [row for row in report["requirements"] if row["verdict"] in VIOLATED]
    ordered = list(_ordered(rows, report))
    kept = ordered if full else ordered[:MOST]
    left = len(ordered) - len(kept)
    blocks, room = [], room - len(kept) - bool(left)
    for row, cause in kept:
        block = _in_full(row, report) if full else _in_short(row)
        if not full and (cause or len(block) - 1 > room):
            reason = f"same cause as {cause}" if cause else row["reason"]
            block = [Line(named(row["verdict"], row["id"], reason), STYLES[row["verdict"]])]
        room -= len(block) - 1
        blocks.append(block)
    more = [Line(f"{counted(left, 'further requirement')} violated: see the report", "bold red")]
    return [*(more if left else []), *(line for block in reversed(blocks) for line in block)]


def _ordered(rows: Iterable[Row], report: Mapping[str, Any]) -> Iterator[tuple[Row, str]]:
    """Yield the requirements, heaviest first, each with the main one of the same cause; that is empty for a main one."""
    groups = by_cause([dict(row) for row in rows], report["exchanges"])
    for main, others in heaviest_first(groups):
        yield main, ""
        yield from ((other, main["id"]) for other in others)


def _others(report: Mapping[str, Any], *, full: bool) -> Iterator[list[Line]]:
    """Yield what did not pass and violates nothing that fails the run, worst last."""
    for verdict in ("warned", "untested", "inconclusive", "known"):
        rows = [row for row in report["requirements"] if row["verdict"] == verdict]
        unreached = [row for row in rows if row["reason"].startswith("not reached: ")]
        if unreached:
            yield [_gathered("untested", unreached)]
        rest = [row for row in rows if row not in unreached]
        if verdict == "known":
            kept = rest if full else rest[:SEVERAL]
            yield [_known(row) for row in kept]
            yield [_gathered(verdict, rest[len(kept) :])] if len(rest) > len(kept) else []
        elif len(rest) > SEVERAL and not full:
            yield [_gathered(verdict, rest)]
        else:
            yield from (_in_full(row, report) if full else _in_short(row) for row in rest)


def _gathered(verdict: str, rows: Sequence[Row]) -> Line:
    is_or_are = "is" if len(rows) == 1 else "are"
    beginning = f"{counted(len(rows), 'requirement')} {is_or_are} {verdict}: "
    names = ", ".join(row["id"] for row in rows)
    return Line(shortened(beginning + names, WIDTH), STYLES.get(verdict, "cyan"))


def _known(row: Row) -> Line:
    entry = row["known_failure"]
    line = f"KNOWN {row['id']}: {entry['reason']} ({entry['link']}, until {entry['expires']})"
    return Line(visible(line), STYLES["known"])


def _head(row: Row) -> Line:
    source = f"{row['level']}, {row['page']}#{row['section']}"
    line = f"{row['verdict'].upper()} {row['id']} ({source})"
    return Line(line, STYLES.get(row["verdict"], "cyan"))


def _in_short(row: Row) -> list[Line]:
    """Return a requirement with its text, and why the worst of its checks ended as it did."""
    number = len(_checks(row))
    more = f" ({counted(number, 'check')})" if number > 1 else ""
    return [_head(row), *wrapped(row["text"]), *wrapped(f"{row['reason']}{more}")]


def _in_full(row: Row, report: Mapping[str, Any]) -> list[Line]:
    """Return a requirement with some of its checks, and the requests that show what they found."""
    checks = _checks(row)
    lines = [_head(row), Line(f"  {visible(row['text'])}")]
    for check in checks[:SEVERAL]:
        reason = shortened(check["reason"])
        lines.append(Line(visible(f"    {check['check']}: {reason}")))
        found = check["reproduction"]
        if found and found["pytest"]:  # a generated check, whose requests nobody knows
            lines += [Line(f"      {visible(line)}") for line in found["curl"]]
    if len(checks) > SEVERAL:
        lines.append(Line(f"    and {counted(len(checks) - SEVERAL, 'more check')}"))
    shown = [check["evidence"] for check in checks if check["outcome"] == "failed"]
    exchange = report["exchanges"].get(shown[0]) if shown else None
    if exchange:
        line = visible(f"    sent as {exchange['caller']}: {shortened(curl(exchange))}")
        lines.append(Line(line, "dim"))
    return lines


def _checks(row: Row) -> list[Mapping[str, Any]]:
    """Return the checks that led to the verdict; a violated SHOULD is a warning."""
    wanted = _LEVEL_OF_WARNINGS if row["verdict"] == "warned" else (row["verdict"],)
    return [check for check in row["checks"] if check["outcome"] in wanted]


def _again(report: Mapping[str, Any]) -> list[Line]:
    """Return the line that runs the heaviest finding again, over several lines of a shell where it is long."""
    rows = [row for row in report["requirements"] if row["verdict"] in VIOLATED]
    if not rows:
        return []
    worst = next(_ordered(rows, report))[0]["id"]
    if report.get("subject") == "client":
        lines = _continued(rerun(report, worst))
        return [Line("to watch the client again:"), *(Line(f"  {one}") for one in lines)]
    alone = "the last one" if len(rows) > 1 else "it"
    tokens = report.get("repetition") is None or "--base-url" in report["repetition"]
    given = ", with the tokens in PK_TOKEN and PK_OTHER_TOKEN" if tokens else ""
    lines = _continued(rerun(report, worst))
    return [Line(f"to run {alone} again{given}:"), *(Line(f"  {one}") for one in lines)]


def _continued(line: str) -> list[str]:
    """Return a line of a shell as lines of the width, each but the last continued in the next."""
    first, *options = line.split(" --")
    lines = [first]
    for option in options:
        if len(lines[-1]) + len(option) + 7 <= WIDTH:
            lines[-1] += f" --{option}"
        else:
            lines[-1] += " \\"
            lines.append(f"    --{option}")
    return lines


def ranked(outcomes: Mapping[str, int]) -> str:
    """Return how often each outcome came, worst first."""
    found = sorted(outcomes.items(), key=lambda row: VERDICTS.index(row[0]))
    return ", ".join(f"{number} {outcome}" for outcome, number in found)

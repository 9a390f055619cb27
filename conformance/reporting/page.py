"""What all pages have in common: they extend `pages/layout.html.j2`, and are one file each, with style and script inside.

What stands on a page is in the module that makes it, like `html`.
"""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from conformance.printable import shortened
from conformance.reporting.grid import LETTERS
from conformance.reporting.plain import OBEYED, plain

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

FOLDED = 500  # characters of a body that are shown at once
LONGEST_LINE = 160  # characters of what was found, in the index

SYMBOLS = {
    "error": "‼",
    "failed": "✕",
    "known": "⚑",
    "inconclusive": "?",
    "untested": "○",
    "warned": "!",
    "unimplemented": "…",
    "not-applicable": "\N{EN DASH}",
    "passed": "✓",
    "conformant": "✓",
    "not conformant": "✕",
    "suite error": "‼",
    "incomplete": "○",
    "interrupted": "◼",
}
"""The sign of each verdict, outcome and status."""

_MINUTE = 60  # seconds


def page(template: str, **values: Any) -> str:
    """Return the page that a template in `pages/` makes of these values; whatever they hold is text on it."""
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """Return what compiles the templates, once in a process."""
    made = Environment(
        loader=PackageLoader("conformance.reporting", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_marked,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"inlined": _inlined, "letters": LETTERS, "symbols": SYMBOLS, "folded": FOLDED}
    made.filters |= {
        "body": body,
        "by_function": _by_function,
        "duration": _duration,
        "moment": _moment,
        "path": _path,
        "plain": _without_marks,
        "shortened": partial(shortened, longest=LONGEST_LINE),
    }
    return made


def body(text: str, longest: int) -> str:
    """Return a body as a page shows it: JSON indented, anything else as it was received, both cut when long."""
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    if len(text) <= longest:
        return text
    return f"{text[:longest]}\n… cut here; the log has all {len(text):,} characters"


def _inlined(name: str) -> Markup:
    """Return a style or a script in `pages/` as it is."""
    text = (resources.files("conformance.reporting") / "pages" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of our own


def _without_marks(value: object) -> Markup:
    """Return a value for an attribute or a title, in which there can be no marks."""
    return escape(plain(str(value)))


def _marked(value: Any) -> Any:
    """Return a value as it is put on the page: what is obeyed or unseen is a visible mark. What the template made itself stays."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    shown = escape(value)
    if not OBEYED.search(value):
        return shown
    return Markup(OBEYED.sub(_mark, shown))  # noqa: S704 - escaped above


def _mark(found: re.Match[str]) -> str:
    code = ord(found.group())
    name = unicodedata.name(chr(code), "control character").lower()
    return f'<span class="unseen" title="{name}">\\u{code:04x}</span>'


def _by_function(checks: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the names of checks without their rows, each with its rows and their outcomes."""
    found: dict[str, list[tuple[str, str]]] = {}
    for check in checks:
        name, _, row = check["check"].partition("[")
        found.setdefault(name, []).append((row.removesuffix("]"), check["outcome"]))
    return list(found.items())


def _path(url: str, base_url: str) -> str:
    """Return what stands after the base URL."""
    return url.removeprefix(base_url) or url


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // _MINUTE} min {int(seconds) % _MINUTE} s"


def _moment(text: str) -> str:
    """Return an ISO 8601 time as the page shows it, or the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.day} {moment:%B %Y, %H:%M %Z}".strip()

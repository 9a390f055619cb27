"""What all pages have in common: they extend `pages/layout.html.j2`, and are one file each, with style and script inside.

What stands on a page is in the module that makes it, like `html`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from conformance.reporting.curl import curl
from conformance.reporting.events import OUTCOMES
from conformance.reporting.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_BODY = 20_000  # characters of a body that a page shows; report.json has all

_MINUTE = 60  # seconds
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
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"inlined": _inlined, "symbols": SYMBOLS}
    made.filters |= {
        "body": _body,
        "curl": curl,
        "duration": _duration,
        "moment": _moment,
        "not_passed": _not_passed,
    }
    return made


def _inlined(name: str) -> Markup:
    """Return a style or a script in `pages/` as it is."""
    text = (resources.files("conformance.reporting") / "pages" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of our own


def _plain(value: Any) -> Any:
    """Return a value as it is put on the page; what the template made itself stays."""
    return plain(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _not_passed(checks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the checks that did not pass, worst first."""
    found = (check for check in checks if check["outcome"] != "passed")
    return sorted(found, key=lambda check: OUTCOMES.index(check["outcome"]))


def _body(text: str) -> str:
    """Return a body as the page shows it: JSON indented, anything else as it was received, both cut when long."""
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    if len(text) <= LONGEST_BODY:
        return text
    return f"{text[:LONGEST_BODY]}\n… cut here; report.json has all {len(text):,} characters"


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

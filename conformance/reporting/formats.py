"""The formats that a log is rendered to, by name: the file of each, and its text. Each depends on the log alone."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from conformance.reporting.badge import badge
from conformance.reporting.har import har
from conformance.reporting.html import html
from conformance.reporting.junit import junit
from conformance.reporting.markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.reporting.event_log import Run

    Document = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Format:
    """The name of its file beside the others, and how it is made of a log and the content of report.json."""

    file: str
    render: Callable[[Run, Document], str]


def as_json(document: Document) -> str:
    """Return a line for each item of each list: quicker to write than a line for each value, and still good to compare."""
    parts = []
    for key, value in document.items():
        rows = isinstance(value, list) and value
        text = ",\n  ".join(map(json.dumps, value)) if rows else json.dumps(value)
        parts.append(f"{json.dumps(key)}: [\n  {text}\n]" if rows else f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _junit(run: Run, document: Document) -> str:
    return junit(run, document["headline"], document["stopped"])


FORMATS: Mapping[str, Format] = {
    "html": Format("index.html", lambda _, document: html(document)),
    "json": Format("report.json", lambda _, document: as_json(document)),
    "junit": Format("junit.xml", _junit),
    "markdown": Format("summary.md", lambda _, document: markdown(document)),
    "har": Format("exchanges.har", lambda run, document: har(run, document["headline"])),
    "badge": Format("badge.json", lambda _, document: as_json(badge(document))),
}
OF_EVERY_RUN = tuple(name for name in FORMATS if name != "har")
"""The formats that a run leaves behind; a HAR file has all exchanges, as events.jsonl does, and is made when it is asked for."""

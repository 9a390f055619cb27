"""`readme`: replaces the tables between their markers in the README by those of the last measurements."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.arguments import Parser
from conformance.mutation import peer, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "faults": summary.short_table,
    "peer": peer.markdown,
}


def readme(arguments: Sequence[str]) -> int:
    """Replace each table that has a new measurement; return 0, or 4 when the README lacks the markers."""
    parser = Parser(prog="python -m conformance.mutation readme", description=__doc__)
    parser.add_argument("--report-folder", type=Path, default=Path("reports/mutation"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    options = parser.parse_args(arguments)
    text = options.readme.read_text("utf-8")
    for name, table in TABLES.items():
        file = options.report_folder / f"{name}.json"
        if not file.exists():
            continue
        if not between(text, name):
            sys.stderr.write(f"error: {options.readme} has no markers mutation:{name}\n")
            return 4
        rendered = table(json.loads(file.read_text("utf-8")))
        text = text.replace(between(text, name), f"\n{rendered}")
    options.readme.write_text(text, "utf-8")
    return 0


def between(text: str, name: str) -> str:
    """Return the text between the markers of a table; empty without them."""
    found = re.search(rf"<!-- mutation:{name} -->(.*?)<!-- /mutation:{name} -->", text, re.DOTALL)
    return found[1] if found else ""

"""`readme`: puts the tables of the last measurements between their markers in the README."""

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
    "faults": summary.packed,
    "peer": peer.markdown,
}


def readme(arguments: Sequence[str]) -> int:
    """Replace each table that was measured; return 0, or 4 when the README lacks the markers."""
    parser = Parser(prog="python -m conformance.mutation readme", description=__doc__)
    parser.add_argument("--report-folder", type=Path, default=Path("reports/power"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    options = parser.parse_args(arguments)
    text = options.readme.read_text("utf-8")
    for name, table in TABLES.items():
        file = options.report_folder / f"{name}.json"
        if not file.exists():
            continue
        if not between(text, name):
            sys.stderr.write(f"error: {options.readme} has no markers power:{name}\n")
            return 4
        made = table(json.loads(file.read_text("utf-8")))
        text = text.replace(between(text, name), f"\n{made}")
    options.readme.write_text(text, "utf-8")
    return 0


def between(text: str, name: str) -> str:
    """Return what stands between the markers of a table; empty when they are not there."""
    found = re.search(rf"<!-- power:{name} -->(.*?)<!-- /power:{name} -->", text, re.DOTALL)
    return found[1] if found else ""

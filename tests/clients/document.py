"""Writes the tables of docs/clients.md: `python -m tests.clients.document`."""

from __future__ import annotations

import re

from tests.clients import table
from tests.clients.known_faults import known_faults
from tests.clients.published import PUBLISHED, ROOT

DOCUMENT = ROOT / "docs" / "clients.md"
_WHOSE = {"client": "", "production": " (a deviation of PluralKit production)"}


def parts() -> dict[str, str]:
    """Return what stands between the markers of each name."""
    return {"table": table.markdown(table.rows()), "faults": "\n".join(map(_faults, _clients()))}


def written(text: str) -> str:
    """Return the text of the document with its parts as they must be."""
    for name, part in parts().items():
        text = re.sub(
            rf"(<!-- clients:{name} -->\n).*?(<!-- /clients:{name} -->)",
            lambda marks, part=part: f"{marks[1]}{part}{marks[2]}",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    return text


def _clients() -> list[str]:
    return [client.name for client in PUBLISHED]


def _faults(client: str) -> str:
    lines = [
        f"- {row.reason} {_where(row.modes)}: {', '.join(f'`{step}`' for step in row.steps)}"
        f"{_WHOSE[row.fault_of]}\n"
        for row in known_faults(client)
    ]
    return f"### {client}\n\n{''.join(lines)}"


def _where(modes: tuple[str, ...]) -> str:
    return "In both modes" if len(modes) > 1 else f"In {modes[0]} mode"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")

"""The requirement catalogue: the testable requirements of the docs, with id, level and source."""

from __future__ import annotations

import dataclasses
import difflib
import functools
from typing import TYPE_CHECKING, Any

from conformance.contract.document import NEWEST, data_folder, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DOCS = "https://pluralkit.me/api"


@dataclasses.dataclass(frozen=True)
class Requirement:
    """One requirement of the docs. `about` says which key, privacy key, list or error code it concerns."""

    id: str
    text: str
    level: str
    area: str
    page: str
    section: str
    since: str
    until: str | None = None
    operations: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    about: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    observed: tuple[Mapping[str, Any], ...] = ()
    excluded: str | None = None
    same_as: str | None = None
    kind: str | None = None
    aspects: tuple[str, ...] = ()
    should_because: str | None = None

    @property
    def url(self) -> str:
        """The section of PluralKit's docs that says it; sections of the changelog are dates, which are no anchors."""
        page = f"{DOCS}/{self.page}"
        return page if self.page == "changelog" else f"{page}#{self.section}"

    def holds_at(self, revision: str) -> bool:
        """Whether the requirement stands in the docs of `revision` (revisions sort as text)."""
        return self.since <= revision and (self.until is None or revision <= self.until)

    def observed_at(self, revision: str) -> tuple[Mapping[str, Any], ...]:
        """Return what upstream's server did instead while `revision` was documented; HEAD is its newest code."""
        code = "HEAD" if revision == NEWEST else revision
        return tuple(
            entry
            for entry in self.observed
            if entry["since"] <= code and entry.get("until", code) >= revision
        )


@functools.cache
def areas() -> Mapping[str, str]:
    """Return the heading of each area, in the order of reports."""
    headings: dict[str, str] = read_yaml(data_folder() / "requirements" / "areas.yaml")["areas"]
    return headings


@functools.cache
def read_catalogue() -> tuple[Requirement, ...]:
    """Read every requirement of every file, in the order of the file names."""
    files = sorted((data_folder() / "requirements").glob("*.yaml"))
    rows = (row for file in files for row in read_yaml(file).get("requirements", ()))
    return tuple(_requirement(row) for row in rows)


def _requirement(row: dict[str, Any]) -> Requirement:
    lists: dict[str, Any] = {
        key: tuple(row[key]) for key in ("operations", "needs", "observed", "aspects") if key in row
    }
    return Requirement(**{**row, **lists})


def explain_unknown(names: Iterable[str]) -> str:
    """Return in one line which name is none of a requirement at any revision, and which may be meant; empty if all are."""
    known = [row.id for row in read_catalogue()]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "see `requirements list`"
            return f"unknown requirement {name!r}: {hint}"
    return ""

"""Published runs, by implementation and revision: what an index of them shows. The pages are in `site`."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from conformance.reporting.comparison import compare
from conformance.reporting.events import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    Document = Mapping[str, Any]

_UNFIT = re.compile(r"[^A-Za-z0-9.-]+")
LEFT_OUT = ("not-applicable",)  # of which nobody can say whether it is kept
LONGEST_NAME = 80  # characters of a file's name


@dataclasses.dataclass(frozen=True)
class PublishedRun:
    """The content of a report.json, and the page beside it, if there is one."""

    document: Document
    page: Path | None = None

    @property
    def shares(self) -> dict[str, int]:
        """How many requirements have each verdict, of those that apply."""
        counts = dict.fromkeys(VERDICTS, 0)
        for row in self.document["requirements"]:
            counts[row["verdict"]] += 1
        return {str(one): n for one, n in counts.items() if n and one not in LEFT_OUT}


@dataclasses.dataclass(frozen=True)
class History:
    """The runs against one implementation at one revision, oldest first."""

    name: str
    slug: str
    revision: str
    runs: list[PublishedRun]

    @property
    def latest(self) -> PublishedRun:
        """The newest run."""
        return self.runs[-1]

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdicts of the newest run by requirement."""
        return {row["id"]: row["verdict"] for row in self.latest.document["requirements"]}

    def trend(self) -> Iterator[tuple[PublishedRun, str]]:
        """Yield the runs, newest first, each with what changed since the one before."""
        before: list[PublishedRun | None] = [None, *self.runs[:-1]]
        for old, run in reversed(list(zip(before, self.runs, strict=True))):
            yield run, compare(old.document, run.document).headline if old else "the first run"

    def areas(self) -> dict[str, dict[str, int]]:
        """Return how many requirements of each area have each verdict, in the order of the report."""
        found: dict[str, dict[str, int]] = {}
        for row in self.latest.document["requirements"]:
            counts = found.setdefault(row["area"], {})
            if row["verdict"] not in LEFT_OUT:
                counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
        return found


def histories(runs: Iterable[PublishedRun]) -> list[History]:
    """Return the runs by name and revision: names as they sort, the newest revision first."""
    found: dict[tuple[str, str], list[PublishedRun]] = {}
    for run in sorted(runs, key=lambda one: str(one.document["started"])):
        key = (str(run.document["target"]["name"]), str(run.document["revision"]))
        found.setdefault(key, []).append(run)
    names = sorted({name for name, _ in found}, key=lambda name: (name.lower(), name))
    slugs = slugs_of(names)
    ordered = sorted(found, key=lambda key: key[1], reverse=True)
    ordered.sort(key=lambda key: names.index(key[0]))
    return [
        History(name, slugs[name], revision, found[name, revision]) for name, revision in ordered
    ]


def worst(counts: Collection[str]) -> str:
    """Return the worst of some verdicts; empty if there is none."""
    return next((verdict for verdict in VERDICTS if verdict in counts), "")


def slugs_of(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one that is fit for a file, and that no other has on any file system."""
    taken: set[str] = set()
    found = {}
    for name in names:
        plain = _UNFIT.sub("-", name)[:LONGEST_NAME].strip(".-") or "unnamed"
        slug, number = plain, 1
        while slug.lower() in taken:
            number += 1
            slug = f"{plain}-{number}"
        taken.add(slug.lower())
        found[name] = slug
    return found

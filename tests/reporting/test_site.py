"""The index of published runs."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from conformance.reporting import write_reports
from conformance.reporting.implementations import histories, slugs_of, worst
from conformance.reporting.site import build, published

from .conftest import ENTRY, HOSTILE, every_verdict, finished, finished_check, judged, started

if TYPE_CHECKING:
    from pathlib import Path

    Event = dict[str, Any]

NAMED = {"name": "mine", "base_url": "http://127.0.0.1/v2"}


class Links(HTMLParser):
    """Collects what a page links to, and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the links and the id of an element."""
        facts = dict(attrs)
        assert "src" not in facts, tag
        if tag == "a":
            self.hrefs.append(facts["href"] or "")
        if facts.get("id"):
            self.ids.append(str(facts["id"]))


def publish(folder: Path, events: list[Event]) -> None:
    """Write the reports of a run into a folder."""
    folder.mkdir(parents=True)
    log = folder / "events.jsonl"
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    write_reports(log, folder)


def run(verdicts: dict[str, str], **header: object) -> list[Event]:
    """Return a whole run with these verdicts."""
    checks = [finished_check(f"m::{name}", "passed", [name]) for name in verdicts]
    rows = [
        judged(name, one, [f"m::{name}"], known_failure=ENTRY) for name, one in verdicts.items()
    ]
    return [started([*verdicts], target=NAMED, **header), *checks, *rows, finished(0)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An index of a server that gets better from run to run, at two revisions, and one with a hostile name."""
    runs = tmp_path / "runs"
    for number, verdict in enumerate(("failed", "passed")):
        moment = f"2026-11-2{number}T12:00:00Z"
        publish(runs / f"r{number}", run({"a": verdict, "b": "failed"}, started=moment))
    publish(runs / "old", run({"a": "not-applicable"}, revision="2021-11"))
    events = every_verdict()
    events[0]["target"]["name"] = HOSTILE
    publish(runs / "hostile", events)
    (runs / "hostile" / "index.html").unlink()
    found, left_out = published(runs)
    assert left_out == []
    into = tmp_path / "site"
    assert build(found, into) == len(list(into.rglob("*.html")))
    return into


def test_every_link_leads_somewhere(site: Path) -> None:
    """No page has a dead link; those that leave the site lead to the docs alone."""
    pages = {path: Links(path.read_text("utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > 10
    for path, links in pages.items():
        if path.parent.name == "reports":
            continue
        assert len(links.ids) == len(set(links.ids))
        for href in links.hrefs:
            if href.startswith("https://pluralkit.me/"):
                continue
            name, _, fragment = href.partition("#")
            leads_to = (path.parent / unquote(name)).resolve() if name else path
            assert leads_to in pages, (path, href)
            assert not fragment or fragment in pages[leads_to].ids, (path, href)


def test_pages_need_no_script(site: Path) -> None:
    """Pages of the index have no script, and whatever a server is named is text."""
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<script>alert" not in text
        assert "\u2028" not in text
        if path.parent.name != "reports":
            assert re.fullmatch(r"\s*", text.partition("<script>")[2].partition("</script>")[0])


def test_the_trend_of_an_implementation(site: Path) -> None:
    """Its page has its runs, newest first, with what changed, and what is not kept now."""
    text = (site / "implementations" / "mine.html").read_text("utf-8")
    assert text.index("0 new, 1 still violated, 1 fixed") < text.index("the first run")
    assert "The requirement of &lt;b&gt;." in text
    assert "The requirement of &lt;a&gt;." not in text
    assert "The newest run found nothing that is not kept." in text  # at the older revision


def test_who_keeps_a_requirement(site: Path) -> None:
    """The page of a requirement has the verdict and the reason of each implementation."""
    text = (site / "requirements" / "b.html").read_text("utf-8")
    assert "because it failed" in text
    assert 'href="../reports/mine-2025-08-2.html#card-b"' in text
    assert text.count("not of this revision") == 2


def test_what_is_left_out(tmp_path: Path) -> None:
    """Parts of runs, and files that are no reports, are left out and named; an empty index says that it is."""
    partial = run({"a": "passed"})
    partial[-1]["partial"] = True
    publish(tmp_path / "runs" / "part", partial)
    (tmp_path / "runs" / "bad").mkdir()
    (tmp_path / "runs" / "bad" / "report.json").write_text("{}")
    found, left_out = published(tmp_path / "runs")
    assert found == []
    assert [line.rpartition(": ")[2] for line in left_out] == [
        "not a report of format 2",
        "of a part of the checks",
    ]
    build(found, tmp_path / "site")
    assert "No run is published yet." in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_names_of_files() -> None:
    """Names of files differ on every file system, and leave their folder on none."""
    names = ["Mine", "mine", "../../etc/passwd", "", "..", "a b", "a/b", "x" * 500]
    slugs = slugs_of(names)
    assert len({slug.lower() for slug in slugs.values()}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", slug) for slug in slugs.values())
    assert worst([]) == ""
    assert histories([]) == []

"""The page of two compared reports in a browser. The session `reports` names this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reporting.comparison import FORMATS, compare
from conformance.reporting.published import document_at
from tests.browser.accessibility import PHONE, findings, width

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Open
    from tests.browser.faulty_run import Report


@pytest.fixture(params=["worse", "better", "same"])
def comparison(
    request: pytest.FixtureRequest, report: Report, kept: Path, tmp_path: Path
) -> tuple[str, Path]:
    """What became of the server from one run to the other, and the page that says it."""
    red = report.page.parent
    folders = {"worse": (kept, red), "better": (red, kept), "same": (red, red)}
    one, other = (document_at(folder) for folder in folders[request.param])
    page = tmp_path / "diff.html"
    page.write_text(FORMATS["html"](compare(one, other)), encoding="utf-8")
    return request.param, page


def test_what_it_says(comparison: tuple[str, Path], opened: Open) -> None:
    """The five faults stand under new, fixed or still violated, and the counts lead there."""
    word, file = comparison
    section = {"worse": "new", "better": "fixed", "same": "still"}[word]
    with opened(file) as page:
        assert page.text_content("h1") == ("worse" if word == "worse" else "no worse")
        page.click(f".counts a[href='#{section}']")
        assert page.evaluate("document.activeElement.id") == section
        assert page.locator(f"section[aria-labelledby={section}] tbody tr").count() >= 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(comparison: tuple[str, Path], opened: Open, scheme: str) -> None:
    """The page is accessible."""
    with opened(comparison[1], color_scheme=scheme) as page:
        assert findings(page) == []


def test_phone(comparison: tuple[str, Path], opened: Open) -> None:
    """Nothing is wider than a phone."""
    with opened(comparison[1], **PHONE) as page:
        assert width(page) <= 390

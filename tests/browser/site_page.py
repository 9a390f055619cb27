"""The pages of the index of published runs in a browser. The session `reports` names this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reporting.site import build, published
from tests.browser.accessibility import PHONE, findings, width

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Open
    from tests.browser.faulty_run import Report

PAGES = (
    "index.html",
    "requirements.html",
    "implementations/*.html",
    "requirements/member-banner-privacy.html",
)


@pytest.fixture(scope="session")
def site(report: Report, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of two servers: one with faults and two runs, one at two revisions."""
    folder = tmp_path_factory.mktemp("site")
    red, green = published(report.page.parent)[0], published(kept.parent)[0]
    build([*red, *red, *green], folder)
    return folder


@pytest.fixture(params=PAGES)
def file(request: pytest.FixtureRequest, site: Path) -> Path:
    """The page of each kind that has the most to show."""
    return max(site.glob(request.param), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(file: Path, opened: Open, scheme: str) -> None:
    """The page is accessible."""
    with opened(file, color_scheme=scheme) as page:
        assert findings(page) == []


def test_phone(file: Path, opened: Open) -> None:
    """Nothing is wider than a phone."""
    with opened(file, **PHONE) as page:
        assert width(page) <= 390


def test_evidence(site: Path, opened: Open) -> None:
    """The page of a requirement leads to the open card in the report of the server that violates it."""
    with opened(site / PAGES[-1]) as page:
        link = str(page.get_by_text("evidence").get_attribute("href"))
    report, hash_mark, card = link.partition("#")
    with opened((site / "requirements" / report).resolve(), hash_mark + card) as page:
        assert page.locator(f"#{card}").is_visible()

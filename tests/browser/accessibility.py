"""What axe finds wrong with a page, and whether it fits on a phone, for the tests of all pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

VARIABLE = "AXE_CORE"
"""The environment variable that names the file axe.min.js; the session `reports` sets it."""

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
"""What opens a page as on a phone."""


def findings(page: Page) -> list[str]:
    """Return a line for each thing that axe finds on the page as it is shown now."""
    page.evaluate(Path(os.environ[VARIABLE]).read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def width(page: Page) -> int:
    """Return how wide the page is with all that can be folded open: more than the window's width scrolls sideways."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    return int(page.evaluate("document.documentElement.scrollWidth"))

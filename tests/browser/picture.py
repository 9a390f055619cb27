"""Makes the picture of the README again: `python -m tests.browser.picture`; the variable CHROMIUM names another Chromium than that of the PATH."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.faulty_run import faulty_run

PICTURE = Path(__file__).parents[2] / "reports" / "screenshot.png"
SIZE = (1100, 1500)


def take(page: Path, picture: Path) -> None:
    """Write a picture of the top of a page."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    width, height = SIZE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": width, "height": height})
        window.goto(page.as_uri())
        window.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, faulty_run(Path(folder)) as report:
        take(report.page, PICTURE)
    sys.stdout.write(f"{PICTURE}\n")

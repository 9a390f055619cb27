"""The page of a report in a browser: finding, reading, copying, on paper, on a phone, and without scripts.

Not collected with the other tests, as it needs Chromium and axe: the session `reports` names this file.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.accessibility import PHONE, findings, width
from tests.browser.red_log import LARGEST, described, red_log, red_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Open
    from tests.browser.faulty_run import Report

CARD = "member-banner-privacy"
FIRST_STOPS = 10


def _visible(page: Page, selector: str) -> list[str]:
    """Return the requirements of the elements that are shown."""
    return [
        str(one.get_attribute("data-ids") or one.get_attribute("id"))
        for one in page.query_selector_all(selector)
        if one.is_visible()
    ]


def test_index_and_first_card(report: Report, opened: Open) -> None:
    """All five faults stand in the index, and only the first card is open; one button opens all."""
    with opened(report.page) as page:
        assert page.locator(".index > li").count() == page.locator(".card").count() == 5
        assert page.locator(".card[open]").count() == 1
        page.click("button.all")
        assert page.locator(".card[open]").count() == 5


def test_search_and_filters(report: Report, opened: Open) -> None:
    """What is chosen applies to cards, index and table alike, stands in the address, and is there again from it."""
    with opened(report.page) as page:
        page.fill("[name=q]", "icon URL")
        assert _visible(page, ".card") == _visible(page, ".index > li") == ["group-icon-max-256"]
        assert "group-icon-max-256" in _visible(page, "tr[data-verdict]")
        page.fill("[name=q]", "")
        page.select_option("[name=caller]", "anonymous")
        page.select_option("[name=verdict]", "failed")
        cards = _visible(page, ".card")
        assert cards
        assert len(cards) < 5
        address = page.url
        assert "caller=anonymous" in address
    with opened(report.page, f"?{address.partition('?')[2]}") as page:
        assert _visible(page, ".card") == cards
        page.click("text=Clear")
        assert len(_visible(page, ".card")) == 5
        assert "?" not in page.url
        page.select_option("[name=sort]", "id")
        assert _visible(page, ".card") == sorted(_visible(page, ".card"))


def test_counts_filter(report: Report, opened: Open) -> None:
    """A count in the headline leads to its requirements, and to no others; where nothing matches nothing stands, and it is said."""
    with opened(report.page) as page:
        page.click(".counts a >> nth=0")
        page.wait_for_function("scrollY > 0")
        assert page.url.endswith("?verdict=failed#requirements")
        assert len(_visible(page, "tr[data-verdict]")) == 5
        page.fill("[name=q]", "nothing has this text")
        assert _visible(page, "tr[data-verdict]") == []
        assert not page.locator(".findings").is_visible()
        assert "nothing matches" in page.inner_text("[role=status]")


def test_links(report: Report, opened: Open) -> None:
    """Every link within the page leads somewhere; a card can be linked to, also where a filter hides it, and row and card lead to each other."""
    with opened(report.page) as page:
        dead = page.evaluate(
            """[...document.querySelectorAll('a[href^="#"]')]
            .filter(one => !document.getElementById(one.hash.slice(1))).map(one => one.hash)"""
        )
        assert dead == []
    with opened(report.page, f"?q=nothing-has-this#card-{CARD}") as page:
        assert page.locator(f"#card-{CARD}").is_visible()
        page.click(f'#card-{CARD} a[href="#{CARD}"]')
        assert page.locator(f'tr[id="{CARD}"]').is_visible()
        page.click(f'tr[id="{CARD}"] a[href="#card-{CARD}"]')
        assert page.url.endswith(f"#card-{CARD}")


def test_keyboard(report: Report, opened: Open) -> None:
    """The first card is reached within ten stops."""
    with opened(report.page) as page:
        for _ in range(FIRST_STOPS):
            page.keyboard.press("Tab")
            where = page.evaluate("document.activeElement.getAttribute('href') ?? ''")
            if where.startswith("#card-"):
                page.keyboard.press("Enter")
                page.wait_for_timeout(100)
            if page.evaluate("!!document.activeElement.closest('.card')"):
                return
        pytest.fail("no card was reached")


def _copied(page: Page, button: str) -> str:
    page.locator(button).first.click()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_copied_lines_run(report: Report, opened: Open) -> None:
    """The line of a card runs just this again, and the curl lines show the failure again."""
    card = f"#card-{CARD}"
    with opened(report.page, card) as page:
        rerun = _copied(page, f"{card} button:has-text('Copy command')")
        script = _copied(page, f"{card} button:has-text('Copy requests')")
    shell: Any = {"env": report.environment, "cwd": report.folder, "capture_output": True}
    done = subprocess.run(["/bin/bash", "-c", rerun], check=False, text=True, **shell)
    assert done.returncode == 1, done.stderr
    assert f"FAILED {CARD}" in done.stdout
    shown = subprocess.run(["/bin/bash", "-c", script], check=True, text=True, **shell).stdout
    assert '"banner":"https://' in shown.replace('": "', '":"')
    assert report.server.token not in rerun + script


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(report: Report, opened: Open, scheme: str) -> None:
    """The page is accessible as it opens, and with all cards and matrices open."""
    with opened(report.page, color_scheme=scheme) as page:
        assert findings(page) == []
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert findings(page) == []


def test_dark(report: Report, opened: Open) -> None:
    """Who wants it dark gets it dark."""
    with opened(report.page, color_scheme="dark") as page:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 22, 24)"


def test_phone(report: Report, opened: Open) -> None:
    """Nothing is wider than a phone, whatever is open."""
    with opened(report.page, **PHONE) as page:
        assert width(page) <= 390


def test_print(report: Report, opened: Open) -> None:
    """Paper has all cards, whatever is folded or left out on the screen."""
    with opened(report.page, "?q=nothing-has-this") as page:
        assert _visible(page, ".card") == []
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert len(_visible(page, ".card .finding")) >= 5
        assert not page.locator(".find").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".card[open]").count() == 1


def test_without_scripts(report: Report, opened: Open) -> None:
    """Without scripts there is nothing that needs one, and links still open their card."""
    with opened(report.page, f"#card-{CARD}", java_script_enabled=False) as page:
        assert page.locator(f"#card-{CARD}").is_visible()
        assert page.locator("tr[data-verdict]").first.is_visible()
        for selector in (".find", "button.all", ".copy button"):
            assert not page.locator(selector).first.is_visible()


def test_a_fully_red_run(report: Report, opened: Open, tmp_path: Path) -> None:
    """All requirements violated, in 20,000 exchanges, make at most 3 MB; how long rendering, opening and a filter take is printed."""
    log = red_log(report.page.with_name("events.jsonl"), tmp_path)
    text, seconds = red_page(log)
    file = tmp_path / "index.html"
    file.write_text(text, encoding="utf-8")
    assert file.stat().st_size < LARGEST
    with opened(file) as page:
        timing = page.evaluate(
            "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        )
        page.fill("[name=q]", "a")  # reads the texts
        page.evaluate("document.querySelector('[name=q]').value = 'icon'")
        answer = page.evaluate(
            "() => { const began = performance.now(); apply(); document.body.offsetHeight; return performance.now() - began; }"
        )
        assert _visible(page, ".card")
    print(described(log, text, seconds))  # noqa: T201
    print(f"open after {timing:.0f} ms, filtered in {answer:.0f} ms")  # noqa: T201

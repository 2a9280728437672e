"""axe finds nothing, on a phone and a desktop; in the dark the contrast is looked at again."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import missing
from playwright.async_api import Page
from web.conftest import DESKTOP, PHONE, OpenPage

AXE = Path(__file__).parents[2] / "server" / "web" / "node_modules" / "axe-core" / "axe.min.js"
LIGHT = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a scheme of colours can change; no colour depends on the width of the screen.
DARK = ["color-contrast"]
SCREENSHOTS = os.environ.get("PACELINE_SCREENSHOTS")  # `make screenshots`
IDS = re.compile(r"[0-9a-f]{8}[0-9a-f-]{8,}")


async def findings(page: Page) -> list[str]:
    """Return what axe finds, one line each; keep a picture of the page where a folder for them is named."""
    if SCREENSHOTS:
        await keep_picture(page, Path(SCREENSHOTS))
    await page.evaluate(AXE.read_text("utf-8"))
    rules = DARK if await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else LIGHT
    result = await page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


async def keep_picture(page: Page, folder: Path) -> None:
    """Write the whole page as `size-scheme/address.png`."""
    dark, width = await page.evaluate("[matchMedia('(prefers-color-scheme: dark)').matches, innerWidth]")
    size, scheme = "phone" if width < 600 else "desktop", "dark" if dark else "light"
    name = IDS.sub("one", urlsplit(page.url).path.strip("/")).replace("/", "-") or "home"
    await page.screenshot(path=folder / f"{size}-{scheme}" / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("options", "scheme"),
    [(DESKTOP, "light"), (PHONE, "light"), (PHONE, "dark"), *([(DESKTOP, "dark")] if SCREENSHOTS else [])],
)
async def test_axe_finds_nothing(open_page: OpenPage, options: dict[str, Any], scheme: str) -> None:
    if not AXE.exists():
        missing("axe-core is not installed: `make web`")
    page = await open_page(**options, color_scheme=scheme)
    assert await findings(page) == []
    await page.locator(".card a").last.click()
    await page.wait_for_selector("[data-rows]")
    await page.locator(".charts").scroll_into_view_if_needed()
    await page.wait_for_selector("[data-charts]")
    assert await findings(page) == []
    await page.goto("/")
    await page.locator("a[href^='/devices/']").click()
    await page.wait_for_selector("[data-part='events']")
    assert await findings(page) == []
    await page.goto("/more")
    assert await findings(page) == []
    await page.get_by_role("link", name="Statistics").click()
    await page.wait_for_selector("[data-part='totals']")
    assert await findings(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for path, field, value in (("/goals", "target", "20"), ("/gear", "name", "Blue shoes")):
        await page.goto(path)
        await page.locator(f".fields [name='{field}']").fill(value)
        await page.locator(".fields button").click()
        await page.wait_for_selector(".goal-edit")
        assert await findings(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.goto("/api")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # It is long, and one call looks like the other; what is gone is named by the list at its head.
    await page.evaluate("document.querySelectorAll('.call').forEach((call, n) => n < 12 || call.replaceChildren())")
    assert await findings(page) == []
    await page.goto("/nothing")
    assert await findings(page) == []
    await page.context.clear_cookies()
    await page.goto("/login")
    assert await findings(page) == []

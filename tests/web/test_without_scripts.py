"""Everything that matters is in the page itself; scripts only make it move."""

import re

from playwright.async_api import expect
from web.conftest import OpenPage
from web.site import FIRST_DAY


async def test_without_scripts_figures_route_charts_splits_and_receipt_are_there(open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    card = page.locator(".card", has_text=FIRST_DAY)
    await expect(card.locator("time")).to_have_text("Sun 12 May 2024, 06:14 UTC")
    await card.get_by_role("link").click()
    await expect(page.locator("[data-figure=distance]")).to_have_text(re.compile(r"^\d+\.\d\d$"))
    await expect(page.get_by_role("img", name="The route on a grid")).to_be_visible()
    await page.get_by_role("link", name="Heart rate").click()
    await expect(page.locator(".legend:visible")).to_have_text(re.compile(r"\d+ bpm"))
    assert await page.locator(".route-picture .line").count() > 3
    await page.locator(".chart-table summary").click()
    await expect(page.locator(".chart-table tbody tr").first).to_be_visible()
    await expect(page.locator(".spark")).to_have_count(3)
    rows = page.locator(".splits tbody tr")
    assert await rows.count() >= 10
    await expect(rows.first.get_by_role("cell").first).to_have_text(re.compile(r"^\d:\d\d"))
    await expect(page.locator(".receipt h2")).to_have_text("Whole and untampered")
    await expect(page.locator("[data-readout]")).to_be_hidden()
    await expect(page.locator("[data-axis]")).to_be_hidden()

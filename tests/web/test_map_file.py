"""Pictures of the operator's own file under a route, from our own origin."""

import math
from pathlib import Path

from playwright.async_api import Browser, expect
from server.map_archive import write_archive
from web.conftest import DESKTOP
from web.site import PASSWORD, START_UTC_S, USERNAME, add_finished_run, running_site

ZOOM = 12  # less than that of the map: its tiles are drawn larger


def around(latitude_deg: float, longitude_deg: float) -> list[tuple[int, int, int]]:
    """Return the tiles around a place (https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames)."""
    part = (1 - math.asinh(math.tan(math.radians(latitude_deg))) / math.pi) / 2
    x, y = int((longitude_deg + 180) / 360 * 2**ZOOM), int(part * 2**ZOOM)
    return [(ZOOM, x + east, y + south) for east in (-1, 0, 1) for south in (-1, 0, 1)]


async def test_the_map_lies_on_the_tiles_of_the_file(built: Path, browser: Browser, tmp_path: Path) -> None:
    path = write_archive(tmp_path / "map.pmtiles", around(46.2, 6.15))
    async with running_site(tmp_path / "data", map_file=path) as site:
        await add_finished_run(site, 101, 240, 5, START_UTC_S)
        context = await browser.new_context(base_url=site.address, service_workers="block", **DESKTOP)
        page = await context.new_page()
        asked: list[str] = []
        refused: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        await page.goto("/login")
        await page.fill("[name=username]", USERNAME)
        await page.fill("[name=password]", PASSWORD)
        await page.click("main button[type=submit]")
        await page.locator(".card a").first.click()
        tile = page.locator("img.leaflet-tile-loaded")
        await expect(tile.first).to_be_visible()
        assert await tile.first.evaluate("one => one.naturalWidth") == 1
        await expect(page.locator(".map-credit")).to_have_text("© The map’s makers")
        assert all(url.startswith((site.address, "data:", "blob:")) for url in asked)
        assert any("/tiles/12/" in url for url in asked)
        assert refused == []
        await context.close()

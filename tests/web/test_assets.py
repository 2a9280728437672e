"""The built files: small, named by their content, kept for ever, sent compressed."""

import gzip
import re
from pathlib import Path

import pytest
from aiohttp import ClientSession
from paceline_server.pages.assets import address, manifest
from web.conftest import PHONE, OpenPage
from web.site import FIRST_DAY, Site

CRITICAL_JS_GZIP_BYTES = 20_000  # what stands before one can read and press
CSS_GZIP_BYTES = 12_500
PAGE_BYTES = 120_000  # on a phone, without tiles and rows; charts come when they are on it
HOUR_BYTES = 60_000
FONT_BYTES = 40_000
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\./[^"']+)["']""")  # not import(): that comes later


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def needed(built: Path, name: str) -> set[str]:
    """Return a script and all that must be there before it runs."""
    found = {part.removeprefix("./") for part in IMPORTED.findall((built / name).read_text("utf-8"))}
    return {name}.union(*(needed(built, part) for part in found))


def test_what_the_largest_page_needs_first_stays_within_its_budget(built: Path) -> None:
    scripts = needed(built, manifest()["site.js"]) | needed(built, manifest()["activity.js"])
    assert sum(gzipped(built / name) for name in scripts) <= CRITICAL_JS_GZIP_BYTES
    assert sum(gzipped(built / manifest()[name]) for name in ("site.css", "activity.css")) <= CSS_GZIP_BYTES
    assert (built / manifest()["font.woff2"]).stat().st_size <= FONT_BYTES


async def test_the_largest_page_and_its_rows_stay_within_their_budgets_on_the_wire(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    sizes: dict[str, int] = {}
    path = await page.locator(".card", has_text=FIRST_DAY).locator("a").get_attribute("href")
    wire = await page.context.new_cdp_session(page)
    urls: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await page.goto(str(path))
    await page.wait_for_selector("[data-rows]")
    by_url = {urls[number]: size for number, size in sizes.items() if number in urls}
    rows = {url: size for url, size in by_url.items() if "/streams" in url}
    assert len(rows) == 1 and sum(rows.values()) <= HOUR_BYTES
    assert sum(by_url.values()) - sum(rows.values()) <= PAGE_BYTES, by_url


async def test_a_script_is_sent_compressed_and_kept_for_ever(site: Site) -> None:
    async with ClientSession(site.address, auto_decompress=False) as client:
        for coding in ("br", "gzip"):
            headers = {"Accept-Encoding": coding}
            async with client.get(address("activity.js"), headers=headers) as answer:
                assert answer.status == 200
                assert answer.headers["Content-Encoding"] == coding
                assert "immutable" in answer.headers["Cache-Control"]
                assert answer.content_type in {"text/javascript", "application/javascript"}


async def test_the_manifest_names_icons_that_are_there(site: Site) -> None:
    async with ClientSession(site.address) as client:
        async with client.get("/app.webmanifest") as answer:
            assert answer.content_type == "application/manifest+json"
            icons = (await answer.json(content_type=None))["icons"]
        for icon in icons:
            async with client.get(icon["src"]) as answer:
                body = await answer.read()
                assert (answer.status, answer.content_type) == (200, icon["type"])
            if icon["type"] == "image/png":
                assert f"{int.from_bytes(body[16:20])}x{int.from_bytes(body[20:24])}" == icon["sizes"]


@pytest.mark.parametrize("name", ["manifest.json", "..%2F..%2Fapp.py", "%2e%2e/app.py", "nothing.js", ".ready"])
async def test_nothing_but_the_built_files_is_served(site: Site, name: str) -> None:
    async with ClientSession(site.address) as client, client.get(f"/static/{name}") as answer:
        assert answer.status == 404

"""The built files: small, named by their content, kept for ever, sent compressed."""

import gzip
from pathlib import Path

import pytest
from aiohttp import ClientSession
from paceline_server.pages.assets import address, manifest
from web.site import Site

PAGE_JS_GZIP_BYTES = 80_000
PAGE_CSS_GZIP_BYTES = 10_000
FONT_BYTES = 40_000


@pytest.mark.parametrize(
    ("entries", "most"),
    [(("site.js", "activity.js"), PAGE_JS_GZIP_BYTES), (("site.css", "activity.css"), PAGE_CSS_GZIP_BYTES)],
)
def test_the_largest_page_stays_within_its_budget(built: Path, entries: tuple[str, ...], most: int) -> None:
    assert sum(len(gzip.compress((built / manifest()[entry]).read_bytes(), 9)) for entry in entries) <= most


def test_the_typeface_stays_within_its_budget(built: Path) -> None:
    assert (built / manifest()["font.woff2"]).stat().st_size <= FONT_BYTES


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

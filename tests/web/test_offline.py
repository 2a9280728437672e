"""Without a network: what was seen is there and says so, what was not is told, and nobody sees it who logs in next."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from paceline_server.pages.routes import PAGE_ROUTES
from paceline_server.platform.gate import READ
from playwright.async_api import Browser, BrowserContext, Route, expect
from web.conftest import DESKTOP, log_in
from web.phone import a_phone, opened, wait_until
from web.site import WAIT_S, Site

SOURCE = Path(__file__).parents[2] / "server" / "web" / "src" / "offline" / "kept_pages.ts"

KEPT = "caches.open('pages').then(it => it.keys()).then(all => all.map(one => new URL(one.url).pathname))"


def test_every_page_of_ones_own_is_kept_and_no_other() -> None:
    listed = re.findall(r'"(\w*)"', SOURCE.read_text("utf-8").partition("new Set([")[2].partition("]")[0])
    own = {row.path.split("/")[1] for row in PAGE_ROUTES if row.method == "GET" and row.rule.action is READ.action}
    assert set(listed) == own


@pytest.fixture
async def phone(site: Site, browser: Browser, session_cookies: list[Any]) -> AsyncIterator[BrowserContext]:
    """A phone of somebody who is logged in."""
    async with a_phone(site, browser, session_cookies) as context:
        yield context


async def test_what_was_seen_is_there_and_says_when_it_was_seen(phone: BrowserContext) -> None:
    page = await opened(phone)
    tools = await phone.new_cdp_session(page)
    found = await tools.send("Page.getInstallabilityErrors")
    assert {one["errorId"] for one in found["installabilityErrors"]} <= {"in-incognito"}
    for path in ("/stats", "/health"):
        await page.goto(path)
        await wait_until(page, f"{KEPT}.then(all => all.includes('{path}'))")
    await page.goto("/account")
    assert "/account" not in await page.evaluate(KEPT)

    await phone.set_offline(True)
    await page.goto("/stats")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.locator("[data-offline]")).to_contain_text("Offline. This page is as it was on")
    assert await page.evaluate("document.styleSheets[0].cssRules.length") > 50
    for never in ("/goals", "/account"):
        await page.goto(never)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This page was not seen here before")

    await page.goto("/health")
    await phone.set_offline(False)
    await page.get_by_role("link", name="Load the page anew").click()
    await expect(page.locator("[data-offline]")).to_be_hidden()


async def test_who_logs_out_takes_what_was_kept_along(site: Site, browser: Browser) -> None:
    async with a_phone(site, browser, [], **DESKTOP) as context:
        page = await context.new_page()
        await log_in(page)
        await wait_until(page, "!!navigator.serviceWorker?.controller")
        await page.goto("/stats")
        await wait_until(page, f"{KEPT}.then(all => all.includes('/stats'))")
        late, on_its_way, held = await context.new_page(), asyncio.Event(), asyncio.Event()

        async def hold(route: Route) -> None:
            answer = await route.fetch()
            on_its_way.set()
            await held.wait()
            await route.fulfill(response=answer)

        await context.route("**/health", hold)
        coming = asyncio.ensure_future(late.goto("/health"))
        await asyncio.wait_for(on_its_way.wait(), WAIT_S)
        await page.get_by_role("button", name="Log out").click()
        await page.wait_for_url("**/login")
        held.set()
        assert (await coming) is not None
        await wait_until(page, f"{KEPT}.then(all => all.length === 0)")
        await context.set_offline(True)
        await page.goto("/stats")
        await expect(page.get_by_role("heading", level=1)).to_have_text("This page was not seen here before")

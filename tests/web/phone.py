"""A phone with the app: a secure origin, the service worker, and what a reader let it do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page
from web.conftest import PHONE, TIMEOUT_MS, ZONE
from web.site import WAIT_S, Site

ALLOWED = ["geolocation", "background-sync"]


@asynccontextmanager
async def a_phone(site: Site, browser: Browser, cookies: list[Any], **options: Any) -> AsyncIterator[BrowserContext]:
    """Open a browser's context with these log-ins; no script on its pages may fail."""
    address = site.address.replace("127.0.0.1", "localhost")
    chosen: dict[str, Any] = {"timezone_id": ZONE, "permissions": ALLOWED} | PHONE | options
    context = await browser.new_context(base_url=address, **chosen)
    context.set_default_timeout(TIMEOUT_MS)
    failures: list[str] = []
    context.on("weberror", lambda error: failures.append(str(error.error)))
    named: list[Any] = [{**cookie, "domain": "localhost"} for cookie in cookies]
    await context.add_cookies(named)
    yield context
    await context.close()
    assert failures == [], failures


async def opened(context: BrowserContext) -> Page:
    """Open the first page, until the service worker serves the next."""
    page = await context.new_page()
    await page.goto("/")
    await wait_until(page, "!!navigator.serviceWorker?.controller")
    return page


async def wait_until(page: Page, expression: str) -> None:
    """Wait until an expression is true on the page, whose policy lets nothing poll from within."""
    async with asyncio.timeout(WAIT_S):
        while True:
            with suppress(Error):  # the page is just being left for the next one
                if await page.evaluate(expression):
                    return
            await asyncio.sleep(0.05)

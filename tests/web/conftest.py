"""A site with workouts, a browser, and pages that may talk to loopback only."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import missing
from paceline_server.pages.assets import DIST
from paceline_server.platform.auth import COOKIE as SESSION_COOKIE
from playwright.async_api import Browser, Page, Request, async_playwright, expect
from web.site import PASSWORD, START_UTC_S, USERNAME, Site, add_finished_run, running_site

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FINISHED_S = 3000
TIMEOUT_MS = 60_000
ZONE = "Europe/Zurich"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}

# Of its own accord an expectation waits for five seconds, which on a busy machine a log-in may take.
expect.set_options(timeout=TIMEOUT_MS)

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built scripts and styles."""
    if not (DIST / "manifest.json").exists():
        missing("the pages' scripts are not built: `make web`")
    return DIST


@pytest.fixture(scope="session")
async def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A running server with one finished run."""
    async with running_site(tmp_path_factory.mktemp("site")) as site:
        await add_finished_run(site, 101, FINISHED_S, 5, START_UTC_S)
        yield site


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium of the distribution (CHROMIUM names another)."""
    if not CHROMIUM.exists():
        missing(f"the browser {CHROMIUM} is absent: apt-get install chromium")
    return CHROMIUM


@pytest.fixture(scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One browser for all tests; each opens contexts of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium))
        yield browser
        await browser.close()


async def log_in(page: Page, username: str = USERNAME) -> None:
    """Log in by the form, until home is there."""
    await page.goto("/login")
    await page.fill("[name=username]", username)
    await page.fill("[name=password]", PASSWORD)
    await page.click("main button[type=submit]")
    await page.wait_for_url("**/")


@pytest.fixture(scope="session")
async def session_cookies(site: Site, browser: Browser) -> list[Any]:
    """What a browser keeps after logging in by the form."""
    context = await browser.new_context(base_url=site.address, timezone_id=ZONE)
    context.set_default_timeout(TIMEOUT_MS)
    await log_in(await context.new_page())
    cookies = await context.cookies()
    await context.close()
    return [cookie for cookie in cookies if cookie.get("name") == SESSION_COOKIE]


@pytest.fixture
async def open_page(site: Site, browser: Browser, session_cookies: list[Any]) -> AsyncIterator[OpenPage]:
    """Open the list in fresh contexts, logged in if asked; no request may leave loopback, no script fail."""
    outside: list[str] = []
    failures: list[str] = []
    contexts = []

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            outside.append(request.url)

    async def open_page(*, logged_in: bool = True, **options: Any) -> Page:
        # What is kept for offline has tests of its own; here every page comes from the server.
        chosen: dict[str, Any] = DESKTOP | {"timezone_id": ZONE, "service_workers": "block"} | options
        context = await browser.new_context(base_url=site.address, **chosen)
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        page.on("request", watch)
        page.on("websocket", lambda socket: watch_socket(socket.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        if chosen.get("java_script_enabled", True):
            # Else the first page says where it is, and is loaded once more, perhaps while it is used already.
            await context.add_cookies([{"name": "time_zone", "value": ZONE, "url": site.address}])
        if logged_in:
            await context.add_cookies([*session_cookies])
            await page.goto("/")
        return page

    def watch_socket(url: str) -> None:
        if urlsplit(url).hostname != "127.0.0.1":
            outside.append(url)

    yield open_page
    for context in contexts:
        await context.close()
    assert outside == []
    assert failures == []

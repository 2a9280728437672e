"""A journey through the pages: an account, a first import that reaches a goal, the notification, and out for good."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from web.conftest import PHONE, TIMEOUT_MS
from web.site import PASSWORD, WAIT_S, running_site

METRES_PER_DEGREE = 111_195.0


def run_file(start_s: float, seconds: int) -> str:
    """A run due north at 3 m/s, as GPX."""
    points = "".join(
        f'<trkpt lat="{46 + 3 * t / METRES_PER_DEGREE:.6f}" lon="7"><time>'
        f"{datetime.fromtimestamp(start_s + t, UTC):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for t in range(seconds)
    )
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>'
    return f"{head}{points}</trkseg></trk></gpx>"


async def register(page: Page, username: str) -> None:
    """Make an account by the form, until home says what to begin with."""
    await page.goto("/login")
    await page.get_by_role("link", name="Make an account").click()
    await page.get_by_label("User name").fill(username)
    await page.get_by_label("Password, at least 10 characters").fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_text(f"Hello {username}.")).to_be_visible()


async def test_who_is_new_imports_reaches_a_goal_is_told_and_can_leave(browser: Browser, tmp_path: Path) -> None:
    async with running_site(tmp_path / "data", registration="open") as site:
        context = await browser.new_context(base_url=site.address, service_workers="block", **PHONE)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        await register(page, "noa")
        await page.goto("/goals")
        await page.locator(".fields [name=metric]").select_option("distance")
        await page.locator(".fields [name=period]").select_option("yearly")
        await page.locator(".fields [name=target]").fill("1")
        await page.locator(".fields button").click()
        await page.wait_for_selector(".goal-edit")

        await page.goto("/imports")
        text = run_file(time.time() - 900, 600).encode()
        files = [{"name": "run.gpx", "mimeType": "application/gpx+xml", "buffer": text}]
        await page.set_input_files("input[type=file]", files)  # pyright: ignore[reportArgumentType]
        await page.locator("form:has(input[type=file]) button").last.click()
        notice = page.locator(".notices", has_text="goal")
        async with asyncio.timeout(WAIT_S):
            while True:  # what follows from an import is worked out behind it
                await page.goto("/notifications")
                if await notice.count():
                    break
                await asyncio.sleep(0.25)
        await page.goto("/activities")
        await expect(page.locator(".card")).to_have_count(1)

        await page.goto("/account/leave")
        await page.fill("main [name=password]", PASSWORD)
        await page.get_by_role("button", name="Delete everything").click()
        await page.wait_for_url("**/login")
        await page.fill("[name=username]", "noa")
        await page.fill("[name=password]", PASSWORD)
        await page.click("main button[type=submit]")
        await expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
        await context.close()

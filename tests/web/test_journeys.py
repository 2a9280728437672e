"""A journey through the pages: a goal, a first import that reaches it, the notification, and out again for good."""

import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, expect
from web.conftest import PHONE, TIMEOUT_MS
from web.site import PASSWORD, USERNAME, running_site

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


async def test_a_first_import_reaches_a_goal_and_the_account_can_be_left(browser: Browser, tmp_path: Path) -> None:
    async with running_site(tmp_path / "data") as site:
        context = await browser.new_context(base_url=site.address, service_workers="block", **PHONE)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()

        async def log_in() -> None:
            await page.goto("/login")
            await page.fill("[name=username]", USERNAME)
            await page.fill("[name=password]", PASSWORD)
            await page.click("main button[type=submit]")

        await log_in()
        await page.wait_for_url(f"{site.address}/")
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
        for _ in range(240):  # it comes within a minute on the slowest machine
            await page.goto("/notifications")
            if await notice.count():
                break
            await page.wait_for_timeout(250)
        await expect(notice).to_be_visible()
        await page.goto("/activities")
        await expect(page.locator(".card")).to_have_count(1)

        await page.goto("/account/leave")
        await page.fill("main [name=password]", PASSWORD)
        await page.get_by_role("button", name="Delete everything").click()
        await page.wait_for_url("**/login")
        await log_in()
        await expect(page.get_by_role("alert")).to_be_visible()
        await context.close()

"""One phone, two people: what waits on it is sent as its owner's alone, also by the worker, and no other reads it."""

import asyncio
from typing import Any

from paceline_server.keys import USERS
from paceline_server.platform.auth import COOKIE
from playwright.async_api import Browser, BrowserContext, Page, expect
from web.conftest import log_in
from web.phone import a_phone, wait_until
from web.site import PASSWORD, USERNAME, WAIT_S, Site

MEAL = "**/api/v1/meals"


async def breakfasts(site: Site) -> int:
    async with site.client.get(f"/api/v1/users/{site.owner_id}/meals") as answer:
        return sum(meal["name"] == "Semolina" for meal in (await answer.json())["meals"])


async def enter_breakfast(page: Page) -> None:
    await page.goto("/record")
    await page.get_by_text("A meal").click()
    await page.get_by_label("What").fill("Semolina")
    await page.get_by_label("Kilocalories").fill("380")
    await page.get_by_role("button", name="Enter the meal").click()
    await expect(page.locator("[data-waiting] li")).to_contain_text("Semolina")


async def press_log_out(page: Page) -> None:
    """Press the button of a phone."""
    await page.goto("/more")
    await page.locator("main").get_by_role("button", name="Log out").click(no_wait_after=True)


async def wake_the_worker(phone: BrowserContext, page: Page) -> None:
    """Have the browser do what it does when there is a network again; the page is one of the site."""
    tools = await phone.new_cdp_session(page)
    known: asyncio.Queue[str] = asyncio.Queue()

    def learn(told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            known.put_nowait(one["registrationId"])

    tools.on("ServiceWorker.workerRegistrationUpdated", learn)
    await tools.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(known.get(), WAIT_S)
    woken = {"origin": await page.evaluate("origin"), "tag": "send", "lastChance": False}
    await tools.send("ServiceWorker.dispatchSyncEvent", woken | {"registrationId": registration})


async def test_what_waits_is_its_owners_and_is_sent_without_a_page(site: Site, browser: Browser) -> None:
    await asyncio.to_thread(site.app[USERS].create, "noa", PASSWORD)
    async with a_phone(site, browser, []) as phone:
        page = await phone.new_page()
        await log_in(page)
        await wait_until(page, "!!navigator.serviceWorker?.controller")
        await phone.route(MEAL, lambda route: route.abort())
        await enter_breakfast(page)
        for sure in (False, True):
            async with page.expect_event("dialog") as asked:
                await press_log_out(page)
            dialog = await asked.value
            assert dialog.message.startswith("1 things on this phone are not on the server yet.")
            await (dialog.accept() if sure else dialog.dismiss())
        await page.wait_for_url("**/login")

        await phone.unroute(MEAL)
        async with page.expect_response(MEAL) as tried:
            await log_in(page, "noa")
        assert (await tried.value).status == 403
        await page.goto("/record")
        row = page.locator("[data-waiting] li")
        await expect(row).to_contain_text(USERNAME)
        await expect(row).not_to_contain_text("Semolina")
        await expect(row.get_by_role("button")).to_have_count(0)
        assert await breakfasts(site) == 0
        await press_log_out(page)  # and nobody is asked: it is not hers
        await page.wait_for_url("**/login")

        # Its owner is logged in again, but no page is open that would send it.
        said = {"username": USERNAME, "password": PASSWORD}
        async with site.client.post("/api/v1/auth/login", json=said) as answer:
            token = (await answer.json())["access_token"]
        back: list[Any] = [{"name": COOKIE, "value": token, "url": page.url, "httpOnly": True}]
        await phone.add_cookies(back)
        await page.goto("/offline")
        await wake_the_worker(phone, page)
        async with asyncio.timeout(WAIT_S):
            while True:
                if await breakfasts(site):
                    break
                await asyncio.sleep(0.05)
        await page.goto("/record")
        await expect(page.locator("[data-nothing]")).to_be_visible()
        assert await breakfasts(site) == 1

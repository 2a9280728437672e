"""The recorder: what is recorded and entered without a network is on the server once, when there is one again."""

import asyncio
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, expect
from web.conftest import PHONE, OpenPage
from web.phone import a_phone, opened, wait_until
from web.site import WAIT_S, Site

POINTS = """new Promise(done => { const asked = indexedDB.open('paceline');
 asked.onsuccess = () => { const all = asked.result.transaction('points').objectStore('points').count();
 all.onsuccess = () => { asked.result.close(); done(all.result); }; }; })"""


async def go(tools: CDPSession, page: Page, first: int, last: int) -> None:
    """Walk north, fix by fix, each kept before the next comes."""
    for number in range(first, last):
        held = await page.evaluate(POINTS)
        place = {"latitude": 46 + number * 9e-5, "longitude": 7.0, "accuracy": 5, "altitude": 500 + number, "speed": 3}
        await tools.send("Emulation.setGeolocationOverride", place)
        await wait_until(page, f"{POINTS}.then(count => count > {held})")


async def own(site: Site, path: str) -> dict[str, Any]:
    async with site.client.get(f"/api/v1{path}") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def measured(site: Site, path: str) -> dict[str, Any]:
    """Return the activity when it has its laps: it is finished first, and measured to its end behind that."""
    activity = await own(site, path)
    for _ in range(int(WAIT_S / 0.1)):
        if activity["laps"]:
            break
        await asyncio.sleep(0.1)
        activity = await own(site, path)
    return activity


async def test_what_was_recorded_and_entered_offline_is_there_once(
    site: Site, browser: Browser, session_cookies: list[Any]
) -> None:
    async with a_phone(site, browser, session_cookies) as phone:
        page = await opened(phone)
        await wait_until(page, "caches.match('/record', { ignoreVary: true }).then(it => !!it)")
        await phone.set_offline(True)
        await page.goto("/record")
        tools = await phone.new_cdp_session(page)
        await page.get_by_role("button", name="Start", exact=True).click()
        await go(tools, page, 0, 4)
        await page.get_by_role("button", name="Lap").click()
        await page.reload()
        await expect(page.get_by_text("the recording goes on")).to_be_visible()
        tools = await phone.new_cdp_session(page)
        await go(tools, page, 4, 6)
        await expect(page.locator("[data-figure=distance]")).not_to_have_text("0.00")
        await page.get_by_role("button", name="Pause").click()
        await page.get_by_role("button", name="End").click()
        await page.get_by_label("Title").fill("Up the hill")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.locator("[data-waiting] li")).to_contain_text("Up the hill")

        await page.get_by_text("A meal").click()
        await page.get_by_label("What").fill("Porridge")
        await page.get_by_label("Kilocalories").fill("410")
        await page.get_by_role("button", name="Enter the meal").click()
        await page.locator("summary", has_text="Weight").click()
        await page.get_by_label("Weight (kg)").fill("1.5")
        await page.get_by_role("button", name="Enter the weight").click()
        await expect(page.locator("[data-waiting] li")).to_have_count(3)
        await expect(page.locator("[data-waiting] li").first).to_contain_text("Waits until your server can be reached")

        await phone.set_offline(False)
        await page.reload()
        # What the server refuses stays, and says why; all else is there.
        await expect(page.locator("[data-waiting] li")).to_have_count(1, timeout=WAIT_S * 1000)
        await expect(page.locator("[data-waiting] li")).to_contain_text("The server refused it:")
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.get_by_role("button", name="Remove").click()
        await expect(page.locator("[data-nothing]")).to_be_visible()

    found = (await own(site, f"/users/{site.owner_id}/activities?text=hill"))["activities"]
    assert [(one["title"], one["points_count"]) for one in found] == [("Up the hill", 6)]
    activity = await measured(site, f"/activities/{found[0]['activity_id']}")
    assert (activity["status"], len(activity["laps"])) == ("finished", 2)
    meals = (await own(site, f"/users/{site.owner_id}/meals"))["meals"]
    assert [(meal["name"], meal["energy_kcal"]) for meal in meals] == [("Porridge", 410)]


async def test_the_recorder_says_what_it_needs_and_can_be_used(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    await page.goto("/record")
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page = await open_page(java_script_enabled=False)
    await page.goto("/record")
    await expect(page.get_by_text("Recording in the browser needs scripts")).to_be_visible()
    await expect(page.locator("[data-app]").first).to_be_hidden()

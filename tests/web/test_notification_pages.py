"""Notifications in a real browser: the service worker shows what is pushed."""

import json
from typing import Any

from playwright.async_api import Browser, expect
from server.post_office import until
from web.conftest import TIMEOUT_MS
from web.site import Site

READY = "navigator.serviceWorker.ready"
SHOWN = f"{READY}.then(it => it.getNotifications()).then(all => all.map(one => [one.title, one.tag]))"


async def test_what_is_pushed_twice_is_shown_once(site: Site, browser: Browser, session_cookies: list[Any]) -> None:
    """The worker under the site's policy, given messages by the browser's own tools, as no service is asked."""
    address = site.address.replace("127.0.0.1", "localhost")
    context = await browser.new_context(base_url=address, permissions=["notifications"])
    context.set_default_timeout(TIMEOUT_MS)
    named: list[Any] = [{**cookie, "domain": "localhost"} for cookie in session_cookies]
    await context.add_cookies(named)
    page = await context.new_page()
    await page.goto("/notifications/settings")
    await expect(page.get_by_role("button", name="Tell this browser")).to_be_visible()
    await page.evaluate(f"navigator.serviceWorker.register('/worker.js').then(() => {READY}).then()")
    tools, found = await context.new_cdp_session(page), list[str]()
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    await tools.send("ServiceWorker.enable")
    await until(lambda: bool(found))
    message = json.dumps({"id": "n1", "title": "Blue is worn out", "text": "Its limit is reached.", "link": "/gear"})
    for _ in range(2):
        said = {"origin": address, "registrationId": found[0], "data": message}
        await tools.send("ServiceWorker.deliverPushMessage", said)
    await page.wait_for_function(f"{SHOWN}.then(all => all.length > 0)")
    assert await page.evaluate(SHOWN) == [["Blue is worn out", "n1"]]
    await context.close()

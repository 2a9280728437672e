"""A workout that is under way grows on the page, survives a lost connection, and ends as a whole one."""

import asyncio
import re
from datetime import UTC, datetime
from itertools import count

from playwright.async_api import Page, WebSocketRoute, expect
from web.conftest import OpenPage
from web.pixels import coloured_pixels
from web.site import DEVICE_KEY, START_UTC_S, Site, length_m
from web.workout import Journal, run

DAYS = count(1)  # a test that is tried once more does another workout


async def distance_km(page: Page) -> float:
    return float(await page.locator("[data-figure=distance]").inner_text())


async def wait_for_rows(page: Page, rows: int) -> None:
    await page.wait_for_selector(f"[data-rows='{rows}']")


async def test_a_live_run_grows_on_the_page_until_it_is_whole(open_page: OpenPage, site: Site) -> None:
    route = list(run(9, 900))
    day = next(DAYS)
    start_utc_s, epoch = START_UTC_S + 86_400 * day, 200 + day
    journal = Journal(DEVICE_KEY, epoch)
    journal.start(1, start_utc_s, 0)
    journal.samples(route[:300])
    held = journal.data
    await site.upload(epoch, 0, held)
    activity = await site.wait_for(start_utc_s, "live", 300)

    page = await open_page()
    card = page.locator(".card", has_text=f"{datetime.fromtimestamp(start_utc_s, UTC):%a %-d %b %Y}")
    await expect(card.locator(".live-badge")).to_have_count(1)
    await page.goto(f"/activities/{activity['activity_id']}")
    await wait_for_rows(page, 300)
    await expect(page.locator("[data-status]")).to_have_text("Live")
    await expect(page.locator(".receipt h2")).to_have_text("Recording…")
    await expect(page.locator(".pin-here")).to_have_count(1)
    before_km, before_pixels = await distance_km(page), await coloured_pixels(page, "[data-map]", "--route")

    journal.samples(route[300:600])
    await site.upload(epoch, len(held), journal.data[len(held) :])
    held = journal.data
    await wait_for_rows(page, 600)
    assert await distance_km(page) > before_km + 0.5
    assert await coloured_pixels(page, "[data-map]", "--route") != before_pixels
    await expect(page.locator("[data-age]")).not_to_be_empty()

    journal.samples(route[600:])
    journal.finish(1, route, length_m(route))
    await site.upload(epoch, len(held), journal.data[len(held) :])
    await expect(page.locator(".receipt h2")).to_have_text("Whole and untampered")
    await wait_for_rows(page, 900)
    await expect(page.locator(".pin-finish")).to_have_count(1)
    await expect(page.locator("[data-status]")).to_have_count(0)
    await expect(page.locator("[data-figure=received]")).to_have_text("900")


async def test_rows_that_came_while_the_connection_was_lost_are_caught_up(open_page: OpenPage, site: Site) -> None:
    route = list(run(11, 400))
    day = next(DAYS)
    start_utc_s, epoch = START_UTC_S + 86_400 * day, 200 + day
    journal = Journal(DEVICE_KEY, epoch)
    journal.start(1, start_utc_s, 0)
    journal.samples(route[:200])
    held = journal.data
    await site.upload(epoch, 0, held)
    activity = await site.wait_for(start_utc_s, "live", 200)

    page = await open_page()
    heard = asyncio.Event()
    heard.set()

    def between(socket: WebSocketRoute) -> None:
        """Let through what the server says while it can be heard; nothing closes."""
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(message) if heard.is_set() else None)

    await page.route_web_socket(re.compile("/live"), between)
    await page.clock.install()
    await page.goto(f"/activities/{activity['activity_id']}")
    await wait_for_rows(page, 200)
    # The phone leaves the network: the page sees only that no beat comes.
    heard.clear()
    await page.clock.fast_forward(30_000)
    await expect(page.locator("[data-status]")).to_have_text("Connecting again…")
    journal.samples(route[200:])
    await site.upload(epoch, len(held), journal.data[len(held) :])
    await site.wait_for(start_utc_s, "live", 400)
    heard.set()
    await page.clock.fast_forward(30_000)
    await wait_for_rows(page, 400)
    await expect(page.locator("[data-status]")).to_have_text("Live")
    await expect(page.locator("[data-figure=distance]")).to_have_text(re.compile(r"^1\.\d\d$"))

"""A new person's first workout: an account, a gateway let in by its code, a wearable claimed, live, then whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from paceline_tools.line.bring_up import GATEWAY_ADDRESS
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import pack_track, to_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable
from playwright.async_api import Browser, Page, expect
from system.test_login import done, read_until, start
from system.whole_line import BOOT_UTC_S, CAREFUL_SPEED, LEAD_S
from web.conftest import PHONE, TIMEOUT_MS, browser, built, chromium
from web.site import running_site
from web.test_journeys import register

__all__ = ["browser", "built", "chromium"]

DEVICE_ID, DEVICE_KEY = "00112233445566aa", bytes(range(32))
REACH_S = 180.0


def new_gateway(folder: Path) -> tuple[Path, Path]:
    """Write the settings of a gateway that knows nobody yet, and a wearable's key; return both files."""
    settings, key = folder / "gateway.toml", folder / "wearable.key"
    settings.write_text(f'spool = "{folder / "spool"}"\n')
    key.write_text(DEVICE_KEY.hex())
    key.chmod(0o600)
    (folder / "wearable").mkdir()
    return settings, key


async def claim(page: Page, url: str, settings: Path, key: Path) -> None:
    """Let a gateway in by the code that it shows, and have it add the wearable; then the page knows it."""
    program = ("paceline_gateway", "--config", settings)
    coming = await start(*program, "login", "--name", "hub", url)
    code = (await read_until(coming, r"\n    ([A-Z]{4}-[A-Z]{4})\n"))[1]
    await page.goto("/devices")
    await page.get_by_label("Code that the gateway shows").fill(code)
    await page.get_by_role("button", name="Look").click()
    await page.get_by_role("button", name="Let it in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Connected")
    status, said = await done(coming)
    assert status == 0, said
    status, said = await done(await start(*program, "add", DEVICE_ID, key, "--name", "Wrist"))
    assert status == 0, said
    await page.goto("/devices")
    await expect(page.locator(".keys a").first).to_be_visible()


@asynccontextmanager
async def worn(folder: Path, settings: Path) -> AsyncIterator[VirtualWearable]:
    """Switch the wearable on, with the gateway's own program in range."""
    link = RadioLink()
    hub = Hub(link)
    hci = await hub.serve_unix(folder / "radio")
    identity = Identity(bytes.fromhex(DEVICE_ID), DEVICE_KEY)
    wearable = VirtualWearable(link, folder / "wearable", identity, BoardSettings(utc_s=BOOT_UTC_S))
    follow = ("--hci", hci, "--address", GATEWAY_ADDRESS, "--", "--config", str(settings), "run")
    gateway = await start("paceline_tools.radio.virtual_gateway", *follow)
    try:
        await wearable.switch_on()
        yield wearable
    finally:
        await wearable.switch_off()
        gateway.terminate()
        await done(gateway)
        await hub.close()


async def begin_workout(wearable: VirtualWearable) -> None:
    """Go onto a track, and press start."""
    wearable.set_speed(CAREFUL_SPEED)
    start_utc_s = int(wearable.world.utc_s()) + LEAD_S
    path = wearable.state / "run.track"
    path.write_bytes(pack_track(to_track(sample_recording(minutes=20))))
    wearable.load_track(TrackInput(path, start_utc_s))
    await wearable.wait_until(lambda: wearable.world.utc_s() >= start_utc_s - 3, REACH_S)
    await wearable.press("start")


@pytest.mark.usefixtures("built")
async def test_a_wearable_is_claimed_its_workout_seen_live_and_then_whole(tmp_path: Path, browser: Browser) -> None:
    settings, key = new_gateway(tmp_path)
    async with running_site(tmp_path / "data", registration="open") as site:
        context = await browser.new_context(base_url=site.address, service_workers="block", **PHONE)
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        await register(page, "noa")
        await claim(page, site.address, settings, key)
        async with worn(tmp_path, settings) as wearable:
            await begin_workout(wearable)
            live = page.locator(".card:has(.live-badge) a")
            async with asyncio.timeout(REACH_S):
                while True:
                    await page.goto("/activities")
                    if await live.count():
                        break
            await live.first.click()
            await page.wait_for_selector("[data-rows]")
            await expect(page.locator("[data-status]")).to_have_text("Live")
            rows = await page.locator("[data-rows]").get_attribute("data-rows")
            await expect(page.locator("[data-rows]")).not_to_have_attribute("data-rows", str(rows))
            await wearable.end_workout()
            await expect(page.locator(".receipt h2")).to_have_text("Whole and untampered", timeout=2 * TIMEOUT_MS)
            await expect(page.locator("[data-status]")).to_have_count(0)
        await context.close()

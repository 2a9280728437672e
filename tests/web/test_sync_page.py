"""A browser as a wearable's gateway: the real protocol of the wearable's side behind Chromium's emulated Bluetooth."""

import asyncio
import base64
import os
from collections import deque
from contextlib import suppress
from typing import Any

import pytest
from gateway.stand_in import Wearable
from paceline_protocol.gatt import CONTROL_UUID, DATA_UUID, SERVICE_UUID
from playwright.async_api import Browser, CDPSession, Error, Page, async_playwright, expect
from web.conftest import PHONE, OpenPage
from web.phone import a_phone, opened
from web.site import DEVICE_ID, DEVICE_KEY, START_UTC_S, WAIT_S, Site, length_m
from web.workout import Journal, run

CONFIGURATION = "00002902-0000-1000-8000-00805f9b34fb"  # of notifications
ADDRESS = "09:09:09:09:09:09"
# Chromium's emulation answers reads and tells of no value by itself: the page's characteristic is kept, and read.
KEEP = """const of = window.BluetoothRemoteGATTCharacteristic?.prototype, real = of?.startNotifications;
if (of) of.startNotifications = function () { window.held = this; return real.call(this); };"""
# What the page says from now on: some of it for a second only.
LISTEN = """() => {
  const place = document.querySelector("[data-said]");
  window.heard = [];
  new MutationObserver(() => heard.push(place.textContent)).observe(place, { childList: true, characterData: true });
}"""
LOST = "The connection is gone; it is made again."


class Air:
    """What lies between the page and a wearable: the emulation's events, answered as the wearable does."""

    def __init__(self, tools: CDPSession, page: Page, wearable: Wearable) -> None:
        self._tools, self._page, self.wearable = tools, page, wearable
        self._frames: deque[bytes] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        tools.on("BluetoothEmulation.gattOperationReceived", lambda told: self._later(self._gatt(told)))
        tools.on("BluetoothEmulation.characteristicOperationReceived", lambda told: self._later(self._value(told)))

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _gatt(self, told: dict[str, Any]) -> None:
        if told["type"] == "connection":
            self._frames.clear()
            self.wearable.connected()
        elif told["type"] == "discovery":
            service = await self._tools.send(
                "BluetoothEmulation.addService", {"address": ADDRESS, "serviceUuid": SERVICE_UUID}
            )
            for uuid, allowed in ((CONTROL_UUID, {"write": True}), (DATA_UUID, {"read": True, "notify": True})):
                said = {"serviceId": service["serviceId"], "characteristicUuid": uuid, "properties": allowed}
                made = await self._tools.send("BluetoothEmulation.addCharacteristic", said)
                if "notify" in allowed:
                    configuration = {"characteristicId": made["characteristicId"], "descriptorUuid": CONFIGURATION}
                    await self._tools.send("BluetoothEmulation.addDescriptor", configuration)
        await self._tools.send(
            "BluetoothEmulation.simulateGATTOperationResponse", {"address": ADDRESS, "type": told["type"], "code": 0}
        )

    async def _value(self, told: dict[str, Any]) -> None:
        answer = {"characteristicId": told["characteristicId"], "type": told["type"], "code": 0}
        if told["type"] == "read":
            answer["data"] = base64.b64encode(self._frames.popleft()).decode()
        elif told["type"] == "write":
            self._frames.extend(self.wearable.receive(base64.b64decode(told["data"])))
        await self._tools.send("BluetoothEmulation.simulateCharacteristicOperationResponse", answer)

    async def notify(self) -> None:
        """Have the page told what the wearable says, for ever."""
        while True:
            self._frames.extend(self.wearable.stream(1) if not self._frames else [])
            if self._frames:
                with suppress(Error):  # the link is lost: the next one has a characteristic of its own
                    await self._page.evaluate("held.readValue().then(() => null)")
            else:
                await asyncio.sleep(0.02)

    async def lose(self) -> None:
        """Lose the link, as who walks away with the wearable does."""
        await self._tools.send("BluetoothEmulation.simulateGATTDisconnection", {"address": ADDRESS})

    async def acknowledged(self, end: int) -> None:
        """Wait until the wearable knows that the server has all of it."""
        async with asyncio.timeout(WAIT_S):
            while True:
                if any(ack.confirmed == end for ack in self.wearable.acks):
                    return
                await asyncio.sleep(0.05)


@pytest.fixture
async def bluetooth(chromium: Any) -> Any:
    """A browser with Web Bluetooth, and the tools of its emulation."""
    async with async_playwright() as playwright:
        options = ["--enable-features=WebBluetooth"]
        browser = await playwright.chromium.launch(executable_path=os.fspath(chromium), args=options)
        yield browser
        await browser.close()


async def test_a_journal_goes_through_the_phone_byte_for_byte_also_when_the_link_is_lost(
    site: Site, bluetooth: Browser, session_cookies: list[Any]
) -> None:
    route = list(run(21, 300))
    journal = Journal(DEVICE_KEY, 321)
    journal.start(1, START_UTC_S + 5 * 86_400, 0)
    journal.samples(route[:200])
    half = len(journal.data)
    wearable = Wearable(bytes(journal.data), DEVICE_KEY, bytes.fromhex(DEVICE_ID))
    wearable.epoch = 321
    wanted = f"/api/v1/devices/{DEVICE_ID}/settings"
    async with site.client.put(wanted, json={"users": [{"slot": 0, "weight_hg": 615}]}) as answer:
        assert answer.status == 200, await answer.text()
    tools = await bluetooth.new_browser_cdp_session()
    await tools.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
    await tools.send(
        "BluetoothEmulation.simulatePreconnectedPeripheral",
        {"address": ADDRESS, "name": "Paceline", "manufacturerData": [], "knownServiceUuids": [SERVICE_UUID]},
    )
    async with a_phone(site, bluetooth, session_cookies) as phone:
        await phone.add_init_script(KEEP)
        page = await opened(phone)
        await page.goto("/sync")
        choosing = await phone.new_cdp_session(page)
        await choosing.send("DeviceAccess.enable")
        asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        choosing.on("DeviceAccess.deviceRequestPrompted", asked.put_nowait)
        air = Air(tools, page, wearable)
        await page.get_by_role("button", name="Choose the wearable").click()
        while not (told := await asyncio.wait_for(asked.get(), WAIT_S))["devices"]:
            pass  # the first list may be empty, and once chosen it is gone
        await choosing.send("DeviceAccess.selectPrompt", {"id": told["id"], "deviceId": told["devices"][0]["id"]})
        talking = asyncio.create_task(air.notify())
        await expect(page.get_by_text("All that it recorded is on this phone")).to_be_visible(timeout=2 * WAIT_S * 1000)
        await air.acknowledged(half)
        await page.evaluate(LISTEN)
        await air.lose()
        journal.samples(route[200:])
        journal.finish(1, route, length_m(route))
        wearable.journal[:] = journal.data
        activity = await site.wait_for(START_UTC_S + 5 * 86_400, "finished", 300)
        await air.acknowledged(len(journal.data))
        await expect(page.get_by_text("All that it recorded is on this phone")).to_be_visible()
        assert LOST in await page.evaluate("heard")
        told = await heard_with_settings(site, wearable)
        talking.cancel()
        await page.get_by_role("button", name="Stop").click()
        await expect(page.get_by_text("The connection was ended.")).to_be_visible()
    assert activity["whole"]
    assert told["settings_version"] == wearable.blobs[1][0] and told["battery_percent"] == 80
    assert all(ack.confirmed <= ack.position for ack in wearable.acks)


async def heard_with_settings(site: Site, wearable: Wearable) -> dict[str, Any]:
    """Wait until the server knows that the settings it wants are on the wearable; return what it was told."""
    async with asyncio.timeout(WAIT_S):
        while True:
            async with site.client.get(f"/api/v1/devices/{DEVICE_ID}/status") as answer:
                told = (await answer.json())["status"]
            if told is not None and told["settings_version"] == wearable.blobs.get(1, (-1,))[0]:
                return told
            await asyncio.sleep(0.05)


async def test_the_page_says_what_it_needs(open_page: OpenPage) -> None:
    page = await open_page(**PHONE)
    await page.goto("/sync")
    await expect(page.get_by_text("Syncing in the browser needs scripts")).to_be_visible()  # and Web Bluetooth

"""The staged firmware on MicroPython, through its Bluetooth stack: what phones and gateways meet on the air."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from paceline_protocol import gatt, messages
from paceline_protocol.alias import recognise
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

NAME = "Paceline-0708"
HEART_RATE_MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    settings = BoardSettings(utc_s=1_750_000_000, speed=20, journal_bytes=16 * 4096)
    worn = VirtualWearable(link, tmp_path / "state", Identity(DEVICE_ID, DEVICE_KEY), settings)
    await worn.switch_on()
    yield worn
    await worn.switch_off()


@pytest.fixture
async def adapter(link: RadioLink, wearable: VirtualWearable) -> AsyncIterator[None]:
    assert wearable.on
    uninstall = await _plug_adapter(link, 1)
    yield
    uninstall()


async def _plug_adapter(link: RadioLink, number: int) -> Callable[[], None]:
    device, _controller = make_device(link, f"central {number}", f"C0:C1:C2:C3:C4:{number:02X}")
    await device.power_on()
    return install(device)


async def _found(on_end: Callable[[BleakClient], None] | None = None) -> BleakClient:
    device = await BleakScanner.find_device_by_name(NAME, timeout=10)
    assert device is not None
    return BleakClient(device, disconnected_callback=on_end)


@pytest.mark.usefixtures("adapter")
async def test_any_phone_can_use_it_as_a_heart_rate_sensor() -> None:
    async with await _found() as phone:
        assert await phone.read_gatt_char(FIRMWARE_REVISION) == b"0.1.0"
        seen: asyncio.Queue[bytes] = asyncio.Queue()

        def take(_: BleakGATTCharacteristic, value: bytearray) -> None:
            seen.put_nowait(bytes(value))

        await phone.start_notify(HEART_RATE_MEASUREMENT, take)
        measurement = await asyncio.wait_for(seen.get(), 10)
        assert len(measurement) == 2 and measurement[0] & 0x04
        assert await phone.read_gatt_char(BATTERY_LEVEL) == bytes((90,))


@pytest.mark.usefixtures("adapter")
async def test_it_tells_a_gateway_who_it_is_and_is_silent_until_hello() -> None:
    async with await _found() as client:
        info = gatt.parse_info(await client.read_gatt_char(gatt.INFO_UUID))
        assert info.version == messages.LINK_VERSION and recognise(info.alias, {DEVICE_ID: DEVICE_KEY})
        gateway = AirGateway(client)
        await gateway.subscribe()
        await asyncio.sleep(0.5)
        assert gateway.frames.empty()


@pytest.mark.usefixtures("adapter")
async def test_two_gateways_read_the_same_journal_at_once(link: RadioLink, wearable: VirtualWearable) -> None:
    async with await _found() as first:
        uninstall = await _plug_adapter(link, 2)
        async with await _found() as second:
            gateways = [AirGateway(first), AirGateway(second)]
            for gateway in gateways:
                await gateway.connect()
            await gateways[0].ask(messages.COMMAND, action=messages.START, sport=1, user=0)
            kind, fields = await gateways[0].next()
            assert (kind, fields.session) == (messages.COMMAND_OK, 1)
            for gateway in gateways:
                await gateway.ask(messages.READ, epoch=gateway.status.epoch, position=0, credits=60_000)
            # Chunks of samples come every 25 s of the wearable's time.
            length = gateways[0].status.end + 20
            journals = [await gateway.read_until(lambda data: len(data) > length) for gateway in gateways]
        uninstall()
    shorter = min(len(journal) for journal in journals)
    assert journals[0][:shorter] == journals[1][:shorter] == wearable.flash_path.read_bytes()[:shorter]


@pytest.mark.usefixtures("adapter")
async def test_who_greets_and_cannot_prove_himself_is_disconnected() -> None:
    gone = asyncio.Event()
    async with await _found(lambda _: gone.set()) as client:
        stranger = AirGateway(client)
        await stranger.subscribe()
        await stranger.hello()
        await asyncio.wait_for(gone.wait(), 20)
        assert not client.is_connected


@pytest.mark.usefixtures("adapter")
async def test_a_cut_connection_leaves_nothing_behind() -> None:
    for _ in range(5):
        client = await _found()
        await client.connect()
        gateway = AirGateway(client)
        await gateway.connect()
        await gateway.ask(messages.READ, epoch=gateway.status.epoch, position=0, credits=100)
        kind, _fields = await gateway.next()
        assert kind == messages.DATA
        await client.disconnect()

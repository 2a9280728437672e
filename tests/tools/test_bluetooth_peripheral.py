"""bleak, unchanged, against MicroPython's `bluetooth` on the virtual board, over the paced radio."""

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.wearable import VirtualWearable
from tools.on_board import board_with, small_board
from tools.radio_peer import NOTIFY, SERVICE, WRITE
from tools.radio_peer import READ as SMALL

FIRMWARE = (Path(__file__).parent / "ble_firmware.py").read_text()


@pytest.fixture
async def link() -> AsyncIterator[RadioLink]:
    link = RadioLink(Pacing())
    device, _controller = make_device(link, "central", "C0:C1:C2:C3:C4:C5")
    await device.power_on()
    uninstall = install(device)
    yield link
    uninstall()
    link.cut_all()


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    async with board_with(tmp_path / "state", FIRMWARE, small_board(), link) as wearable:
        await wearable.wait_for_line("UP", 10)
        yield wearable


async def find() -> BLEDevice:
    device = await BleakScanner.find_device_by_name("peer", timeout=10)
    assert device is not None
    return device


async def test_the_board_is_found_by_name_service_and_address(wearable: VirtualWearable) -> None:
    seen = await BleakScanner.discover(timeout=0.3, return_adv=True, service_uuids=[SERVICE])
    ((device, advertisement),) = seen.values()
    assert (device.name, device.address) == ("peer", wearable.identity.radio_address)
    assert advertisement.service_uuids == [SERVICE]
    mac = wearable.identity.radio_address.replace(":", "").lower()
    assert f"mac {mac} 247 b'peer'" in wearable.lines


async def test_values_travel_both_ways_within_the_mtu(wearable: VirtualWearable) -> None:
    async with BleakClient(await find()) as client:
        assert client.mtu_size == 247
        assert await client.read_gatt_char(NOTIFY) == b"to be read"
        await client.write_gatt_char(WRITE, b"asked", response=True)
        await client.write_gatt_char(WRITE, b"told", response=False)
        await wearable.wait_for_line("WRITE 4 b'told'", 10)
        assert list(wearable.lines)[-2:] == ["WRITE 5 b'asked'", "WRITE 4 b'told'"]


async def test_an_attribute_takes_20_bytes_unless_room_was_made(wearable: VirtualWearable) -> None:
    async with BleakClient(await find()) as client:
        await client.write_gatt_char(SMALL, bytes(range(50)), response=True)
        await wearable.wait_for_line(f"SMALL {bytes(range(20))!r}", 10)
        assert await client.read_gatt_char(SMALL) == bytes(range(20))
        await client.write_gatt_char(WRITE, bytes(240), response=True)
        await wearable.wait_for_line("WRITE 200", 10)


async def test_memory_of_an_interrupt_is_gone_after_it(wearable: VirtualWearable) -> None:
    async with BleakClient(await find()) as client:
        await client.write_gatt_char(WRITE, b"kept", response=True)
        assert await wearable.wait_for_line("KEPT", 10) == "KEPT False"


async def test_100_kb_of_notifications_are_exact_and_the_full_radio_refuses_some(wearable: VirtualWearable) -> None:
    total = 100_000
    got = bytearray()
    complete = asyncio.Event()

    def on_value(_sender: object, value: bytearray) -> None:
        got.extend(value)
        if len(got) >= total:
            complete.set()

    async with BleakClient(await find()) as client:
        await client.start_notify(NOTIFY, on_value)
        await client.write_gatt_char(WRITE, b"send" + struct.pack("<I", total), response=True)
        await asyncio.wait_for(complete.wait(), 60)
    assert bytes(got) == bytes((31 * i + (i >> 8)) & 255 for i in range(total))
    line = await wearable.wait_for_line("SENT", 10)
    assert line.startswith(f"SENT {total} refused ") and int(line.split()[-1]) > 10


async def test_a_link_cut_in_mid_transfer_is_seen_at_both_ends(link: RadioLink, wearable: VirtualWearable) -> None:
    gone = asyncio.Event()
    client = BleakClient(await find(), lambda _client: gone.set())
    await client.connect()
    await client.start_notify(NOTIFY, lambda _sender, _value: None)
    link.faults.cut_after(40)
    await client.write_gatt_char(WRITE, b"send" + struct.pack("<I", 100_000), response=True)
    await asyncio.wait_for(gone.wait(), 20)
    await wearable.wait_for_line("DISCONNECT", 10)
    await wearable.wait_for_line("LOST 128", 10)
    async with BleakClient(await find()) as again:
        assert await again.read_gatt_char(NOTIFY) == b"to be read"


async def test_the_firmware_can_end_a_connection(wearable: VirtualWearable) -> None:
    gone = asyncio.Event()
    client = BleakClient(await find(), lambda _client: gone.set())
    await client.connect()
    await client.write_gatt_char(WRITE, b"bye", response=False)
    await asyncio.wait_for(gone.wait(), 10)
    await wearable.wait_for_line("DISCONNECT", 10)


async def test_a_killed_board_is_gone_from_the_air_and_comes_back(wearable: VirtualWearable) -> None:
    gone = asyncio.Event()
    client = BleakClient(await find(), lambda _client: gone.set())
    await client.connect()
    wearable.kill()
    await asyncio.wait_for(gone.wait(), 10)
    with pytest.raises(BleakError):
        await client.read_gatt_char(NOTIFY)
    await wearable.wait_until(lambda: wearable.boots == 2, 10)
    assert wearable.endings == [Ending.KILLED]
    async with BleakClient(await find()) as again:
        assert await again.read_gatt_char(NOTIFY) == b"to be read"

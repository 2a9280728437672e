"""bleak over the virtual radio against a Bumble peripheral: the laws of a real link hold."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.faults import Faults
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED, Pacing
from tools.radio_peer import ADDRESS, NOTIFY, READ, SERVICE, WRITE, Peer

pytestmark = pytest.mark.usefixtures("adapter")


@pytest.fixture
def link() -> RadioLink:
    return RadioLink(UNPACED)


@pytest.fixture
async def adapter(link: RadioLink) -> AsyncIterator[None]:
    device, _controller = make_device(link, "central", "C0:C1:C2:C3:C4:C5")
    await device.power_on()
    uninstall = install(device)
    yield
    uninstall()
    link.cut_all()


@pytest.fixture
async def peer(link: RadioLink) -> Peer:
    peer = Peer(link)
    await peer.start()
    return peer


async def find() -> BLEDevice:
    device = await BleakScanner.find_device_by_name("peer", timeout=5)
    assert device is not None
    return device


async def test_a_name_in_the_scan_response_and_the_service_are_found(peer: Peer) -> None:
    seen = await BleakScanner.discover(timeout=0.3, return_adv=True, service_uuids=[SERVICE])
    device, advertisement = seen[ADDRESS]
    assert (device.name, advertisement.service_uuids) == ("peer", [SERVICE])


async def test_read_write_and_mtu_work_as_on_bluez(peer: Peer) -> None:
    async with BleakClient(await find()) as client:
        assert client.mtu_size == 247
        assert await client.read_gatt_char(READ) == b"to be read"
        await client.write_gatt_char(WRITE, b"asked", response=True)
        await client.write_gatt_char(WRITE, b"told", response=False)
        await client.write_gatt_char(WRITE, b"asked again", response=True)
        assert peer.written == [b"asked", b"told", b"asked again"]
        with pytest.raises(BleakError, match="MTU"):
            await client.write_gatt_char(WRITE, bytes(245), response=False)


async def receive(client: BleakClient, peer: Peer, values: list[bytes]) -> list[bytes]:
    got: list[bytes] = []
    complete = asyncio.Event()

    def on_value(_sender: object, value: bytearray) -> None:
        got.append(bytes(value))
        if len(got) == len(values):
            complete.set()

    await client.start_notify(NOTIFY, on_value)
    for value in values:
        await peer.notify(value)
    await asyncio.wait_for(complete.wait(), 20)
    return got


async def test_notifications_arrive_whole_and_in_order(peer: Peer) -> None:
    values = [bytes([number % 256]) * (1 + number % 240) for number in range(500)]
    async with BleakClient(await find()) as client:
        assert await receive(client, peer, values) == values


async def test_pacing_bounds_the_rate_from_above(link: RadioLink, peer: Peer) -> None:
    link.pacing = Pacing(interval_s=0.005, packets_per_event=2)
    async with BleakClient(await find()) as client:
        begun = time.monotonic()
        await receive(client, peer, [bytes(240)] * 40)
        # 40 packets need at least 20 connection events, however fast the machine is.
        assert time.monotonic() - begun >= 19 * 0.005


async def test_a_cut_link_is_seen_at_both_ends_and_can_be_made_again(link: RadioLink, peer: Peer) -> None:
    gone = asyncio.Event()
    client = BleakClient(await find(), lambda _client: gone.set())
    await client.connect()
    link.faults.cut_after(0)
    with pytest.raises(BleakError):
        await client.read_gatt_char(READ)
    await asyncio.wait_for(gone.wait(), 5)
    assert not client.is_connected
    await asyncio.sleep(0)
    assert not peer.device.connections
    async with BleakClient(await find()) as again:
        assert await again.read_gatt_char(READ) == b"to be read"


async def test_the_same_seed_cuts_at_the_same_frame() -> None:
    def cuts(seed: int) -> list[bool]:
        faults = Faults(seed, cut_probability=0.1)
        return [faults.cuts_link() for _ in range(100)]

    assert cuts(3) == cuts(3) != cuts(4)


async def test_lost_advertisements_hide_a_device(link: RadioLink, peer: Peer) -> None:
    link.faults = Faults(seed=1, advertisement_loss=1.0)
    assert await BleakScanner.find_device_by_name("peer", timeout=0.2) is None


async def test_connecting_to_a_silent_device_ends_in_time_and_frees_the_adapter(link: RadioLink, peer: Peer) -> None:
    device = await find()
    await peer.device.stop_advertising()
    with pytest.raises(TimeoutError):
        await BleakClient(device, timeout=0.2).connect()
    await peer.start()
    async with BleakClient(device) as client:
        assert client.is_connected


async def test_a_device_without_power_leaves_its_peers(link: RadioLink, peer: Peer) -> None:
    gone = asyncio.Event()
    async with BleakClient(await find(), lambda _client: gone.set()):
        link.leave(peer.controller)
        await asyncio.wait_for(gone.wait(), 5)
    assert await BleakScanner.find_device_by_name("peer", timeout=0.2) is None

"""Raw frames from somebody who speaks the link badly, against the real firmware: one error each, nothing changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from bleak import BleakClient, BleakScanner
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from paceline_protocol import gatt, messages
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

LIMIT_S = 90
Connected = tuple[BleakClient, asyncio.Event]


@pytest.fixture(scope="module")
async def wearable(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VirtualWearable]:
    """A wearable that is on, and an adapter in this process."""
    link = RadioLink()
    identity = Identity(DEVICE_ID, DEVICE_KEY)
    worn = VirtualWearable(link, tmp_path_factory.mktemp("air") / "state", identity, BoardSettings(utc_s=1_760_100_000))
    await worn.switch_on()
    device, _controller = make_device(link, "gateway", "C0:C1:C2:C3:C4:02")
    await device.power_on()
    uninstall = install(device)
    yield worn
    uninstall()
    await worn.switch_off()
    link.cut_all()


@asynccontextmanager
async def connected() -> AsyncIterator[Connected]:
    """Connect to the wearable; the event tells that the link has ended."""
    device = await BleakScanner.find_device_by_filter(
        lambda _device, heard: (heard.local_name or "").startswith(gatt.ADVERTISED_NAME_PREFIX), timeout=60
    )
    assert device is not None
    gone = asyncio.Event()
    client = BleakClient(device, disconnected_callback=lambda _: gone.set())
    await client.connect()
    try:
        yield client, gone
    finally:
        await client.disconnect()
        await asyncio.wait_for(gone.wait(), LIMIT_S)


async def status_of(gateway: AirGateway) -> tuple[int, int, int]:
    """Return epoch, start and confirmed; the next answer must be the STATUS that was asked for."""
    await gateway.ask(messages.GET_STATUS)
    kind, status = await gateway.next()
    assert kind == messages.STATUS
    return status.epoch, status.start, status.confirmed


async def test_a_bad_frame_gets_one_error_or_silence_and_the_next_good_one_its_answer(
    wearable: VirtualWearable,
) -> None:
    async with connected() as (client, gone):
        gateway = AirGateway(client)
        await gateway.connect()
        before = await status_of(gateway)
        assert await status_of(gateway) == before
        older, newest = gateway.sent[-2:]
        bad_frames: list[tuple[bytes, int | None]] = [
            (newest, None),  # replayed: some hosts deliver twice
            (older, None),  # out of order
            (newest[:6] + bytes([newest[6] ^ 1]) + newest[7:], 4),
            (newest[:12], 1),  # shorter than any frame
            (b"\x00", 1),
            (bytes(range(200)), 4),
        ]
        for frame, code in bad_frames:
            await client.write_gatt_char(gatt.CONTROL_UUID, frame, response=False)
            if code is not None:
                kind, fields = await gateway.next()
                assert (kind, fields.code) == (messages.ERROR, code)
                assert fields.text
            assert await status_of(gateway) == before
        assert gateway.frames.empty()
        assert not gone.is_set()
    assert wearable.boots == 1


async def test_what_cannot_be_read_or_confirmed_is_refused_and_changes_nothing(wearable: VirtualWearable) -> None:
    async with connected() as (client, _gone):
        gateway = AirGateway(client)
        await gateway.connect()
        before = await status_of(gateway)
        epoch, end = gateway.status.epoch, gateway.status.end
        for position, of_epoch, code in ((0, epoch ^ 1, 6), (end + 5000, epoch, 7), (0xFFFFFFFF, epoch, 7)):
            await gateway.ask(messages.READ, epoch=of_epoch, position=position, credits=9)
            kind, refusal = await gateway.next()
            assert (kind, refusal.code) == (messages.ERROR, code)
        await gateway.ask(messages.ACK, epoch=epoch, position=0, confirmed=0xFFFFFFFF)
        kind, refusal = await gateway.next()
        assert (kind, refusal.code) == (messages.ERROR, 7)
        assert await status_of(gateway) == before
    assert wearable.boots == 1


@pytest.mark.parametrize(
    ("frame", "code", "closed"),
    [
        (b"\x63junk", 1, False),
        (b"\x01\x01", 1, False),
        (messages.encode(messages.HELLO, version=9, nonce=bytes(16)), 2, False),
        (messages.encode(messages.AUTH, proof=bytes(16)), 3, True),
        (bytes(60), 1, False),
    ],
    ids=["junk", "half a HELLO", "another version", "AUTH first", "a sealed frame first"],
)
async def test_a_bad_greeting_gets_one_plain_error_and_the_next_gateway_is_served(
    wearable: VirtualWearable, frame: bytes, code: int, closed: bool
) -> None:
    async with connected() as (client, gone):
        stranger = AirGateway(client)
        await stranger.subscribe()
        await client.write_gatt_char(gatt.CONTROL_UUID, frame, response=False)
        kind, fields = messages.decode(await asyncio.wait_for(stranger.frames.get(), LIMIT_S))
        assert (kind, fields.code) == (messages.ERROR, code)
        if closed:
            await asyncio.wait_for(gone.wait(), LIMIT_S)
    async with connected() as (client, _gone):
        gateway = AirGateway(client)
        await gateway.connect()
        await status_of(gateway)
    assert wearable.boots == 1

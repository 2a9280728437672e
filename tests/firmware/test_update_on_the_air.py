"""An update the whole way: PUT over the virtual radio, restart, trial and proof, as gateway and journal see it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from firmware.bundle_maker import SOUND, make, seal
from firmware.update_bundles import FLASHED, NEXT, alerts, app_state, boots, bundle, host_mpy
from paceline_protocol import messages
from paceline_protocol.layout import Fields
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable
from wearable.update.trial import ON_TRIAL, SETTLED

FIRMWARE = 4  # of BLOB_KINDS
REFUSED, BUSY = 9, 8
PIECE, WINDOW = 200, 8
TRIES = 3
LIMIT_S = 120


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    settings = BoardSettings(utc_s=1_750_000_000, speed=20, journal_bytes=16 * 4096)
    worn = VirtualWearable(link, tmp_path / "state", Identity(DEVICE_ID, DEVICE_KEY), settings)
    await worn.switch_on()
    device, _controller = make_device(link, "central 1", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    yield worn
    uninstall()
    await worn.switch_off()


@asynccontextmanager
async def _connected() -> AsyncIterator[AirGateway]:
    async with AsyncExitStack() as stack:
        yield await _entered(stack, TRIES)


async def _entered(stack: AsyncExitStack, tries: int) -> AirGateway:
    """Connect; once more where the link was lost meanwhile, as a gateway does."""
    try:
        return await stack.enter_async_context(_met())
    except BleakError:
        if tries == 1:
            raise
        return await _entered(stack, tries - 1)


@asynccontextmanager
async def _met() -> AsyncIterator[AirGateway]:
    found = await BleakScanner.find_device_by_filter(
        lambda device, _: (device.name or "").startswith("Paceline"), timeout=60
    )
    assert found is not None
    async with BleakClient(found) as client:
        gateway = AirGateway(client)
        await gateway.connect()
        yield gateway


async def _put(gateway: AirGateway, data: bytes, version: int = 7, until: int | None = None) -> Fields:
    """PUT from where the wearable says on, some pieces under way at a time; return the answer that ends it."""
    fields = await _put_piece(gateway, data, version, 0)
    held = fields.offset
    while held < (until or len(data)):
        ahead = held
        for _ in range(WINDOW):
            if ahead < len(data):
                await _send_piece(gateway, data, version, ahead)
                ahead = min(ahead + PIECE, len(data))
        while held < ahead:
            kind, fields = await gateway.next()
            if kind == messages.ERROR:
                return fields
            assert (kind, fields.kind, fields.version) == (messages.PUT_OK, FIRMWARE, version)
            held = fields.offset
    return fields


async def _put_piece(gateway: AirGateway, data: bytes, version: int, offset: int) -> Fields:
    await _send_piece(gateway, data, version, offset)
    _kind, fields = await gateway.next()
    return fields


async def _send_piece(gateway: AirGateway, data: bytes, version: int, offset: int) -> None:
    piece = data[offset : offset + PIECE]
    await gateway.ask(messages.PUT, kind=FIRMWARE, version=version, total=len(data), offset=offset, data=piece)


async def _start(gateway: AirGateway) -> None:
    await gateway.ask(messages.COMMAND, action=messages.START, sport=1, user=0)
    kind, _fields = await gateway.next()
    assert kind == messages.COMMAND_OK


async def test_an_update_arrives_is_tried_and_proves_itself(wearable: VirtualWearable) -> None:
    update = bundle()
    async with _connected() as gateway:
        assert gateway.status.firmware == FLASHED
        assert (await _put(gateway, update)).offset == len(update)
        await wearable.wait_until(lambda: wearable.boots == 3, LIMIT_S)
    async with _connected() as gateway:
        assert gateway.status.firmware == bytes(NEXT)
        assert app_state(wearable) == ON_TRIAL
        await wearable.wait_until(lambda: app_state(wearable) == SETTLED, LIMIT_S)
        assert (await _put_piece(gateway, update, 7, 0)).offset == len(update), "it is known to be applied"
        assert (await _put_piece(gateway, bundle((0, 1, 9)), 8, 0)).offset == PIECE, "the next may come"
    assert not (wearable.state / "stage" / "blobs" / "4.blob").exists()
    assert [version for _, version in boots(wearable)] == [FLASHED, bytes(NEXT)]
    assert alerts(wearable) == []


async def test_cuts_of_link_and_power_cost_a_block_and_the_bundle_arrives_all_the_same(
    wearable: VirtualWearable, link: RadioLink
) -> None:
    update = bundle()
    half = len(update) // 2
    async with _connected() as gateway:
        held = (await _put(gateway, update, until=half)).offset
    async with _connected() as gateway:
        assert (await _put_piece(gateway, update, 7, 0)).offset == held, "a lost link costs nothing"
        held = (await _put(gateway, update, until=half + 20_000)).offset
        wearable.kill()
        await wearable.wait_until(lambda: wearable.boots == 2, LIMIT_S)
    async with _connected() as gateway:
        resumed = (await _put_piece(gateway, update, 7, 0)).offset
        assert held - 4096 - PIECE <= resumed <= held
        assert (await _put(gateway, update)).offset == len(update)
        await wearable.wait_until(lambda: wearable.boots == 4, LIMIT_S)
    async with _connected() as gateway:
        assert gateway.status.firmware == bytes(NEXT)


async def test_never_within_a_workout(wearable: VirtualWearable) -> None:
    update = bundle()
    async with _connected() as gateway:
        await _start(gateway)
        answer = await _put_piece(gateway, update, 7, 0)
        assert (answer.code, answer.text) == (BUSY, "a workout is recorded")
        await gateway.ask(messages.COMMAND, action=messages.STOP, sport=0, user=0)
        assert (await gateway.next())[0] == messages.COMMAND_OK
        assert (await _put(gateway, update)).offset == len(update)
        await _start(gateway)  # within the three seconds until it would restart
        begin = wearable.world.utc_s()
        await wearable.wait_until(lambda: wearable.world.utc_s() > begin + 60, LIMIT_S)
        assert wearable.boots == 1
        await gateway.ask(messages.COMMAND, action=messages.STOP, sport=0, user=0)
        assert (await gateway.next())[0] == messages.COMMAND_OK
        await wearable.wait_until(lambda: wearable.boots == 3, LIMIT_S)
    async with _connected() as gateway:
        assert (gateway.status.firmware, gateway.status.session) == (bytes(NEXT), 2)


async def test_a_bundle_that_is_not_for_it_is_refused_in_one_clear_word(wearable: VirtualWearable) -> None:
    async with _connected() as gateway:
        for number, (update, text) in enumerate(
            (
                (seal(make(SOUND)[:-32], bytes(32)), "not made for this device, or damaged"),
                (make(SOUND, mpy=host_mpy(), firmware=b"\0\0\x09"), "older than what runs"),
                (make(SOUND, mpy=0x2B06), "made for another board or interpreter"),
            )
        ):
            answer = await _put(gateway, update, 20 + number)
            assert (answer.code, answer.text) == (REFUSED, text)
        answer = await _put_piece(gateway, bytes(600_000), 30, 0)
        assert answer.code == REFUSED and "too large" in answer.text
        await asyncio.sleep(1)
        assert wearable.boots == 1
        await gateway.ask(messages.GET_STATUS)
        assert (await gateway.next())[1].firmware == FLASHED
    assert alerts(wearable) == [("update refused", 2), ("update refused", 4), ("update refused", 3)]
    assert not list((wearable.state / "stage" / "blobs").glob("4.*"))


async def test_safe_mode_takes_the_firmware_that_mends_it(wearable: VirtualWearable) -> None:
    (wearable.state / "stage" / "wearable" / "sensors.py").write_text("raise RuntimeError('a bad build')\n")
    wearable.kill()
    await wearable.wait_until(lambda: wearable.boots == 5, 30)  # three lives were short
    update = bundle()
    async with _connected() as gateway:
        assert (await _put(gateway, update)).offset == len(update)
        await wearable.wait_until(lambda: wearable.boots == 7, LIMIT_S)
    async with _connected() as gateway:
        assert gateway.status.firmware == bytes(NEXT)
        await _start(gateway)
    assert alerts(wearable) == [("safe mode", 0)]

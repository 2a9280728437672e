"""The real firmware and the real gateway on a paced radio: the link cut at each frame, and a radio without room."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from bluez.recorded_pages import recorded_pages
from paceline_gateway.actions import Instant
from paceline_gateway.crypto import aes_ecb
from paceline_gateway.errors import RadioError
from paceline_gateway.progress import Progress
from paceline_gateway.pull import Pull
from paceline_gateway.radio.connection import connect
from paceline_gateway.radio.scanner import Scanner, Sighting
from paceline_gateway.spool import Spool
from paceline_gateway.sync import Syncer
from paceline_protocol.alias import recognise
from paceline_protocol.page import PAGE_SIZE
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED, Pacing
from paceline_tools.virtual.provision import provision
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

IDENTITY = Identity(bytes(range(1, 9)), bytes(range(32)))
EPOCH = 0x51A1
FLASH_PAGES = 64
LIMIT_S = 60


@pytest.fixture
async def air() -> AsyncIterator[RadioLink]:
    link = RadioLink(UNPACED)
    device, _controller = make_device(link, "gateway", "C0:00:00:00:00:99")
    await device.power_on()
    uninstall = install(device)
    yield link
    uninstall()
    link.cut_all()


async def worn(link: RadioLink, state: Path, pages: int) -> VirtualWearable:
    """A wearable in the firmware's own process that has recorded so many pages before."""
    settings = BoardSettings(utc_s=int(time.time()), journal_bytes=FLASH_PAGES * PAGE_SIZE)
    wearable = VirtualWearable(link, state, IDENTITY, settings)
    await asyncio.to_thread(provision, state, IDENTITY, settings.journal_bytes)
    with wearable.flash_path.open("r+b") as flash:
        flash.write(recorded_pages(IDENTITY.device_key, EPOCH, pages))
    await wearable.switch_on()
    return wearable


async def met() -> Sighting:
    """The wearable, as the gateway's scanner sees it."""
    seen: asyncio.Future[Sighting] = asyncio.get_running_loop().create_future()
    scanner = Scanner(lambda sighting: None if seen.done() else seen.set_result(sighting))
    await scanner.start()
    try:
        return await asyncio.wait_for(seen, LIMIT_S)
    finally:
        await scanner.stop()


async def pulled(sighting: Sighting, spool: Spool, subscribed: Callable[[], None] = lambda: None) -> Pull:
    """One connection from the first frame to the last, with all that the gateway does in it."""
    connection = await connect(sighting, limit_s=5)
    try:
        await connection.alias()
        known = {IDENTITY.device_id: IDENTITY.device_key}
        pull = Pull(os.urandom(16), lambda alias: recognise(alias, known), aes_ecb)
        await connection.subscribe()
        subscribed()
        syncer = Syncer(
            connection,
            pull=pull,
            spool=spool,
            clock=lambda: Instant(time.monotonic(), time.time_ns() // 1_000_000),
            progress=Progress("Test", lambda _line: None),
            on_durable=lambda _device_id: None,
        )
        async with asyncio.timeout(LIMIT_S):
            await syncer.run(lambda: True)
        return pull
    finally:
        await connection.close()


def held(spool: Spool) -> bytes:
    return b"".join(journal.path.read_bytes() for journal in spool.device(IDENTITY.device_id).journals())


async def test_a_sync_of_the_firmware_cut_at_each_frame_goes_on_where_it_was(air: RadioLink, tmp_path: Path) -> None:
    wearable = await worn(air, tmp_path / "state", 2)
    counted: list[int] = []
    try:
        sighting = await met()
        spool = Spool(tmp_path / "whole")
        before = air.faults.frames
        await pulled(sighting, spool, lambda: counted.append(air.faults.frames))
        connecting, frames = counted[0] - before, air.faults.frames - counted[0] - 1  # the last is of the disconnection
        whole = held(spool)
        spool.close()
        assert len(whole) > PAGE_SIZE and wearable.flash_path.read_bytes().startswith(whole)
        assert frames > 15
        for number in range(frames):
            cut = partial(air.faults.cut_after, number)
            assert await whole_in_two(sighting, tmp_path / f"sync {number}", subscribed=cut) == whole
            assert air.faults.cuts == number + 1
        for number in range(0, connecting, 4):
            air.faults.cut_after(number)
            assert await whole_in_two(sighting, tmp_path / f"connecting {number}") == whole
        assert wearable.boots == 1
    finally:
        await wearable.switch_off()


async def whole_in_two(sighting: Sighting, folder: Path, subscribed: Callable[[], None] = lambda: None) -> bytes:
    """Pull into a new spool over a connection that is cut, and once more; return what it holds at the end."""
    spool = Spool(folder)
    try:
        with suppress(RadioError):  # the radio's own retries may have made good for it
            await pulled(sighting, spool, subscribed)
        await pulled(sighting, spool)
        return held(spool)
    finally:
        spool.close()


async def test_a_radio_without_room_slows_the_firmware_down_and_costs_nothing(air: RadioLink, tmp_path: Path) -> None:
    """gatts_notify answers ENOMEM while the radio's buffers are full, as NimBLE does; the same frame is sent again."""
    air.pacing = Pacing(0.015, 2)
    wearable = await worn(air, tmp_path / "state", 16)
    spool = Spool(tmp_path / "spool")
    try:
        pull = await pulled(await met(), spool)
        peripheral = wearable.peripheral
        assert peripheral is not None and peripheral.refused > 20
        assert (pull.lost, pull.link.replayed, pull.link.rejected) == (0, 0, 0)
        whole = held(spool)
        assert len(whole) > 15 * PAGE_SIZE and wearable.flash_path.read_bytes().startswith(whole)
    finally:
        spool.close()
        await wearable.switch_off()

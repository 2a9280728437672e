"""A runner's wearable on the air, the real firmware, with a gateway that has proved itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from bleak import BleakClient, BleakScanner
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from paceline_protocol import gatt, messages
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.track import ROW, pack_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

BOOT_UTC_S = 1_750_000_000
TRACK_UTC_S = BOOT_UTC_S - 600
PATIENCE_S = 180
SPEED_CM_S, CADENCE_SPM, HEART_RATE_BPM = 300, 164, 140
LATITUDE_E7, LONGITUDE_E7, NORTH_E7, EAST_E7 = -335_000_000, 1_511_000_000, 190, -230
"""Where the run begins, and how far it goes each second."""


@asynccontextmanager
async def runner(link: RadioLink, folder: Path, outdoors: bool = True) -> AsyncIterator[VirtualWearable]:
    """A runner at 3 m/s towards the north-west, already under way at boot; indoors the receiver knows nothing."""
    second = np.arange(7200)
    track = np.zeros(len(second), ROW)
    track["second"], track["fix"], track["speed_mm_s"] = second, 3, SPEED_CM_S * 10
    track["latitude_e7"] = LATITUDE_E7 + second * NORTH_E7
    track["longitude_e7"] = LONGITUDE_E7 + second * EAST_E7
    track["altitude_mm"], track["heart_rate_bpm"], track["cadence_spm"] = 45_000, HEART_RATE_BPM, CADENCE_SPM
    path = folder / "run.track"
    path.write_bytes(pack_track(track))
    settings = BoardSettings(
        utc_s=BOOT_UTC_S, speed=20, journal_bytes=16 * 4096, track=TrackInput(path, TRACK_UTC_S) if outdoors else None
    )
    worn = VirtualWearable(link, folder / "state", Identity(DEVICE_ID, DEVICE_KEY), settings)
    await worn.switch_on()
    try:
        yield worn
    finally:
        await worn.switch_off()


@asynccontextmanager
async def home_gateway(link: RadioLink) -> AsyncIterator[AirGateway]:
    """Find the wearable, connect and shake hands."""
    device, controller = make_device(link, "gateway", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    try:
        found = await BleakScanner.find_device_by_filter(
            lambda _, data: gatt.SERVICE_UUID in data.service_uuids, timeout=PATIENCE_S
        )
        assert found is not None
        async with BleakClient(found) as client:
            connected = AirGateway(client)
            await connected.connect()
            yield connected
    finally:
        uninstall()
        link.leave(controller)


async def start_workout(gateway: AirGateway, sport: int = 1) -> None:
    """Begin a workout by command."""
    await gateway.ask(messages.COMMAND, action=messages.START, sport=sport, user=0)
    kind, _fields = await gateway.next()
    assert kind == messages.COMMAND_OK


async def pass_s(wearable: VirtualWearable, seconds: float) -> None:
    """Let seconds of the wearable's time pass."""
    until_utc_s = wearable.world.utc_s() + seconds
    await wearable.wait_until(lambda: wearable.world.utc_s() >= until_utc_s, PATIENCE_S)


async def within_s(wearable: VirtualWearable, event: asyncio.Event, seconds: float) -> bool:
    """Return whether an event comes within seconds of the wearable's time."""
    waiting = asyncio.create_task(event.wait())
    try:
        until_utc_s = wearable.world.utc_s() + seconds
        while not event.is_set() and wearable.world.utc_s() < until_utc_s:
            await asyncio.wait((waiting,), timeout=0.05)
        return event.is_set()
    finally:
        waiting.cancel()

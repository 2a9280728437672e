"""A swim and a strength workout on the virtual board: accelerometer → FIFO → recorder → journal → server's reading.

The board's arm swings once in each "step" of its track, so that the track's cadence is the rhythm of strokes or
repetitions here, and none is a glide or a rest.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from bleak import BleakClient, BleakScanner
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from paceline_protocol import messages
from paceline_protocol.code_tables import SPORTS
from paceline_protocol.page import PAGE_SIZE, journal_key
from paceline_server.analysis.metrics import measure
from paceline_server.formats.journal import JournalFollower
from paceline_server.formats.journal_session import RowDecoder, Session, session_recording
from paceline_server.formats.recording import Recording
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import stage
from paceline_tools.track import ROW, pack_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

UTC_S = 1_750_000_000
SPEED = 30
FAST = 150  # while nothing is said over the air


@asynccontextmanager
async def _worn(link: RadioLink, folder: Path, rhythm: list[int]) -> AsyncIterator[tuple[VirtualWearable, AirGateway]]:
    """Wear a board whose arm swings at these rates, second by second; with a gateway that may command it."""
    rows = np.zeros(len(rhythm), ROW)
    rows["second"] = np.arange(len(rhythm))
    rows["cadence_spm"], rows["heart_rate_bpm"] = rhythm, 120
    state = folder / "state"
    stage(state / "stage")
    track = folder / "arm.track"
    track.write_bytes(pack_track(rows))
    settings = BoardSettings(utc_s=UTC_S, speed=SPEED, journal_bytes=16 * PAGE_SIZE, track=TrackInput(track, UTC_S))
    device, _ = make_device(link, "central 1", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    wearable = VirtualWearable(link, state, Identity(DEVICE_ID, DEVICE_KEY), settings)
    await wearable.switch_on()
    try:
        found = await BleakScanner.find_device_by_name("Paceline-0708", timeout=10)
        assert found is not None
        async with BleakClient(found) as client:
            gateway = AirGateway(client)
            await gateway.connect()
            yield wearable, gateway
    finally:
        await wearable.switch_off()
        uninstall()


async def _command(gateway: AirGateway, action: int, sport: int = 0) -> None:
    await gateway.ask(messages.COMMAND, action=action, sport=sport, user=0)
    kind, fields = await gateway.next()
    assert kind == messages.COMMAND_OK, fields


async def _until(wearable: VirtualWearable, second: int) -> None:
    await wearable.wait_until(lambda: wearable.world.utc_s() >= UTC_S + second, 60)


def _read(wearable: VirtualWearable) -> tuple[Session, Recording]:
    journal = wearable.flash_path.read_bytes()
    epoch = int.from_bytes(journal[4:8], "little")
    follower = JournalFollower(journal_key(DEVICE_KEY), epoch, first_page=0, resume_position=0, journal_start=0)
    follower.feed(journal[:PAGE_SIZE])
    (session,) = follower.read().sessions
    recording, receipt = session_recording(session, RowDecoder(), source="test", received_utc_s=UTC_S)
    assert receipt.whole and not session.damage
    return session, recording


async def test_a_swim_of_eight_lengths(link: RadioLink, tmp_path: Path) -> None:
    lane = [34] * 26 + [0] * 5
    async with _worn(link, tmp_path, [0] * 60 + lane * 4 + [0] * 30 + lane * 4 + [0] * 300) as (wearable, gateway):
        await _until(wearable, 20)
        await _command(gateway, messages.START, SPORTS.index("swimming"))
        wearable.set_speed(FAST)
        await _until(wearable, 350)
        wearable.set_speed(SPEED)
        await _until(wearable, 380)
        await _command(gateway, messages.STOP)
    session, recording = _read(wearable)
    assert len(recording.lengths) == 8
    assert all(abs(length.strokes - 15) <= 3 for length in recording.lengths)
    assert session.totals is not None and session.totals.distance_m == 200
    metrics = measure(recording)
    assert metrics.distance_m == 200 and abs(metrics.moving_time_s - 8 * 30) <= 25
    assert session.totals.kilocalories > 0
    assert 30 <= np.max(recording.columns["cadence_spm"]) <= 38


async def test_two_sets_with_a_rest(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, [0] * 70 + [24] * 30 + [0] * 60 + [24] * 25 + [0] * 400) as (wearable, gateway):
        await _until(wearable, 20)
        await _command(gateway, messages.START, SPORTS.index("strength"))
        await _until(wearable, 106)
        await _command(gateway, messages.MARK_LAP)
        await wearable.press("lap", at_utc_s=UTC_S + 155)  # five seconds are too few for who comes over the air
        await _until(wearable, 192)
        await _command(gateway, messages.STOP)
    session, recording = _read(wearable)
    assert len(recording.sets) == 2 and not recording.laps
    assert [abs(one.repetitions - wanted) <= 1 for one, wanted in zip(recording.sets, (12, 10), strict=True)] == [
        True
    ] * 2
    rest_s = recording.sets[1].start_s - recording.sets[0].end_s
    assert 40 <= rest_s <= 60
    assert session.totals is not None
    assert abs(session.totals.moving_s - measure(recording).moving_time_s) <= 2
